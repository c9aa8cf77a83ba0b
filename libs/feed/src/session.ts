import { limits, ROLES } from '@stoettesystemer/postgres';
import { pace } from './pace';

const keepAlive = pace.sequencer.serverKeepAlive;

/**
 * How a connection of our own is set up, that holds a lock of the database: it works in the role `stoette_feed`, and
 * after so many milliseconds of silence PostgreSQL ends it, lock and all.
 *
 * Without synchronous_commit a crash could give a position that was already read to another event. An outbox is empty
 * whenever PostgreSQL looks how large it is, so left to itself it plans to read the whole of it, and keeps to that plan
 * when a bulk import has filled it.
 */
export const sessionOf = (silence: number): string => `
  select set_config('role', '${ROLES.feed}', false),
         set_config('statement_timeout', '${limits.session.statementTimeout}', false),
         set_config('lock_timeout', '${limits.session.lockTimeout}', false),
         set_config('enable_seqscan', 'off', false), set_config('enable_bitmapscan', 'off', false),
         set_config('jit', 'off', false),
         set_config('idle_session_timeout', '${silence}', false),
         set_config('tcp_keepalives_idle', '${keepAlive.idle}', false),
         set_config('tcp_keepalives_interval', '${keepAlive.interval}', false),
         set_config('tcp_keepalives_count', '${keepAlive.count}', false),
         case when current_setting('synchronous_commit') = 'off' then set_config('synchronous_commit', 'on', false) end`;
