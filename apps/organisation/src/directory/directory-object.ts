import type { ScopeEntry } from '@stoettesystemer/access';
import { FUNCTION_TYPES, OrganisationEnhed, OrganisationFunktion } from '@stoettesystemer/model';
import { keyOf, type Reference } from '@stoettesystemer/object';
import { type Task, taskKey, type UnitFields } from '../tree/organisation-tree';
import { stretches, type Timed, valueAt, valuesAt } from './timed';

/** An object's restrictions over one period; entries of one `key` are decided alike. */
export interface Restriction {
  readonly key: string;
  readonly entry: ScopeEntry;
}

/** What a unit is while it is in use. */
export interface UnitState {
  readonly fields: UnitFields;
  readonly tasks: readonly Task[];
  readonly systems: readonly string[];
  /** Functions of other units that it makes use of. */
  readonly functions: readonly string[];
  readonly addresses: readonly AddressUse[];
}

/** What an address is for. */
export interface AddressUse {
  readonly rolle: string | null;
  readonly indeks: string | null;
  readonly adresse: string;
}

/** What a function is while it is in use. */
export interface FunctionState {
  readonly title: string | null;
  readonly type: string | null;
  /** Somebody's, or vacant: every function is one but those that pay, are turned to, or say that a system is used. */
  readonly isPost: boolean;
  readonly units: readonly string[];
  readonly users: readonly string[];
  readonly tasks: readonly Task[];
  readonly systems: readonly string[];
}

interface Kept<T> {
  readonly uuid: string;
  readonly restrictions: readonly Restriction[];
  /** When it is in use, and as what. */
  readonly states: readonly Timed<T>[];
}
export interface DirectoryUnit extends Kept<UnitState> {
  readonly kind: 'unit';
}
export interface DirectoryFunction extends Kept<FunctionState> {
  readonly kind: 'function';
}
export type DirectoryObject = DirectoryUnit | DirectoryFunction;

/** What a directory keeps of each; nothing of it is told of a person. */
export const KEPT = [
  {
    type: OrganisationEnhed,
    kind: 'unit',
    facets: [
      'egenskaber',
      'gyldighed',
      'enhedstype',
      'overordnet',
      'opgaver',
      'adresser',
      'tilknyttedeFunktioner',
      'tilknyttedeItSystemer',
    ],
  },
  {
    type: OrganisationFunktion,
    kind: 'function',
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

type Value = Readonly<Record<string, unknown>>;
/** One fact: its facet, its value, and the bounds of its virkning. */
export type RawFact = readonly [facet: string, value: Value, from: number, to: number | null];
/** Gives the one copy of a text that is kept. */
export type Intern = (text: string) => string;

const NO_POSTS: ReadonlySet<string | null> = new Set([
  FUNCTION_TYPES.udbetalendeEnhed,
  FUNCTION_TYPES.henvendelsessted,
  FUNCTION_TYPES.systemrolle,
]);
const NONE: readonly never[] = [];
const short = <T>(list: readonly T[]): readonly T[] => (list.length === 0 ? NONE : list);

/** The facts of one object by facet, at any moment. */
class Facts {
  private readonly facets = new Map<string, Timed<Value>[]>();

  constructor(
    facts: readonly RawFact[],
    private readonly intern: Intern,
  ) {
    for (const [facet, value, from, to] of facts) {
      const fact = { value, from, to: to ?? Infinity };
      const others = this.facets.get(facet);
      if (others) others.push(fact);
      else this.facets.set(facet, [fact]);
    }
  }

  all(): Timed<Value>[] {
    return [...this.facets.values()].flat();
  }

  /** Its own members, while it is in use. */
  properties(at: number): Value | null {
    const state = valueAt(this.facets.get('gyldighed') ?? NONE, at);
    return state?.['vaerdi'] === 'Inaktiv' ? null : valueAt(this.facets.get('egenskaber') ?? NONE, at);
  }

  text(value: unknown): string | null {
    return typeof value === 'string' ? this.intern(value) : null;
  }

  targets(facet: string, at: number): readonly string[] {
    const facts = this.facets.get(facet);
    return facts
      ? short([...new Set(valuesAt(facts, at).map(({ reference }) => this.target(reference)))])
      : NONE;
  }

  tasks(at: number): readonly Task[] {
    const facts = this.facets.get('opgaver');
    if (!facts) return NONE;
    const tasks = valuesAt(facts, at).map(({ rolle, reference, kleNummer }) => ({
      rolle: this.text(rolle) ?? '',
      klasse: this.target(reference),
      kleNummer: this.text(kleNummer),
    }));
    return short([...new Map(tasks.map((task) => [taskKey(task), task])).values()]);
  }

  addresses(at: number): readonly AddressUse[] {
    const facts = this.facets.get('adresser');
    if (!facts) return NONE;
    const uses = valuesAt(facts, at).map(({ rolle, indeks, reference }) => ({
      rolle: this.text(rolle),
      indeks: this.text(indeks),
      adresse: this.target(reference),
    }));
    return short(uses);
  }

  private target(reference: unknown): string {
    return this.intern(keyOf(reference as Reference));
  }
}

export function directoryObject(
  kind: DirectoryObject['kind'],
  base: Pick<DirectoryObject, 'uuid' | 'restrictions'>,
  raw: readonly RawFact[],
  intern: Intern,
): DirectoryObject {
  const facts = new Facts(raw, intern);
  return kind === 'unit'
    ? { ...base, kind, states: stretches(facts.all(), (at) => unitState(facts, at)) }
    : { ...base, kind, states: stretches(facts.all(), (at) => functionState(facts, at)) };
}

function unitState(facts: Facts, at: number): UnitState | null {
  const properties = facts.properties(at);
  if (!properties) return null;
  return {
    fields: {
      brugervendtNoegle: facts.text(properties['brugervendtNoegle']) ?? '',
      navn: facts.text(properties['enhedNavn']) ?? '',
      enhedstype: facts.targets('enhedstype', at)[0] ?? null,
      overordnet: facts.targets('overordnet', at)[0] ?? null,
    },
    tasks: facts.tasks(at),
    systems: facts.targets('tilknyttedeItSystemer', at),
    functions: facts.targets('tilknyttedeFunktioner', at),
    addresses: facts.addresses(at),
  };
}

function functionState(facts: Facts, at: number): FunctionState | null {
  const properties = facts.properties(at);
  if (!properties) return null;
  const type = facts.targets('funktionstype', at)[0] ?? null;
  return {
    title: facts.text(properties['funktionNavn']),
    type,
    isPost: !NO_POSTS.has(type),
    units: facts.targets('tilknyttedeEnheder', at),
    users: facts.targets('tilknyttedeBrugere', at),
    tasks: facts.tasks(at),
    systems: facts.targets('tilknyttedeItSystemer', at),
  };
}
