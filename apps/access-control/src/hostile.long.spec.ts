import { describeOperations } from '@stoettesystemer/testing';
import { besiegedAccessControl } from './spec/besieged-access-control';

jest.setTimeout(1_800_000);

describeOperations('Adgangsstyring', {
  ...besiegedAccessControl,
  requests: Number(process.env['REQUESTS'] ?? 500),
});
