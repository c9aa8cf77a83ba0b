/** What is pointed at is written before what points at it, so that rules hold on the way. */
const ORDER: readonly string[] = [
  'Klassifikation',
  'Facet',
  'Klasse',
  'Adresse',
  'Virksomhed',
  'Myndighed',
  'Organisation',
  'OrganisationEnhed',
  'ItSystem',
  'Interessefaellesskab',
  'Person',
  'Bruger',
  'OrganisationFunktion',
];

/** The turn of a type; types that are written at the same time have the same. */
export const turnOf = (type: string): number => ORDER.indexOf(type);

/** An organisation points at its root, and every unit at its organisation: they are written together. */
export const isStructure = (type: string): boolean => type === 'Organisation' || type === 'OrganisationEnhed';

/** Types that belong to another service. */
export const isOfKlassifikation = (type: string): boolean => turnOf(type) >= 0 && turnOf(type) <= 2;
