import { hasRabbitMq } from '@stoettesystemer/testing';
import type { Fault } from './spec/faults';
import { expectWhole } from './spec/expect-whole';

/** Mixed, so that each meets what the others have left behind. */
const FAULTS: readonly Fault[] = [
  'one',
  'postgres',
  'other',
  'broker',
  'both',
  'one',
  'wiped broker',
  'postgres',
  'both',
];

(hasRabbitMq() ? test : test.skip)(
  'T70, T84: 60 s of load, kill -9 of the distributors, PostgreSQL and RabbitMQ, webhooks that fail: nothing is lost',
  () => expectWhole({ seconds: 60, faults: FAULTS, isSilent: true }),
  600_000,
);
