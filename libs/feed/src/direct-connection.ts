import { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { codeOf, limits } from '@stoettesystemer/postgres';
import { Client } from 'pg';
import { pace } from './pace';

/** As pino has it. */
export interface Log {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
}

export interface DirectConnection {
  /** Address of the database itself: a pooler that hands out sessions by the transaction breaks locks and LISTEN. */
  readonly url: string;
  /** Shown in pg_stat_activity and in the log. */
  readonly name: string;
  /** How long an answer may take before the connection counts as dead. */
  readonly answer: number;
  readonly log: Log;
}

/** Waits; an abort ends the wait early and is no error. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  setTimeout(ms, undefined, { signal }).catch(() => undefined);

/**
 * Keeps one connection outside the pool until `signal` aborts: runs `work` on it, and when it is lost or `work` fails,
 * again on a new one. `work` gets a signal that aborts when the connection is lost or is to be given up.
 * Never rejects, so that a database that is away cannot end the process.
 */
export async function keepConnected(
  { url, name, answer, log }: DirectConnection,
  signal: AbortSignal,
  work: (client: Client, over: AbortSignal) => Promise<void>,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    const began = performance.now();
    const socket = new Socket();
    const client = new Client({
      connectionString: url,
      application_name: `stoettesystemer ${name}`,
      connectionTimeoutMillis: limits.pool.connectTimeout,
      query_timeout: answer,
      keepAlive: true,
      keepAliveInitialDelayMillis: limits.pool.keepAliveDelay,
      stream: () => socket,
    });
    const over = new AbortController();
    const gone = new AbortController();
    const end = (): void => over.abort();
    let loss: unknown;
    client.on('end', end).on('error', (cause) => {
      loss = cause;
      end();
    });
    signal.addEventListener('abort', end, { once: true });
    try {
      await client.connect();
      if (!signal.aborted) await work(client, over.signal);
    } catch (cause) {
      loss ??= cause;
    } finally {
      signal.removeEventListener('abort', end);
      await Promise.race([client.end().catch(() => undefined), pause(pace.connection.farewell, gone.signal)]);
      gone.abort();
      socket.destroy();
    }
    if (signal.aborted) return;
    // An error's text may repeat values (O4); its code says enough.
    log.warn({ connection: name, code: codeOf(loss) || nameOf(loss) }, 'feed: connection lost');
    if (performance.now() - began > pace.connection.healthy) failures = 0;
    const most = Math.min(pace.connection.firstRetry * 2 ** failures, pace.connection.lastRetry);
    await pause(most * (0.5 + Math.random() / 2), signal);
  }
}

/** Node's code, or the class of the error; nothing when the connection ended without one. */
const nameOf = (cause: unknown): string => {
  const { code, name } = (cause ?? {}) as { code?: string; name?: string };
  return code ?? name ?? '';
};
