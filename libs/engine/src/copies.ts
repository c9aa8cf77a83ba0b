import type { Instant } from '@stoettesystemer/object';
import { LRUCache } from 'lru-cache';
import type { Snapshot } from './ask';

/** An object's answer as it was put together once. */
export interface Copy extends Snapshot {
  readonly owner: number;
  /** The time of its registration, as the database writes it: no object has two of one time. */
  readonly stamp: string;
  /** The virkning that it holds at: from when it was made until some fact begins or ends. */
  readonly from: Instant;
  readonly until: Instant | null;
}

/** What an entry takes beside its text, about. */
const OVERHEAD = 200;

/**
 * Answers that need not be put together again while the same registration stands and no period has begun or ended.
 * Whether that is so, and whether the caller may see the object, the database says at every read; what is kept here is
 * only work that was done.
 */
export class Copies {
  private readonly copies: LRUCache<string, Copy> | null;

  /** @param bytes that the texts may take in all; 0 keeps none. */
  constructor(bytes: number) {
    this.copies =
      bytes === 0
        ? null
        : new LRUCache({ maxSize: bytes, sizeCalculation: ({ body }) => body.length + OVERHEAD });
  }

  /** Whether any are kept: where none is, to look first for one would cost a round trip. */
  get areKept(): boolean {
    return this.copies !== null;
  }

  /** The copy that holds at the moment, of the first of the owners who has one. */
  find(owners: readonly number[], uuid: string, moment: Instant): Copy | null {
    if (!this.copies) return null;
    for (const owner of owners) {
      const copy = this.copies.get(`${owner}/${uuid}`);
      if (copy && copy.from <= moment && (copy.until === null || moment < copy.until)) return copy;
    }
    return null;
  }

  keep(copy: Copy): void {
    this.copies?.set(`${copy.owner}/${copy.uuid}`, copy);
  }
}
