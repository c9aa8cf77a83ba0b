import { Pool } from 'pg';
import { limits } from './limits';

export interface PoolOptions {
  /** Connections at most. */
  readonly size?: number;
  /** The role that every session takes on, `stoette_app` for all that answers requests. Without it: the login's own. */
  readonly role?: string;
  /** Milliseconds a statement may take, 0 for as long as it needs (migrations, bulk). */
  readonly statementTimeout?: number;
}

/** A pool whose sessions all begin with the same settings, whatever the server or the login has as its own. */
export function poolFor(
  url: string,
  { size = limits.pool.size, role, statementTimeout = limits.session.statementTimeout }: PoolOptions = {},
): Pool {
  const address = new URL(url);
  const given = address.searchParams.get('options');
  address.searchParams.delete('options');
  const settings: Record<string, string | number> = {
    TimeZone: 'UTC',
    DateStyle: 'ISO,YMD',
    default_transaction_isolation: 'read committed',
    // Planning a read takes three times as long as doing it, and with good statistics PostgreSQL would plan each one
    // anew. A plan made while its tables are empty and look cheap to scan stays when they have grown; everything asked
    // here has an index.
    plan_cache_mode: 'force_generic_plan',
    enable_seqscan: 'off',
    lock_timeout: limits.session.lockTimeout,
    statement_timeout: statementTimeout,
    idle_in_transaction_session_timeout: limits.session.idleInTransactionTimeout,
    ...(role ? { role } : {}),
  };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${escape(`${value}`)}`);
  const pool = new Pool({
    connectionString: address.href,
    options: [given, ...options].filter(Boolean).join(' '),
    application_name: 'stoettesystemer',
    max: size,
    connectionTimeoutMillis: limits.pool.connectTimeout,
    idleTimeoutMillis: limits.pool.idleTimeout,
    keepAlive: true,
    keepAliveInitialDelayMillis: limits.pool.keepAliveDelay,
    // A connection that dies between two statements has nobody to tell, and Node ends a process over an unheard
    // error. Whoever uses the connection next gets the error, and the pool replaces it. Among the options, so that it
    // also holds for a pool that somebody else makes of them, from its first connection on.
    onConnect: (client) => void client.on('error', () => undefined),
    ...(statementTimeout > 0 ? { query_timeout: statementTimeout + limits.session.networkGrace } : {}),
  });
  pool.on('error', () => undefined);
  return pool;
}

/** In the startup packet's options a space ends a value. */
const escape = (value: string): string => value.replaceAll(/[\\ ]/g, '\\$&');
