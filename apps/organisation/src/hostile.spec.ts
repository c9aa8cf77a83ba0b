import { describeOperations } from '@stoettesystemer/testing';
import { besiegedOrganisation } from './spec/besieged-organisation';

describeOperations('Organisation', {
  ...besiegedOrganisation,
  requests: Number(process.env['REQUESTS'] ?? 10),
});
