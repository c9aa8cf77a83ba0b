import type { Declaration, Section } from '@stoettesystemer/object';
import fc from 'fast-check';
import { arbitraryObject } from '../arbitrary-object';

export type Json = Record<string, unknown>;
/** One item of a facet: `{ virkning, … }`. */
export type Item = Json & { virkning: { fra: string; til?: string | null } };
/** What an object is made from. */
export type Body = Record<Section, Record<string, Item[]>>;
/** An object as it is answered. */
export interface Registered extends Body {
  readonly uuid: string;
  readonly objekttype: string;
  readonly ejer: string;
  readonly registrering: {
    nummer: number;
    fra: string;
    til: string | null;
    livscyklus: string;
    note?: string;
  };
}

export const SECTIONS = ['attributter', 'tilstande', 'relationer'] as const;

/** Enough that every optional facet and member is given in some. */
const SAMPLES = 40;

/** Tells the items of a facet apart, as the contract does (§4). */
export function slotOf(type: Declaration, facet: string, item: Item): string {
  const group = type.attributes[facet];
  if (group) return group.key === undefined ? '' : String(item[group.key]);
  const relation = type.relations[facet];
  if (!relation?.many) return '';
  return relation.indexed
    ? `${String(item['rolle'] ?? '')}|${String(item['indeks'])}`
    : JSON.stringify(item['reference']);
}

/**
 * A body with every facet and every member that the type has; `seed` gives the values. Each optional thing is missing
 * in some of the samples, so many are laid over each other.
 */
export function wholeBody(type: Declaration, seed: number): Body {
  const samples = fc.sample(arbitraryObject(type), { seed, numRuns: SAMPLES }) as unknown as Body[];
  const facets = (section: Section) => [
    ...new Set(samples.flatMap((sample) => Object.keys(sample[section]))),
  ];
  const listOf = (section: Section, facet: string): Item[] => {
    const lists = samples.flatMap((sample) => (sample[section][facet] ? [sample[section][facet]] : []));
    const all = Object.assign({}, ...lists.flat()) as Item;
    const longest = lists.reduce((a, b) => (b.length > a.length ? b : a));
    return longest.map((item) => ({ ...all, ...item }));
  };
  const made = SECTIONS.map((section) => [
    section,
    Object.fromEntries(facets(section).map((facet) => [facet, listOf(section, facet)])),
  ]);
  return Object.fromEntries(made) as Body;
}
