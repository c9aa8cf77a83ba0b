/**
 * A value and when it holds, half-open, in whole microseconds since 1970; `to` is Infinity where it is open. Numbers, as
 * in an object's scopes, for there are hundreds of thousands of them; they are exact until the year 2255.
 */
export interface Timed<T> {
  readonly value: T;
  readonly from: number;
  readonly to: number;
}

export const holds = ({ from, to }: Timed<unknown>, at: number): boolean => from <= at && at < to;

/** What holds at the moment, of a thing that has at most one value at a time. */
export function valueAt<T>(timed: readonly Timed<T>[], at: number): T | null {
  for (const each of timed) if (holds(each, at)) return each.value;
  return null;
}

export function valuesAt<T>(timed: readonly Timed<T>[], at: number): T[] {
  const values: T[] = [];
  for (const each of timed) if (holds(each, at)) values.push(each.value);
  return values;
}
