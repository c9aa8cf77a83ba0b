const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Milliseconds before each attempt, the first at once: some three days in all (C16). After the last it is dead. */
export const DELAYS: readonly number[] = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];
/** Of a delay, either way: so that what failed together is not tried together. */
export const JITTER = 0.2;
/** The longest that a receiver can put us off; what it says beyond that is taken as this. */
export const LONGEST_PUT_OFF = HOUR;

/**
 * Milliseconds until the next attempt after so many that failed; null when there are to be no more. `putOff` is what
 * the receiver asked for, and only ever makes it later.
 */
export function nextDelay(
  attempts: number,
  {
    random = Math.random,
    putOff = null,
  }: { readonly random?: () => number; readonly putOff?: number | null } = {},
): number | null {
  const delay = DELAYS[attempts];
  if (delay === undefined) return null;
  const spread = Math.round(delay * (1 + JITTER * (2 * random() - 1)));
  return Math.max(spread, Math.min(putOff ?? 0, LONGEST_PUT_OFF));
}

/** Milliseconds that `Retry-After` asks for, in either of its forms (RFC 9110); null when it says nothing sensible. */
export function putOffBy(header: string | null | undefined, now: Date): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * SECOND, Number.MAX_SAFE_INTEGER);
  if (!HTTP_DATE.test(text)) return null;
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? null : Math.max(0, moment - now.getTime());
}
const HTTP_DATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/;

/** What an answer, or the lack of one (null), means for a message. */
export type Verdict = 'delivered' | 'closed' | 'retry';

/** Only 2xx is delivered; a redirection is not followed; 410 is that the receiver wants no more of anything (C16). */
export function verdictOf(status: number | null): Verdict {
  if (status === null) return 'retry';
  if (status >= 200 && status < 300) return 'delivered';
  return status === 410 ? 'closed' : 'retry';
}
