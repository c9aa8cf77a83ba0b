import type { KleFacet, Niveau } from './entry';

const PATTERNS: readonly (readonly [Niveau, RegExp])[] = [
  ['Hovedgruppe', /^[0-9]{2}$/],
  ['Gruppe', /^[0-9]{2}\.[0-9]{2}$/],
  ['Emne', /^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$/],
  ['HandlingsfacetKategori', /^[A-ZÆØÅ]$/],
  ['Handlingsfacet', /^[A-ZÆØÅ][0-9]{2}$/],
];

/** The level that a number's form tells, or undefined for what is not a KLE number. */
export const niveauOf = (nr: string): Niveau | undefined => PATTERNS.find(([, form]) => form.test(nr))?.[0];

export const LEVELS: readonly Niveau[] = PATTERNS.map(([level]) => level);
const named: ReadonlyMap<string, Niveau> = new Map(LEVELS.map((level) => [level, level]));

/** The level with this name, which is also that of its element in XML. */
export const levelNamed = (name: string): Niveau | undefined => named.get(name);

/** `27.18.02` → `27.18` → `27` → null; `G01` → `G` → null. Expects a KLE number. */
export function parentOf(nr: string): string | null {
  if (nr.includes('.')) return nr.slice(0, nr.lastIndexOf('.'));
  return /^[A-ZÆØÅ]../.test(nr) ? nr.slice(0, 1) : null;
}

/** How many numbers stand above it. */
export function depthOf(nr: string): number {
  const parent = parentOf(nr);
  return parent === null ? 0 : 1 + depthOf(parent);
}

export const facetOf = (niveau: Niveau): KleFacet =>
  niveau === 'Handlingsfacet' || niveau === 'HandlingsfacetKategori' ? 'Handlingsfacet' : 'Emne';
