import { describeOperations } from '@stoettesystemer/testing';
import { besiegedClassification } from './spec/besieged-classification';

jest.setTimeout(1_800_000);

describeOperations('Klassifikation', {
  ...besiegedClassification,
  requests: Number(process.env['REQUESTS'] ?? 500),
});
