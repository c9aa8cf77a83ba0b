import { describeOperations } from '@stoettesystemer/testing';
import { besiegedAccessControl } from './spec/besieged-access-control';

describeOperations('Adgangsstyring', {
  ...besiegedAccessControl,
  requests: Number(process.env['REQUESTS'] ?? 4),
});
