import type { KleEntry, KleFelt, Retskilde } from './entry';

/** A number of KLE as the register holds it now. Without `rettet`, the register does not keep those days. */
export type KleSnapshot = Omit<KleEntry, 'linje' | 'uuid' | 'rettet'> & {
  readonly rettet?: readonly string[];
};

/** An URL belongs to the accession number, so it outlives an edition of a format that has none. */
const withUrl = (source: Retskilde, known: readonly Retskilde[]): Retskilde => {
  const url = known.find(({ accessionsnummer }) => accessionsnummer === source.accessionsnummer)?.url;
  return source.url === undefined && url !== undefined ? { ...source, url } : source;
};

/**
 * The entry as it stands after the edition: what a file does not carry (`felter` are what it does) stays as it was.
 * Whether the number is in use is always the file's to say.
 */
export function carriedOver(
  before: KleSnapshot | undefined,
  entry: KleEntry,
  felter: readonly KleFelt[],
): KleEntry {
  if (!before) return entry;
  const has = (felt: KleFelt): boolean => felter.includes(felt);
  return {
    ...entry,
    vejledningHtml: has('vejledning') ? entry.vejledningHtml : before.vejledningHtml,
    oprettet: entry.oprettet ?? before.oprettet,
    rettet: has('rettet') ? entry.rettet : (before.rettet ?? []),
    bevaring: has('bevaring') ? entry.bevaring : before.bevaring,
    sletning: has('sletning') ? entry.sletning : before.sletning,
    filtre: has('filtre') ? entry.filtre : before.filtre,
    stikord: has('stikord') ? entry.stikord : before.stikord,
    retskilder: !has('retskilder')
      ? before.retskilder
      : has('url')
        ? entry.retskilder
        : entry.retskilder.map((source) => withUrl(source, before.retskilder)),
  };
}
