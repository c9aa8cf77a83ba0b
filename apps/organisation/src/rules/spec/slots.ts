import fc from 'fast-check';
import { day, type Virkning } from './municipality';

/** Years that the property specs tell apart; the last one lasts. */
export const SLOTS = 4;
const START = 2000;
export const momentOf = (slot: number): string => day(START + slot);
export const period = (from: number, to: number): Virkning => ({
  fra: day(START + from),
  til: to >= SLOTS ? null : day(START + to),
});

/** What holds in each slot; null where nothing does. */
export type BySlot<T> = readonly (T | null)[];

export const bySlot = <T>(value: fc.Arbitrary<T | null>): fc.Arbitrary<BySlot<T>> =>
  fc.oneof(
    { arbitrary: value.map((each) => Array.from({ length: SLOTS }, () => each)), weight: 3 },
    { arbitrary: fc.array(value, { minLength: SLOTS, maxLength: SLOTS }), weight: 1 },
  );

/** One piece for each stretch of equal slots. */
export function pieces<T>(slots: BySlot<T>): { virkning: Virkning; value: T }[] {
  const found: { virkning: Virkning; value: T }[] = [];
  for (let from = 0; from < SLOTS;) {
    let to = from + 1;
    while (to < SLOTS && slots[to] === slots[from]) to++;
    const value = slots[from];
    if (value !== null && value !== undefined) found.push({ virkning: period(from, to), value });
    from = to;
  }
  return found;
}
