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

/** The level with this name, which is also that of its element in XML. */
export const levelNamed = (name: string): Niveau | undefined =>
  PATTERNS.find(([level]) => level === name)?.[0];

/** `27.18.02` → `27.18` → `27` → null; `G01` → `G` → null. Expects a KLE number. */
export function parentOf(nr: string): string | null {
  if (nr.includes('.')) return nr.slice(0, nr.lastIndexOf('.'));
  return /^[A-ZÆØÅ]../.test(nr) ? nr.slice(0, 1) : null;
}

export const facetOf = (niveau: Niveau): KleFacet =>
  niveau === 'Handlingsfacet' || niveau === 'HandlingsfacetKategori' ? 'Handlingsfacet' : 'Emne';
