import type { Member, Task, UnitFields } from './organisation-tree';

/** What a unit is called. */
export type UnitName = Pick<UnitFields, 'navn' | 'brugervendtNoegle'>;

/** One thing that is otherwise in one unit. All that is otherwise in it: `Oprettet` comes first and `Lukket` last. */
export type TreeChange =
  | { readonly slags: 'Oprettet'; readonly enhed: string; readonly nu: UnitFields }
  | {
      readonly slags: 'Omdoebt';
      readonly enhed: string;
      readonly foer: UnitName;
      readonly nu: UnitName;
    }
  | {
      readonly slags: 'Flyttet' | 'TypeAendret';
      readonly enhed: string;
      readonly foer: string | null;
      readonly nu: string | null;
    }
  | {
      readonly slags: 'OpgaveFjernet' | 'OpgaveTilfoejet';
      readonly enhed: string;
      readonly opgave: Task;
    }
  | {
      readonly slags: 'MedlemFjernet' | 'MedlemTilfoejet';
      readonly enhed: string;
      readonly medlem: Member;
    }
  | {
      readonly slags: 'MedlemAendret';
      readonly enhed: string;
      readonly foer: Member;
      readonly nu: Member;
    }
  | { readonly slags: 'Lukket'; readonly enhed: string; readonly foer: UnitFields };

export type KindOfChange = TreeChange['slags'];

/** In the order in which they come within a unit. */
export const KINDS_OF_CHANGE = [
  'Oprettet',
  'Omdoebt',
  'TypeAendret',
  'Flyttet',
  'OpgaveFjernet',
  'OpgaveTilfoejet',
  'MedlemFjernet',
  'MedlemAendret',
  'MedlemTilfoejet',
  'Lukket',
] as const satisfies readonly KindOfChange[];
