import type { Instant } from '@stoettesystemer/object';
import type { Row } from '@stoettesystemer/postgres';
import type { BulkItem, BulkResult } from './ask';
import type { Held } from './held';
import type { Fact, Piece } from './piece';
import type { Action } from './plan';
import type { Recording } from './recording';

export type Line = BulkItem & { readonly uuid: string };

/** What is known of the object that a line is about, under its lock. */
export interface Ground {
  readonly held: Held | null;
  readonly facts: readonly Fact[];
  /** The common object that has the UUID. */
  readonly taken: Row | null;
  /** All that is recorded of it, where the line brings a history. */
  readonly recorded: readonly Row[];
  /** The transaction's time, after the lock. */
  readonly present: Instant;
}

/** What a line is to write. */
export interface Work {
  readonly action: Extract<Action, 'importer' | 'ret' | 'slet'>;
  readonly recordings: readonly Recording[];
  readonly before: readonly Fact[];
  readonly afterwards: readonly Piece[];
}

export interface Judged {
  readonly result: BulkResult;
  /** Absent: the line says nothing new. */
  readonly work?: Work;
}
