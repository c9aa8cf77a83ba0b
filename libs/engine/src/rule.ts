import type { Caller } from '@stoettesystemer/access';
import type { Declaration, Period } from '@stoettesystemer/object';

/** One item of a facet, over its whole virkning, as on the wire: `{ virkning, … }`. */
export type FacetItem = Readonly<Record<string, unknown>> & {
  readonly virkning: { fra: string; til?: string | null };
};
export type FacetItems = Readonly<Record<string, readonly FacetItem[]>>;

/** How others may point at an object. */
export interface Pointing {
  /** Searched relations, by the type that has them. */
  readonly by: readonly (readonly [type: string, relation: string])[];
  /** At some time of this period; at any when left out. */
  readonly during?: Period;
  /** With nothing said in this facet of theirs for some of that time. */
  readonly lacking?: string;
}

/** A change that is recorded but not yet committed. */
export interface Change {
  readonly type: Declaration;
  readonly uuid: string;
  readonly action: 'opret' | 'importer' | 'ret' | 'passiver' | 'slet';
  readonly caller: Caller;
  /** The rule's facets before the change; empty lists for a new object. */
  readonly before: FacetItems;
  readonly after: FacetItems;
  /** Reads facets of another object that the caller's municipality may read, inside the same transaction; null if not there. */
  look(type: string, uuid: string, facets: readonly string[]): Promise<FacetItems | null>;
  /** Whether the municipality may read an object with the UUID that has been made passive or deleted. */
  isEnded(type: string, uuid: string): Promise<boolean>;
  /**
   * Other live objects, own and common, that point at one. Takes no lock, as `find` does: a rule that must not miss what
   * another is about to write holds a name for it first.
   */
  pointing(at: string, how: Pointing): Promise<readonly { type: string; uuid: string; owner: string }[]>;
  /** Other live objects whose searched field has the value at some virkning time, inside the same transaction; own and common ones. */
  find(type: string, field: string, value: string): Promise<readonly { uuid: string; owner: string }[]>;
  /**
   * Holds a name within the municipality until the change has been committed: many may share it, one may have it alone.
   * A rule that looks at several objects holds a name for all of them before it looks, or two changes may each be right
   * and wrong together.
   */
  hold(name: string, how: 'shared' | 'alone'): Promise<void>;
}

/** A rule of the domain that a declaration cannot say. It reads only the facets it names, so that law 2 holds. */
export interface Rule {
  /** Names of the types it guards. */
  readonly types: readonly string[];
  readonly facets: readonly string[];
  /** @throws Refusal when the change may not stand. */
  check(change: Change): Promise<void> | void;
}
