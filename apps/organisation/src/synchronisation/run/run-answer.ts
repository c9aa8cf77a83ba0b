import type { BulkResult } from '@stoettesystemer/engine';
import type { Fault, Refusal } from '@stoettesystemer/object';
import type { Result, Tally } from './tally';
import type { Done, Judged } from './writer';

type Faults = NonNullable<BulkResult['fejl']>;

/** What is told of an object that is not as it is registered; of the others nothing is. */
export interface ObjectAnswer {
  readonly linje: number;
  readonly uuid: string;
  readonly objekttype?: string;
  readonly handling: 'ny' | 'aendret' | 'afvist';
  readonly aendret?: readonly string[];
  readonly fejl?: Faults;
}
export interface OrphanAnswer {
  readonly foraeldreloes: string;
  readonly objekttype: string;
  readonly handling: 'mangler' | 'afsluttet' | 'afvist';
  readonly fejl?: Faults;
}
export type RunAnswer =
  ObjectAnswer | OrphanAnswer | { readonly naaet: number } | Readonly<Record<string, unknown>>;

export const toldOf = ({ wanted, kind, facets }: Judged): ObjectAnswer => ({
  linje: wanted.line,
  uuid: wanted.uuid,
  objekttype: wanted.type.name,
  handling: kind === 'ny' ? 'ny' : 'aendret',
  ...(kind === 'aendret' ? { aendret: facets } : {}),
});

export const refusedBy = ({ judged: { wanted }, result }: Done): ObjectAnswer => ({
  linje: wanted.line,
  uuid: wanted.uuid,
  objekttype: wanted.type.name,
  handling: 'afvist',
  fejl: result.fejl ?? [],
});

const faultsOf = ({ fejl, kode, detail }: Refusal): readonly Fault[] =>
  fejl.length > 0 ? fejl : [{ sti: '', kode, besked: detail }];

export const refusedLine = (line: number, uuid: string | null, refusal: Refusal): ObjectAnswer => ({
  linje: line,
  uuid: uuid ?? '',
  handling: 'afvist',
  fejl: faultsOf(refusal),
});

/** The last line: without it the run was broken off. */
export const lastOf = (tally: Tally, resultat: Result, udfoert: boolean) => ({
  i_alt: tally.iAlt,
  oprettet: tally.oprettet,
  rettet: tally.rettet,
  uaendret: tally.uaendret,
  afvist: tally.afvist,
  foraeldreloese: tally.foraeldreloese,
  lukket: tally.lukket,
  resultat,
  udfoert,
});
