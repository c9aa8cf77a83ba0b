import { hasRabbitMq } from '@stoettesystemer/testing';
import { expectWhole } from './spec/expect-whole';

(hasRabbitMq() ? test : test.skip)(
  'kill -9 of the distributors, PostgreSQL and RabbitMQ under load: each receiver gets all that it may, in order',
  () => expectWhole({ seconds: 8, faults: ['one', 'postgres', 'wiped broker', 'both'], isSilent: false }),
  300_000,
);
