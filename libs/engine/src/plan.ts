import type { Verb } from '@stoettesystemer/access';
import type { ObjectInput } from './ask';
import type { Draft } from './draft';
import type { Sight } from './held';
import type { Fact } from './piece';
import type { Change, Rule } from './rule';

export type Action = Change['action'];

/** What each action takes the right to. */
export const VERBS: Readonly<Record<Action, Verb>> = {
  opret: 'skriv',
  importer: 'importer',
  ret: 'skriv',
  passiver: 'skriv',
  slet: 'slet',
};

/** What an anonymous object says, by facet: values as they are stored. Facets that are not named say nothing any more. */
export type Left = Readonly<Record<string, string>>;

/** How one request changes one object. */
export interface Plan {
  readonly action: Action;
  readonly input: ObjectInput;
  /** Null: the header was absent. */
  readonly ifMatch: number | null;
  readonly sight: Sight;
  /** All that is known of the object goes for good. */
  readonly forgets?: true;
  /** Who the object is about goes for good, and this is said of it instead. */
  readonly leaves?: Left;
  /** What the security log calls it; the action when left out. */
  readonly operation?: string;
  /** What it is judged by instead of the rules of the type, which are about objects that live on or end. */
  readonly rules?: readonly Rule[];
  draft(facts: readonly Fact[]): Draft;
}

export const operationOf = ({ action, operation = action }: Plan): string => operation;
