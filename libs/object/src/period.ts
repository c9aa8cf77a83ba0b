import { formatInstant, fromDatabase, type Instant } from './instant';

/** Half-open: holds from `from` until just before `to`; null is for ever. */
export interface Period {
  readonly from: Instant;
  readonly to: Instant | null;
}

const before = (a: Instant | null, b: Instant | null): boolean => a !== null && (b === null || a < b);

export const isEmpty = ({ from, to }: Period): boolean => to !== null && from >= to;
export const contains = ({ from, to }: Period, at: Instant): boolean =>
  from <= at && (to === null || at < to);
export const overlaps = (a: Period, b: Period): boolean => before(a.from, b.to) && before(b.from, a.to);
export const equals = (a: Period, b: Period): boolean => a.from === b.from && a.to === b.to;

/** What two periods share, or null. */
export function intersection(a: Period, b: Period): Period | null {
  const shared = { from: a.from > b.from ? a.from : b.from, to: before(a.to, b.to) ? a.to : b.to };
  return isEmpty(shared) ? null : shared;
}

/** What is left of `a` outside `b`: nothing, one piece or two, in order. */
export function minus(a: Period, b: Period): Period[] {
  if (!overlaps(a, b)) return isEmpty(a) ? [] : [a];
  const pieces: Period[] = [];
  if (a.from < b.from) pieces.push({ from: a.from, to: b.from });
  if (before(b.to, a.to)) pieces.push({ from: b.to!, to: a.to });
  return pieces;
}

/** PostgreSQL's text for a tstzrange. An open end is unbounded, never the value infinity (R6). */
export const toRange = ({ from, to }: Period): string =>
  `[${formatInstant(from)},${to === null ? '' : formatInstant(to)})`;

/** Reads PostgreSQL's text for a tstzrange of a UTC session. */
export function fromRange(text: string): Period {
  const [from, to] = text.slice(1, -1).replaceAll('"', '').split(',');
  if (!from || !text.startsWith('[')) throw new Error('Not a half-open period');
  return { from: fromDatabase(from), to: to ? fromDatabase(to) : null };
}
