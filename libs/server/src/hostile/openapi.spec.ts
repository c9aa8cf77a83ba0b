import { describeOperations } from '@stoettesystemer/testing';
import { madeUpSiege } from './spec/made-up-siege';

describeOperations('the made-up types', {
  ...madeUpSiege,
  requests: Number(process.env['REQUESTS'] ?? 15),
});
