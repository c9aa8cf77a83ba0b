import type { LoggerService } from '@nestjs/common';
import { codeOf } from '@stoettesystemer/postgres';
import pino, { destination, type DestinationStream, type Logger } from 'pino';
import { maskPersonNumbers } from './person-number';
import { presentTime } from './present-time';

export type { Logger } from 'pino';

/**
 * What is told of an error. PostgreSQL quotes values in its messages and details, so of its errors only the code and
 * the names of what was touched are kept.
 */
function describe(cause: unknown): Record<string, unknown> {
  if (!(cause instanceof Error)) return { message: String(cause) };
  const code = codeOf(cause);
  if (code !== '') {
    const { constraint, table, routine } = cause as { constraint?: string; table?: string; routine?: string };
    return { sqlstate: code, constraint, table, routine, stack: framesOf(cause) };
  }
  const reason = cause.cause instanceof Error ? describe(cause.cause) : cause.cause;
  return { name: cause.name, message: cause.message, stack: framesOf(cause), reason };
}

const framesOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');

/** Lines wait for each other: a write for each would cost more than the request that it tells of. */
const BUFFER = { bytes: 8 * 1024, flush: 200 };

function standardOut(): DestinationStream {
  const out = destination({ fd: 1, sync: false, minLength: BUFFER.bytes, periodicFlush: BUFFER.flush });
  process.on('exit', () => {
    try {
      out.flushSync();
    } catch {
      // Nobody reads any more, and there is nowhere left to say so.
    }
  });
  return out;
}

/** A log of JSON lines: CR and LF cannot end a line early, and no line leaves with a CPR number in it (O4). */
export function openLog(level: string, out: DestinationStream = standardOut()): Logger {
  const masked: DestinationStream = { write: (line) => out.write(maskPersonNumbers(line)) };
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describe },
      redact: [
        'authorization',
        'dpop',
        'cookie',
        'cpr',
        'body',
        'headers',
        '*.authorization',
        '*.dpop',
        '*.cookie',
        '*.body',
      ],
    },
    masked,
  );
  outs.set(log, out);
  return log;
}

const outs = new WeakMap<Logger, DestinationStream>();

/** What is said of a request, and nothing else (O4). */
export interface RequestLine {
  readonly method: string;
  /** Its template, which has no values. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  /** A UUID. */
  readonly transaction: string;
  readonly caller: { readonly system: string; readonly owner: string } | null;
}

/**
 * Writes the lines of requests into the log. There are as many as requests, so they are put together here, as pino would:
 * nothing that a client wrote is in them, but names of routes and identifiers that were checked, and nothing has to be
 * looked for that must not leave.
 */
export function requestLog(log: Logger): (level: 'info' | 'debug', line: RequestLine) => void {
  const out = outs.get(log)!;
  const { values } = log.levels;
  return (level, { method, route, status, ms, transaction, caller }) => {
    if (!log.isLevelEnabled(level)) return;
    const who = caller ? `,"client_id":${JSON.stringify(caller.system)},"cvr":"${caller.owner}"` : '';
    out.write(
      `{"level":${values[level]},"time":"${presentTime()}","method":"${method}","route":"${route}",` +
        `"status":${status},"ms":${ms},"transaktionsid":"${transaction}"${who}}\n`,
    );
  };
}

/** Nest's own messages, in the same log. */
export const nestLog = (log: Logger): LoggerService => ({
  log: (message: unknown, context?: unknown) => log.debug({ context }, String(message)),
  warn: (message: unknown, context?: unknown) => log.warn({ context }, String(message)),
  error: (message: unknown) => log.error({ err: message }, 'nest'),
  debug: (message: unknown, context?: unknown) => log.debug({ context }, String(message)),
  verbose: (message: unknown, context?: unknown) => log.trace({ context }, String(message)),
});
