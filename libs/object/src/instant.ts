/**
 * A moment as whole microseconds since 1970-01-01T00:00:00Z. Never a JavaScript Date, which drops the microseconds
 * that PostgreSQL keeps.
 */
export type Instant = bigint;

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:Z|([+-])(\d\d):(\d\d))$/;
/** 1850 begins fourteen hours early in the east, and what is answered in UTC must be good to send back. */
const FIRST = BigInt(Date.UTC(1849, 11, 31, 10)) * 1000n;
const LAST = BigInt(Date.UTC(9999, 11, 31, 23, 59, 59, 999)) * 1000n + 999n;

const isDay = (year: number, month: number, day: number): boolean => {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};

/** Gives the last answer again to the last question: most of what one object says begins at the same moment. */
function keepingLast<K, V>(answer: (key: K) => V): (key: K) => V {
  let last: { readonly key: K; readonly value: V } | undefined;
  return (key) => {
    if (last?.key !== key) last = { key, value: answer(key) };
    return last.value;
  };
}

/**
 * Reads RFC 3339 with a zone, at most six decimals, years 1850 to 9999. Null for all else: `:60`, `24:00`, week dates,
 * days that no month has, a missing zone (C12).
 */
export const parseInstant: (text: string) => Instant | null = keepingLast(read);
function read(text: string): Instant | null {
  const match = RFC3339.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [offsetHour, offsetMinute] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (!isDay(year, month, day)) return null;
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const offset = (offsetHour * 60 + offsetMinute) * 60_000 * (match[8] === '-' ? 1 : -1);
  const instant = BigInt(date.getTime() + offset) * 1000n + BigInt((match[7] ?? '').padEnd(6, '0') || '0');
  return FIRST <= instant && instant <= LAST ? instant : null;
}

/** Writes an instant in UTC, without a fraction of zeros: `2015-07-31T22:00:00Z`, `2026-11-23T10:15:30.123456Z`. */
export const formatInstant: (instant: Instant) => string = keepingLast(write);
function write(instant: Instant): string {
  const micros = ((instant % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((instant - micros) / 1000n)).toISOString().slice(0, 19);
  const fraction = micros === 0n ? '' : `.${micros.toString().padStart(6, '0').replace(/0+$/, '')}`;
  return `${seconds}${fraction}Z`;
}

/** Reads what PostgreSQL writes for a timestamptz in a UTC session: `2015-07-31 22:00:00.5+00`. */
export function fromDatabase(text: string): Instant {
  const instant = parseInstant(`${text.slice(0, 10)}T${text.slice(11).replace(/\+00$/, 'Z')}`);
  if (instant === null) throw new Error('Not an instant from the database');
  return instant;
}

export const now = (): Instant => BigInt(Date.now()) * 1000n;
