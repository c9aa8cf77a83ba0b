import type { Period } from '@stoettesystemer/object';

export type SectionCode = 'a' | 't' | 'r';

/** Which timeline of an object: one facet, and within a keyed or 0..n facet one occurrence of it. */
export interface Slot {
  readonly section: SectionCode;
  readonly facet: string;
  /** '' for a facet that has one timeline. */
  readonly slot: string;
}

/** A facet's value over one valid period. */
export interface Piece extends Slot {
  readonly period: Period;
  /** Members in declared order as JSON text, never `{}`: equal texts are equal values. */
  readonly value: string;
  /** What else the virkning says (aktoerRef, aktoerType, note), as JSON text. */
  readonly about: string | null;
}

/** A piece that is stored and still believed. */
export interface Fact extends Piece {
  readonly id: number;
}

/** What a request says of one slot over one period. */
export interface Assertion extends Slot {
  readonly period: Period;
  readonly about: string | null;
  /** Pointer into the body, for faults. */
  readonly sti: string;
  /**
   * set: this value holds. end: nothing holds. merge: these members hold, null clears one, absent ones stay.
   */
  readonly says:
    | { readonly kind: 'set'; readonly value: string }
    | { readonly kind: 'end' }
    | { readonly kind: 'merge'; readonly members: Readonly<Record<string, unknown>> };
}

export const slotId = ({ facet, slot }: Slot): string => `${facet}\u001f${slot}`;

/** Sorts into lists by slot. */
export function bySlot<T extends Slot>(slots: Iterable<T>): Map<string, T[]> {
  const lists = new Map<string, T[]>();
  for (const each of slots) {
    const id = slotId(each);
    const list = lists.get(id);
    if (list) list.push(each);
    else lists.set(id, [each]);
  }
  return lists;
}
