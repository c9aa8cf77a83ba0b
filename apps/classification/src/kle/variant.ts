import type { KleFelt, KleFormat } from './entry';
import { LEVELS } from './kle-number';
import type { Variant } from './schema';

/** Which schema a root element points at: `…/KLE-REST-Emneplan-fuld-version-1-3.xsd`. */
export function variantOf(schemaLocation: string): Variant {
  const version = /version-(\d+)-(\d+)/.exec(schemaLocation);
  if (!/rest/i.test(schemaLocation)) return version ? '2.0' : 'ukendt';
  if (!version) return 'rest';
  return Number(version[1]) > 1 || Number(version[2]) >= 3 ? '1.3' : '1.2';
}

/** `seen` are the fields that the file has shown. */
export function formatOf(root: string, variant: Variant, seen: ReadonlySet<KleFelt>): KleFormat {
  const isRest = variant !== '2.0' && variant !== 'ukendt';
  if (root === 'KLE-Handlingsfacetter') return isRest ? 'REST Handlingsfacetter' : 'Handlingsfacetter 2.0';
  if (!isRest) return 'Emneplan 2.0';
  return variant === '1.3' || seen.has('url') ? 'REST 1.3' : 'REST 1.2';
}

const ALWAYS = ['titel', 'vejledning', 'oprettet', 'rettet', 'filtre', 'retskilder'] as const;
/** What a file of the format says something about even where it says nothing. */
const CARRIED: Readonly<Record<KleFormat, readonly KleFelt[]>> = {
  'Emneplan 2.0': [...ALWAYS, 'bevaring', 'sletning'],
  // The schema of 1.2 has no retention, so there only a file that has some says something about it.
  'REST 1.2': [...ALWAYS, 'stikord'],
  'REST 1.3': [...ALWAYS, 'stikord', 'url'],
  'Handlingsfacetter 2.0': [...ALWAYS, 'bevaring'],
  'REST Handlingsfacetter': [...ALWAYS, 'stikord'],
  'UUID-liste': ['titel'],
};

/** A file read leniently may lack what its format demands, so it speaks only of what it has shown. */
export const fieldsOf = (format: KleFormat, seen: ReadonlySet<KleFelt>, isLenient: boolean): KleFelt[] => [
  ...new Set<KleFelt>(isLenient ? ['titel', ...seen] : [...CARRIED[format], ...seen]),
];

const EVIDENCE: ReadonlyMap<string, KleFelt> = new Map([
  ...LEVELS.flatMap((level): [string, KleFelt][] => [
    [`${level}Vejledning`, 'vejledning'],
    [`${level}RetskildeReference`, 'retskilder'],
    [`${level}Filter`, 'filtre'],
    [`${level}Stikord`, 'stikord'],
  ]),
  ['EmneOgHandlingsfacetStikord', 'stikord'],
  ['OprettetDato', 'oprettet'],
  ['RettetDato', 'rettet'],
  ['BevaringJaevnfoerArkivloven', 'bevaring'],
  ['SletningJaevnfoerPersondataloven', 'sletning'],
  ['RetsinfoURL', 'url'],
]);

/** The field that an element is evidence of. */
export const fieldOf = (element: string): KleFelt | undefined => EVIDENCE.get(element);
