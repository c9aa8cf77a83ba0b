import { describeOperations } from '../../../testing/src/hostile';
import { madeUpSiege } from './spec/made-up-siege';

describeOperations('the made-up types', {
  ...madeUpSiege,
  requests: Number(process.env['REQUESTS'] ?? 15),
});
