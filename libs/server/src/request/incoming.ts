import { randomUUID } from 'node:crypto';
import { formatInstant, isUuid, malformed, now, parseInstant } from '@stoettesystemer/object';
import type { FastifyRequest } from 'fastify';

/** What a request says of itself, beside what it asks for (contract §10). */
export interface Incoming {
  /** x-TransaktionsId, lower case. */
  readonly transaction: string;
  /** x-TransaktionsTid. */
  readonly time: string;
  readonly traceparent: string;
  /** Milliseconds of a clock that only rises. */
  readonly started: number;
}

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
/** Random UUIDs are drawn many at a time; random bytes cost a call to the system each. */
const newTraceparent = (): string => {
  const digits = () => randomUUID().replaceAll('-', '');
  return `00-${digits()}-${digits().slice(0, 16)}-01`;
};

const known = new WeakMap<object, Incoming>();

/** One header, or nothing where it stands twice: Node joins those with a comma, which no value of ours has. */
export const header = ({ headers }: Pick<FastifyRequest, 'headers'>, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
};

/** Made once a request; headers that cannot be used are replaced here and refused by `checkIncoming`. */
export function incomingOf(request: FastifyRequest): Incoming {
  const found = known.get(request.raw);
  if (found) return found;
  const transaction = header(request, 'x-transaktionsid');
  const time = header(request, 'x-transaktionstid');
  const traceparent = header(request, 'traceparent');
  const incoming: Incoming = {
    transaction: isUuid(transaction) ? transaction.toLowerCase() : randomUUID(),
    time: time !== undefined && parseInstant(time) !== null ? time : formatInstant(now()),
    // A trace that cannot be read is begun anew: W3C asks for that, and tracing must never cost an answer.
    traceparent: traceparent !== undefined && TRACEPARENT.test(traceparent) ? traceparent : newTraceparent(),
    started: performance.now(),
  };
  known.set(request.raw, incoming);
  return incoming;
}

/** @throws Refusal 400 for a transaction header that cannot be read. */
export function checkIncoming(request: FastifyRequest): void {
  const transaction = header(request, 'x-transaktionsid');
  if (transaction !== undefined && !isUuid(transaction))
    throw malformed('transaktionsid', '', 'x-TransaktionsId skal være en UUID.');
  const time = header(request, 'x-transaktionstid');
  if (time !== undefined && parseInstant(time) === null)
    throw malformed('transaktionstid', '', 'x-TransaktionsTid skal være et tidspunkt med tidszone.');
}

/** The headers that every answer has. */
export const echoOf = ({ transaction, time, traceparent }: Incoming): Record<string, string> => ({
  'x-TransaktionsId': transaction,
  'x-TransaktionsTid': time,
  traceparent,
});
