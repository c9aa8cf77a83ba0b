import { describeOperations } from '@stoettesystemer/testing';
import { besiegedClassification } from './spec/besieged-classification';

describeOperations('Klassifikation', {
  ...besiegedClassification,
  requests: Number(process.env['REQUESTS'] ?? 10),
});
