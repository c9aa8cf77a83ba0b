import type { Migration } from '@stoettesystemer/engine';
import { Messages1300000000001 } from './0001-messages';
import { Deliveries1300000000002 } from './0002-deliveries';
import { Queues1300000000003 } from './0003-queues';
import { Push1300000000004 } from './0004-push';

/** Messages, and what becomes of them: no registrations, so tables of their own. */
export const messageDistributionMigrations: readonly Migration[] = [
  Messages1300000000001,
  Deliveries1300000000002,
  Queues1300000000003,
  Push1300000000004,
];
