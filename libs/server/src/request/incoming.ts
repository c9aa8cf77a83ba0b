import { randomUUID } from 'node:crypto';
import { isUuid, malformed, parseInstant } from '@stoettesystemer/object';
import type { FastifyRequest } from 'fastify';
import { presentTime } from '../present-time';

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
/** @param uuid a random one: they are drawn many at a time; random bytes cost a call to the system each. */
const traceparentOf = (uuid: string): string => {
  const trace = uuid.replaceAll('-', '');
  return `00-${trace}-${trace.slice(16)}-01`;
};

/** Where a request carries what was read of it; a map beside it would cost more than the reading. */
const INCOMING = Symbol('incoming');
interface Known {
  [INCOMING]?: Incoming;
}

/** One header, or nothing where it stands twice: Node joins those with a comma, which no value of ours has. */
export const header = ({ headers }: Pick<FastifyRequest, 'headers'>, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
};

/** Made once a request; headers that cannot be used are replaced here and refused by `checkIncoming`. */
export function incomingOf(request: FastifyRequest): Incoming {
  const raw = request.raw as Known;
  if (raw[INCOMING]) return raw[INCOMING];
  const given = header(request, 'x-transaktionsid');
  const time = header(request, 'x-transaktionstid');
  const traceparent = header(request, 'traceparent');
  const own = randomUUID();
  const incoming: Incoming = {
    transaction: isUuid(given) ? given.toLowerCase() : own,
    time: time !== undefined && parseInstant(time) !== null ? time : presentTime(),
    // A trace that cannot be read is begun anew: W3C asks for that, and tracing must never cost an answer.
    traceparent:
      traceparent !== undefined && TRACEPARENT.test(traceparent) ? traceparent : traceparentOf(own),
    started: performance.now(),
  };
  raw[INCOMING] = incoming;
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

/** The headers by which every answer tells what it answers. */
export const echoOf = ({ transaction, time, traceparent }: Incoming): Record<string, string> => ({
  'x-TransaktionsId': transaction,
  'x-TransaktionsTid': time,
  traceparent,
});
