import type { Sections } from '../differ/difference';

/** Where in a source something stands; lines and columns are counted from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** An object as the source would have it. */
export interface Desired {
  readonly place: Place;
  readonly type: string;
  readonly uuid: string;
  readonly sections: Sections;
  /** Several places of a source may lead to it, all saying the same: the second is no mistake. */
  readonly isShared?: boolean;
}

/** Something in the source that no object can be made of. */
export interface Refused {
  readonly place: Place;
  /** The objects that it is about, where that can be told: they are not missing from the source. */
  readonly uuids?: readonly string[];
  /** Danish, and without the value of anything. */
  readonly reason: string;
}

export type Entry = Desired | Refused;
export const isRefused = (entry: Entry): entry is Refused => 'reason' in entry;

/** Bytes of one file, from its beginning each time. */
export interface SourceFile {
  readonly name: string;
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
}

/** A source in one of the forms that are read. */
export interface Source {
  readonly form: 'os2mo' | 'enhedstrae' | 'csv' | 'ndjson';
  /** Units that it points at are in it. */
  readonly isClosed: boolean;
  /** Everything it says, in the order of the files; read anew each time. @throws SourceFault where it cannot be read. */
  entries(): AsyncIterable<Entry>;
  /** What is left out of what it says, and how often; complete when all entries have been read. */
  readonly omissions: ReadonlyMap<string, number>;
}
