import { type Fault, isUuid, Refusal } from '@stoettesystemer/object';
import { holdsPersonNumber } from '../envelope/person-number';
import { pointerTo } from '../envelope/pointer';
import {
  COMPARING,
  type Comparing,
  type Comparisons,
  type Dialect,
  DIALECTS,
  type Filter,
  FILTER_LIMITS as LIMITS,
  LISTED,
  type Listed,
  type ListCondition,
} from './filter';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isOneOf = <const T extends string>(names: readonly T[], name: unknown): name is T =>
  (names as readonly unknown[]).includes(name);
const CONTENT = ['data', 'data_base64'];
/** Half a character, or a control character, which no attribute can have. */
const IMPOSSIBLE = /[\p{Cc}\p{Cs}]/u;

/** Reads filters as somebody wrote them, and gathers what is wrong. */
class FilterReader {
  readonly faults: Fault[] = [];
  private parts = 0;

  list(value: unknown, sti: string, depth: number): Filter[] | null {
    if (!Array.isArray(value)) return this.wrong(sti, 'type', 'Skal være en liste af filtre.');
    if (value.length > LIMITS.filters)
      return this.wrong(sti, 'antal', `Må højst være ${LIMITS.filters} filtre.`);
    return value.flatMap((each: unknown, index) => this.filter(each, pointerTo(sti, index), depth) ?? []);
  }

  private wrong(sti: string, kode: string, besked: string): null {
    this.faults.push({ sti, kode, besked });
    return null;
  }

  private filter(value: unknown, sti: string, depth: number): Filter | null {
    if (depth > LIMITS.depth)
      return this.wrong(sti, 'dybde', `Filtre må højst stå i ${LIMITS.depth} niveauer.`);
    // The rest is not looked at, so that a giant is refused at the cost of what is allowed.
    if (++this.parts > LIMITS.parts)
      return this.parts === LIMITS.parts + 1
        ? this.wrong(sti, 'antal', `Filtre og sammenligninger må højst være ${LIMITS.parts} i alt.`)
        : null;
    if (!isObject(value)) return this.wrong(sti, 'type', 'Et filter skal være et objekt.');
    const names = Object.keys(value);
    const [name] = names;
    if (names.length !== 1 || name === undefined)
      return this.wrong(sti, 'filter', `Et filter har ét medlem: ${DIALECTS.join(', ')}.`);
    if (!isOneOf(DIALECTS, name)) return this.unknown(name, sti);
    return this.ofDialect(name, value[name], pointerTo(sti, name), depth);
  }

  private unknown(name: string, sti: string): null {
    const besked =
      name === 'sql'
        ? 'CloudEvents SQL understøttes ikke; brug exact, prefix, suffix, all, any og not.'
        : `Filteret kendes ikke; det skal være et af: ${DIALECTS.join(', ')}.`;
    return this.wrong(pointerTo(sti, name), 'ukendt', besked);
  }

  private ofDialect(name: Dialect, value: unknown, sti: string, depth: number): Filter | null {
    if (name === 'not') {
      const not = this.filter(value, sti, depth + 1);
      return not && { not };
    }
    if (name === 'vaerdiliste') {
      const vaerdiliste = this.listCondition(value, sti);
      return vaerdiliste && { vaerdiliste };
    }
    if (isOneOf(COMPARING, name)) return this.comparisons(name, value, sti);
    if (Array.isArray(value) && value.length === 0)
      return this.wrong(sti, 'paakraevet', 'Skal have mindst ét filter.');
    const parts = this.list(value, sti, depth + 1);
    return parts && (name === 'all' ? { all: parts } : { any: parts });
  }

  private comparisons(dialect: Comparing, value: unknown, sti: string): Filter | null {
    if (!isObject(value)) return this.wrong(sti, 'type', 'Skal være et objekt med attributter og tekster.');
    const entries = Object.entries(value);
    if (entries.length === 0) return this.wrong(sti, 'paakraevet', 'Skal have mindst én attribut.');
    this.parts += entries.length - 1;
    if (this.parts > LIMITS.parts)
      return this.wrong(sti, 'antal', `Filtre og sammenligninger må højst være ${LIMITS.parts} i alt.`);
    for (const [name, given] of entries) this.comparison(name, given, pointerTo(sti, name));
    return { [dialect]: value as Comparisons } as unknown as Filter;
  }

  private comparison(name: string, given: unknown, sti: string): null {
    if (CONTENT.includes(name)) return this.wrong(sti, 'attribut', 'Der kan ikke filtreres på indholdet.');
    if (!/^[a-z0-9]+$/.test(name) || name.length > LIMITS.name || holdsPersonNumber(name))
      return this.wrong(
        sti,
        'attribut',
        `En attribut har 1-${LIMITS.name} tegn af a-z og 0-9, for eksempel objekttype.`,
      );
    if (typeof given !== 'string') return this.wrong(sti, 'type', 'Skal være en tekst.');
    if (given === '' || given.length > LIMITS.value)
      return this.wrong(sti, 'laengde', `Skal være 1-${LIMITS.value} tegn.`);
    if (IMPOSSIBLE.test(given))
      return this.wrong(sti, 'tegn', 'Må ikke indeholde styretegn eller halve tegn.');
    if (holdsPersonNumber(given))
      return this.wrong(sti, 'personnummer', 'Et CPR-nummer må ikke stå i et filter; brug en værdiliste.');
    return null;
  }

  private listCondition(value: unknown, sti: string): ListCondition | null {
    if (!isObject(value)) return this.wrong(sti, 'type', 'Skal være et objekt med attribut og uuid.');
    const { attribut, uuid, ...others } = value;
    const [other] = Object.keys(others);
    if (other !== undefined) this.wrong(pointerTo(sti, other), 'ukendt', 'Medlemmet kendes ikke.');
    if (!isOneOf(LISTED, attribut))
      this.wrong(pointerTo(sti, 'attribut'), 'vaerdi', `Skal være en af: ${LISTED.join(', ')}.`);
    if (!isUuid(uuid)) return this.wrong(pointerTo(sti, 'uuid'), 'uuid', 'Skal være værdilistens UUID.');
    return { attribut: attribut as Listed, uuid: uuid.toLowerCase() };
  }
}

const SHOWN = 50;

/**
 * Reads a subscription's filters strictly.
 * @throws Refusal 400 in Danish, with a pointer to each part that is wrong; values are not repeated.
 */
export function parseFilters(value: unknown, sti = '/filtre'): readonly Filter[] {
  const reader = new FilterReader();
  const filters = reader.list(value, sti, 1) ?? [];
  if (reader.faults.length > 0)
    throw new Refusal(400, 'filter', 'Filtrene er ikke, som de skal være. Se fejl.', {
      fejl: reader.faults.slice(0, SHOWN),
    });
  return filters;
}

/** The UUIDs of the lists that filters ask, to be looked up when they are saved. */
export function listsIn(filters: readonly Filter[]): ReadonlySet<string> {
  const found = new Set<string>();
  const look = (filter: Filter): void => {
    if ('vaerdiliste' in filter) found.add(filter.vaerdiliste.uuid);
    else if ('not' in filter) look(filter.not);
    else if ('all' in filter) filter.all.forEach(look);
    else if ('any' in filter) filter.any.forEach(look);
  };
  filters.forEach(look);
  return found;
}
