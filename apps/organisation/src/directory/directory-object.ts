import type { ScopeEntry } from '@stoettesystemer/access';
import { FUNCTION_TYPES, OrganisationEnhed, OrganisationFunktion } from '@stoettesystemer/model';
import { keyOf, type Reference } from '@stoettesystemer/object';
import type { Task } from '../tree/organisation-tree';
import type { UnitName } from '../tree/tree-change';
import type { Timed } from './timed';

/** An object's restrictions over one period; entries of one `key` are decided alike. */
export interface Restriction {
  readonly key: string;
  readonly entry: ScopeEntry;
}

interface Kept {
  readonly uuid: string;
  readonly restrictions: readonly Restriction[];
  readonly state: readonly Timed<string>[];
  readonly tasks: readonly Timed<Task>[];
  readonly systems: readonly Timed<string>[];
}

export interface DirectoryUnit extends Kept {
  readonly kind: 'unit';
  readonly name: readonly Timed<UnitName>[];
  readonly type: readonly Timed<string>[];
  readonly parent: readonly Timed<string>[];
  /** Functions of other units that it makes use of. */
  readonly functions: readonly Timed<string>[];
}

export interface DirectoryFunction extends Kept {
  readonly kind: 'function';
  readonly title: readonly Timed<string | null>[];
  readonly type: readonly Timed<string>[];
  readonly units: readonly Timed<string>[];
  readonly users: readonly Timed<string>[];
}

export type DirectoryObject = DirectoryUnit | DirectoryFunction;

/** What a directory keeps of each; nothing of it is told of a person. */
export const KEPT = [
  {
    type: OrganisationEnhed,
    facets: [
      'egenskaber',
      'gyldighed',
      'enhedstype',
      'overordnet',
      'opgaver',
      'tilknyttedeFunktioner',
      'tilknyttedeItSystemer',
    ],
  },
  {
    type: OrganisationFunktion,
    facets: [
      'egenskaber',
      'gyldighed',
      'funktionstype',
      'opgaver',
      'tilknyttedeEnheder',
      'tilknyttedeBrugere',
      'tilknyttedeItSystemer',
    ],
  },
] as const;

/** One fact: its facet, its value, and the bounds of its virkning. */
export type RawFact = readonly [
  facet: string,
  value: Readonly<Record<string, unknown>>,
  from: number,
  to: number | null,
];

const NONE: readonly never[] = [];
/** Gives the one copy of a text that is kept. */
export type Intern = (text: string) => string;

export function directoryObject(
  kind: DirectoryObject['kind'],
  uuid: string,
  restrictions: readonly Restriction[],
  facts: readonly RawFact[],
  intern: Intern,
): DirectoryObject {
  const of = <T>(facet: string, read: (value: RawFact[1]) => T): readonly Timed<T>[] => {
    const found = facts.filter(([name]) => name === facet);
    return found.length === 0
      ? NONE
      : found.map(([, value, from, to]) => ({ value: read(value), from, to: to ?? Infinity }));
  };
  const text = (value: unknown): string => intern(typeof value === 'string' ? value : '');
  const target = (facet: string) => of(facet, ({ reference }) => intern(keyOf(reference as Reference)));
  const kept = {
    uuid,
    restrictions,
    state: of('gyldighed', ({ vaerdi }) => text(vaerdi)),
    systems: target('tilknyttedeItSystemer'),
    tasks: of('opgaver', ({ rolle, reference, kleNummer }) => ({
      rolle: text(rolle),
      klasse: intern(keyOf(reference as Reference)),
      kleNummer: kleNummer === undefined ? null : text(kleNummer),
    })),
  };
  if (kind === 'function')
    return {
      ...kept,
      kind,
      title: of('egenskaber', ({ funktionNavn }) => (funktionNavn === undefined ? null : text(funktionNavn))),
      type: target('funktionstype'),
      units: target('tilknyttedeEnheder'),
      users: target('tilknyttedeBrugere'),
    };
  return {
    ...kept,
    kind,
    name: of('egenskaber', ({ enhedNavn, brugervendtNoegle }) => ({
      navn: text(enhedNavn),
      brugervendtNoegle: text(brugervendtNoegle),
    })),
    type: target('enhedstype'),
    parent: target('overordnet'),
    functions: target('tilknyttedeFunktioner'),
  };
}

const NO_POSTS: ReadonlySet<string> = new Set([
  FUNCTION_TYPES.udbetalendeEnhed,
  FUNCTION_TYPES.henvendelsessted,
  FUNCTION_TYPES.systemrolle,
]);
/** A post is somebody's; every function is one but those that pay, are turned to, or say that a system is used. */
export const isPost = (functionType: string | null): boolean =>
  functionType === null || !NO_POSTS.has(functionType);
