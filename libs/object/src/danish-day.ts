const DAY = 24 * 60 * 60 * 1000;
const clock = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Copenhagen',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** What the clocks of Copenhagen show, as if it were UTC. Milliseconds since 1970. */
function shownAt(utc: number): number {
  const parts = new Map(clock.formatToParts(utc).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/** The Danish day (`yyyy-mm-dd`) at a moment, in milliseconds since 1970. */
export const danishDayAt = (utc: number): string => new Date(shownAt(utc)).toISOString().slice(0, 10);

function firstMomentOf(day: string): string {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight)) throw new Error(`Not a day: ${day}`);
  // The clocks' distance from UTC a day before and a day after; between the two lies at most one change.
  const starts = [midnight - DAY, midnight + DAY]
    .map((utc) => midnight - (shownAt(utc) - utc))
    .filter((utc) => new Date(shownAt(utc)).toISOString().startsWith(day));
  return `${new Date(Math.min(...starts)).toISOString().slice(0, 19)}Z`;
}

/** Asking a calendar for a zone costs 0.1 ms, and an edition names the same few hundred days ten thousand times. */
const known = new Map<string, string>();
const KEPT = 2000;

/**
 * The instant a Danish day (`yyyy-mm-dd`, from 1900) begins, in RFC 3339: `2015-08-01` → `2015-07-31T22:00:00Z`.
 * On a day whose midnight was skipped, its first moment.
 */
export function startOfDanishDay(day: string): string {
  const start = known.get(day) ?? firstMomentOf(day);
  if (known.size >= KEPT) known.clear();
  known.set(day, start);
  return start;
}
