import { ophoert, type Retskilde, type Stikord } from './entry';
import type { KleSnapshot } from './snapshot';
import { typographicKey } from './title';

export interface FieldChange {
  readonly felt: keyof typeof FIELDS;
  /** As text; one line for each of several. Empty for nothing. */
  readonly foer: string;
  readonly nu: string;
  /** Nobody would hear the difference: dashes, quotes, blanks, or the drifting name of a filter. */
  readonly typografisk: boolean;
}

interface Field {
  /** In the order that tells them equal: sources, keywords and filters have none of their own. */
  readonly lines: (entry: KleSnapshot) => readonly string[];
  /** Two lines with the same key differ only typographically. Without one, every difference is a change. */
  readonly key?: (line: string) => string;
}

/** KLE names the same source twice in eight places; twice says no more than once. */
const unique = (lines: readonly string[]): string[] => [...new Set(lines)].sort();
const single = (text: string | undefined): string[] => (text ? [text] : []);
const sourceLine = ({ titel, paragrafEllerKapitel, accessionsnummer, url }: Retskilde): string =>
  [titel, paragrafEllerKapitel, accessionsnummer && `(${accessionsnummer})`, url].filter(Boolean).join(' ');
const keywordLine = ({ orden, tekst, handlingsfacet }: Stikord): string =>
  [orden, tekst, handlingsfacet && `→ ${handlingsfacet}`].filter(Boolean).join(' ');
/** `KommunalVandDelplan` in 2015 is `KommunalVand` in 2025. */
const filterKey = (name: string): string =>
  typographicKey(name)
    .replace(/delplan$/i, '')
    .toLowerCase();

const FIELDS = {
  titel: { lines: ({ titel }) => single(titel), key: typographicKey },
  overordnet: { lines: ({ overordnet }) => single(overordnet ?? undefined) },
  vejledning: { lines: ({ vejledningHtml }) => single(vejledningHtml), key: typographicKey },
  bevaring: { lines: ({ bevaring }) => single(bevaring) },
  sletning: { lines: ({ sletning }) => single(sletning) },
  filtre: { lines: ({ filtre }) => [...filtre].sort(), key: filterKey },
  stikord: { lines: ({ stikord }) => unique(stikord.map(keywordLine)), key: typographicKey },
  retskilder: { lines: ({ retskilder }) => unique(retskilder.map(sourceLine)), key: typographicKey },
  oprettet: { lines: ({ oprettet }) => single(oprettet) },
  rettet: { lines: ({ rettet = [] }) => rettet },
  ophoert: { lines: (entry) => single(ophoert(entry)) },
  afloestAf: { lines: ({ afloestAf }) => [...afloestAf].sort() },
} satisfies Record<string, Field>;

const NAMES = Object.keys(FIELDS) as FieldChange['felt'][];

function isTypographic({ key }: Field, before: readonly string[], now: readonly string[]): boolean {
  if (!key) return false;
  const keys = (lines: readonly string[]): string => lines.map(key).sort().join('\n');
  return keys(before) === keys(now);
}

/** Every field in which two states of a number differ. `felter` that the register does not keep are not compared. */
export function changesOf(before: KleSnapshot, now: KleSnapshot): FieldChange[] {
  return NAMES.filter((felt) => felt !== 'rettet' || before.rettet !== undefined).flatMap((felt) => {
    const field: Field = FIELDS[felt];
    const [old, current] = [field.lines(before), field.lines(now)];
    const [foer, nu] = [old.join('\n'), current.join('\n')];
    return foer === nu ? [] : [{ felt, foer, nu, typografisk: isTypographic(field, old, current) }];
  });
}
