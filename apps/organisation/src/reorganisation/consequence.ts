import type { Fault } from '@stoettesystemer/object';
import type { Task } from '../tree/organisation-tree';
import { KINDS_OF_CHANGE, type TreeChange } from '../tree/tree-change';

/** One thing that a plan brings about, beside what is otherwise in the tree. */
export type SideEffect =
  /** A rule or a step that stands in the way. */
  | ({ readonly slags: 'Hindring' } & Fault)
  /** Something that is in use points at a unit that is closed without a receiver. */
  | {
      readonly slags: 'UdenModtager';
      readonly enhed: string;
      readonly objekttype: string;
      readonly objekt: string;
      readonly relation: string;
    }
  /** A task that no unit has when its unit is closed without a receiver. */
  | { readonly slags: 'OpgaveUdenModtager'; readonly enhed: string; readonly opgave: Task }
  /** Those who are in a unit that moves, or under it, come along. */
  | { readonly slags: 'MedlemmerFoelger'; readonly enhed: string; readonly antalMedlemmer: number }
  /** A place that people turn to, or that pays, comes to another unit. */
  | {
      readonly slags: 'StedFlytter';
      readonly funktion: string;
      readonly funktionstype: string;
      readonly foer: string;
      readonly nu: string;
    }
  /** A unit that is closed made use of such a place; whoever takes over does not by that. */
  | {
      readonly slags: 'StedBrugesIkke';
      readonly enhed: string;
      readonly funktion: string;
      readonly funktionstype: string;
    }
  /** A restriction to the unit and all under it reaches more units, or fewer. */
  | {
      readonly slags: 'UndertraeAendret';
      readonly enhed: string;
      readonly tilgaar: number;
      readonly fragaar: number;
    }
  /** What was registered to be so from a later day gives way. */
  | {
      readonly slags: 'SenereAendringViger';
      readonly objekttype: string;
      readonly objekt: string;
      readonly facet: string;
      readonly fra: string;
    };

/** `tidspunkt` is when; a hindrance has none. */
export type Consequence = (TreeChange | SideEffect) & { readonly tidspunkt: string | null };

export const KINDS_OF_CONSEQUENCE = [
  'Hindring',
  ...KINDS_OF_CHANGE,
  'UdenModtager',
  'OpgaveUdenModtager',
  'MedlemmerFoelger',
  'StedFlytter',
  'StedBrugesIkke',
  'UndertraeAendret',
  'SenereAendringViger',
] as const satisfies readonly Consequence['slags'][];
