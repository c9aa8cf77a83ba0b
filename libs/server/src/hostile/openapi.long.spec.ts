import { describeOperations } from '@stoettesystemer/testing';
import { madeUpSiege } from './spec/made-up-siege';

jest.setTimeout(1_800_000);

// Some 190,000 requests: more than twenty minutes' worth.
describeOperations('the made-up types', {
  ...madeUpSiege,
  requests: Number(process.env['REQUESTS'] ?? 2000),
});
