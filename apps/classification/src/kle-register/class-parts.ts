import { createHash } from 'node:crypto';
import { type KleEntry, type Retskilde, type Stikord } from '../kle/entry';

type Item = Readonly<Record<string, unknown>>;

const LONGEST_KEY = 50;

/** A key of at most fifty characters that the same text always gives, and readable where it can be. */
function keyOf(text: string): string {
  if ([...text].length <= LONGEST_KEY) return text;
  const tail = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return `${[...text].slice(0, LONGEST_KEY - 14).join('')}… ${tail}`;
}

/** One text may stand twice, with a facet and without; the key tells them apart. */
const keywordKey = ({ tekst, handlingsfacet }: Stikord): string =>
  keyOf(handlingsfacet ? `${tekst} → ${handlingsfacet}` : tekst);
const sourceText = ({ titel, paragrafEllerKapitel, accessionsnummer }: Retskilde): string =>
  [accessionsnummer, paragrafEllerKapitel, titel].filter(Boolean).join(' ');

const keyed = <T>(list: readonly T[], key: (each: T) => string, item: (each: T) => Item): Map<string, Item> =>
  new Map(list.map((each) => [key(each), item(each)]));

/** The søgeord of a class, by identifikator. */
export const keywordsOf = ({ stikord }: Pick<KleEntry, 'stikord'>): Map<string, Item> =>
  keyed(stikord, keywordKey, (each) => ({
    identifikator: keywordKey(each),
    ...(keywordKey(each) === each.tekst ? {} : { beskrivelse: each.tekst }),
    ...(each.orden ? { orden: each.orden } : {}),
    ...(each.handlingsfacet ? { kategori: each.handlingsfacet } : {}),
  }));

/** The retskildereferencer of a class, by id. */
export const sourcesOf = ({ retskilder }: Pick<KleEntry, 'retskilder'>): Map<string, Item> =>
  keyed(
    retskilder,
    (each) => keyOf(sourceText(each)),
    (each) => ({
      id: keyOf(sourceText(each)),
      ...(each.titel ? { titel: each.titel } : {}),
      ...(each.paragrafEllerKapitel ? { paragrafEllerKapitel: each.paragrafEllerKapitel } : {}),
      ...(each.accessionsnummer ? { accessionsnummer: each.accessionsnummer } : {}),
      ...(each.url ? { url: each.url } : {}),
    }),
  );

/** What KLE says beside the standard; null clears. */
export const detailsOf = (entry: Omit<KleEntry, 'linje' | 'uuid'>): Item => ({
  niveau: entry.niveau,
  bevaringJaevnfoerArkivloven: entry.bevaring ?? null,
  sletningJaevnfoerPersondataloven: entry.sletning ?? null,
  oprettetDato: entry.oprettet ?? null,
  rettetDato: entry.rettet.length > 0 ? entry.rettet : null,
  udgaaetDato: entry.udgaaet ?? null,
  flyttetDato: entry.flyttet ?? null,
  afloestAf: entry.afloestAf.length > 0 ? entry.afloestAf : null,
  filter: entry.filtre.length > 0 ? entry.filtre : null,
});
