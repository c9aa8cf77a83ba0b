import { CallFailed } from './call-failed';
import type { ReceiverCalls } from './receiver-calls';

/** What a receiver said to being sent messages; null when it said nothing. */
export interface Consent {
  readonly isAllowed: boolean | null;
  /** A word for why not. */
  readonly reason: string | null;
}

const SECOND = 1000;
const HOUR = 60 * 60 * SECOND;
/** Milliseconds: soon while its owner may be at it just now, and then once an hour for as long as it is registered. */
export const HANDSHAKE = { first: 5 * SECOND, factor: 3, longest: HOUR, jitter: 0.2 } as const;

/** Milliseconds until a receiver is asked again after so many times. */
export const delayAfter = (attempts: number, random: () => number = Math.random): number =>
  Math.min(HANDSHAKE.first * HANDSHAKE.factor ** Math.min(attempts - 1, 20), HANDSHAKE.longest) *
  (1 + HANDSHAKE.jitter * (2 * random() - 1));

/**
 * Asks a receiver whether it wants messages from us, as CloudEvents has it (HTTP 1.1 Web Hooks, abuse protection): OPTIONS
 * with our name, answered with that name or `*`.
 * @param origin the DNS name that we go by
 */
export async function askReceiver(
  calls: ReceiverCalls,
  receiver: string,
  origin: string,
  signal: AbortSignal,
): Promise<Consent | null> {
  try {
    const headers = { 'webhook-request-origin': origin };
    const { status, headers: given } = await calls.call(receiver, { method: 'OPTIONS', headers }, signal);
    if (status < 200 || status >= 300) return { isAllowed: false, reason: `http_${status}` };
    const allowed = given['webhook-allowed-origin'];
    const names = `${allowed === undefined ? '' : String(allowed)}`
      .split(',')
      .map((name) => name.trim().toLowerCase());
    return names.includes('*') || names.includes(origin.toLowerCase())
      ? { isAllowed: true, reason: null }
      : { isAllowed: false, reason: 'intet_tilsagn' };
  } catch (cause) {
    if (!(cause instanceof CallFailed)) throw cause;
    return cause.failure === 'afbrudt' ? null : { isAllowed: null, reason: cause.failure };
  }
}
