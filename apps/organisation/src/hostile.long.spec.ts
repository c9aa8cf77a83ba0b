import { describeOperations } from '@stoettesystemer/testing';
import { besiegedOrganisation } from './spec/besieged-organisation';

jest.setTimeout(1_800_000);

describeOperations('Organisation', {
  ...besiegedOrganisation,
  requests: Number(process.env['REQUESTS'] ?? 500),
});
