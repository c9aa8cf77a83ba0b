import type { Verb } from '@stoettesystemer/access';
import type { ObjectInput } from './ask';
import type { Draft } from './draft';
import type { Sight } from './held';
import type { Fact } from './piece';
import type { Change } from './rule';

export type Action = Change['action'];

/** What each action takes the right to. */
export const VERBS: Readonly<Record<Action, Verb>> = {
  opret: 'skriv',
  importer: 'importer',
  ret: 'skriv',
  passiver: 'skriv',
  slet: 'slet',
};

/** How one request changes one object. */
export interface Plan {
  readonly action: Action;
  readonly input: ObjectInput;
  /** Null: the header was absent. */
  readonly ifMatch: number | null;
  readonly sight: Sight;
  draft(facts: readonly Fact[]): Draft;
}
