/**
 * A value and when it holds, half-open, in whole microseconds since 1970; `to` is Infinity where it is open. Numbers, as
 * in an object's scopes, for there are hundreds of thousands of them; they are exact until the year 2255.
 */
export interface Timed<T> {
  readonly value: T;
  readonly from: number;
  readonly to: number;
}

/** What holds at the moment, of a thing that has at most one value at a time. */
export function valueAt<T>(timed: readonly Timed<T>[], at: number): T | null {
  for (const each of timed) if (each.from <= at && at < each.to) return each.value;
  return null;
}

export const valuesAt = <T>(timed: readonly Timed<T>[], at: number): T[] =>
  timed.filter(({ from, to }) => from <= at && at < to).map(({ value }) => value);

/** The stretches in which all of the facts stay the same, in order, and what each comes to; without those that are null. */
export function stretches<T>(
  facts: readonly Timed<unknown>[],
  valueOf: (at: number) => T | null,
): Timed<T>[] {
  const edges = new Set<number>();
  for (const { from, to } of facts) edges.add(from).add(to);
  const sorted = [...edges].sort((a, b) => a - b);
  const found: Timed<T>[] = [];
  for (const [n, from] of sorted.slice(0, -1).entries()) {
    const value = valueOf(from);
    if (value !== null) found.push({ value, from, to: sorted[n + 1]! });
  }
  return found;
}

/** How long it is so around the moment, where it is so then: over all stretches that follow each other. */
export function spanAround<T>(
  timed: readonly Timed<T>[],
  at: number,
  isSo: (value: T) => boolean,
): Pick<Timed<T>, 'from' | 'to'> | null {
  const spans = spansOf(timed, isSo);
  return spans.find(({ from, to }) => from <= at && at < to) ?? null;
}

/** When it is so: stretches that follow each other are one. */
export function spansOf<T>(
  timed: readonly Timed<T>[],
  isSo: (value: T) => boolean,
): Pick<Timed<T>, 'from' | 'to'>[] {
  const spans: { from: number; to: number }[] = [];
  for (const { value, from, to } of timed) {
    if (!isSo(value)) continue;
    const last = spans.at(-1);
    if (last?.to === from) last.to = to;
    else spans.push({ from, to });
  }
  return spans;
}
