import type { KleEdition, KleEntry, KleFacet, KleFormat, Niveau } from './entry';
import { ophoert } from './entry';
import { changesOf, type FieldChange } from './field-change';
import { niveauOf } from './kle-number';
import type { Advice } from './advice';
import { carriedOver, type KleSnapshot } from './snapshot';

export type Tilstand = 'aktiv' | 'udgaaet' | 'flyttet';

export interface Successor {
  readonly nr: string;
  /** Whether the number is in the file or in the register. */
  readonly findes: boolean;
}

export interface Changed {
  readonly nr: string;
  readonly niveau: Niveau;
  readonly titel: string;
  readonly tilstand: Tilstand;
  /** The day it went out of use. */
  readonly ophoert?: string;
  readonly afloestAf: readonly Successor[];
  /** Empty for what is new. */
  readonly felter: readonly FieldChange[];
}

const KINDS = ['nye', 'aendrede', 'typografiske', 'udgaaede', 'flyttede', 'genaktiverede'] as const;
type Kind = (typeof KINDS)[number];

/** What an edition does to the register. Each of its entries is counted once; `ikkeIFilen` are left alone. */
export interface ChangeReport extends Readonly<Record<Kind, readonly Changed[]>> {
  readonly format: KleFormat;
  readonly facet: KleFacet;
  readonly udgivelsesdato?: string;
  readonly antal: Readonly<Record<Kind | 'iFilen' | 'uaendrede' | 'ikkeIFilen', number>>;
  readonly ikkeIFilen: readonly { readonly nr: string; readonly titel: string }[];
  readonly raad: readonly Advice[];
}

export const tilstandOf = ({ udgaaet, flyttet }: Pick<KleEntry, 'udgaaet' | 'flyttet'>): Tilstand =>
  flyttet ? 'flyttet' : udgaaet ? 'udgaaet' : 'aktiv';

/** How an entry counts. An expiry or a move that is only dated anew is a change like others. */
function kindOf(
  before: KleSnapshot | undefined,
  now: KleEntry,
  felter: readonly FieldChange[],
): Kind | undefined {
  if (!before) return 'nye';
  const [from, to] = [tilstandOf(before), tilstandOf(now)];
  if (from !== to) return to === 'aktiv' ? 'genaktiverede' : to === 'flyttet' ? 'flyttede' : 'udgaaede';
  if (felter.some(({ typografisk }) => !typografisk)) return 'aendrede';
  return felter.length > 0 ? 'typografiske' : undefined;
}

/** What is odd about an entry, given the state of any number after the import. */
function* oddities(entry: KleEntry, after: (nr: string) => KleSnapshot | undefined): Generator<Advice> {
  const { nr, niveau, oprettet, rettet, flyttet, afloestAf, overordnet } = entry;
  if (flyttet && afloestAf.length === 0)
    yield {
      slags: 'flyttet-uden-efterfoelger',
      nr,
      besked: `${nr} er flyttet ${flyttet}, men filen siger ikke hvorhen`,
    };
  for (const successor of afloestAf) {
    if (!after(successor))
      yield { slags: 'efterfoelger-mangler', nr, besked: `${nr} er afløst af ${successor}, som ikke findes` };
    if (niveauOf(successor) !== niveau)
      yield {
        slags: 'efterfoelger-paa-andet-niveau',
        nr,
        besked: `${niveau} ${nr} er afløst af ${niveauOf(successor) ?? 'nummeret'} ${successor}`,
      };
  }
  const early = rettet.find((day) => oprettet !== undefined && day < oprettet);
  if (early)
    yield {
      slags: 'rettet-foer-oprettet',
      nr,
      besked: `${nr} er rettet ${early}, før det blev oprettet ${oprettet ?? ''}`,
    };
  const parent = overordnet === null ? undefined : after(overordnet);
  if (parent && ophoert(parent) && !ophoert(entry))
    yield { slags: 'aktiv-under-udgaaet', nr, besked: `${nr} er i brug under ${parent.nr}, som er udgået` };
}

/**
 * What an edition changes in the register (`before`: all it holds of the facet). Nothing is deleted: an edition may be
 * an extract, and an expired number stays. Fields that the edition's format does not carry count as unchanged.
 */
export function compare(before: readonly KleSnapshot[], edition: KleEdition): ChangeReport {
  const known = new Map(before.map((snapshot) => [snapshot.nr, snapshot]));
  const inFile = new Map(edition.entries.map((entry) => [entry.nr, entry]));
  const after = (nr: string): KleSnapshot | undefined => inFile.get(nr) ?? known.get(nr);
  const lists: Record<Kind, Changed[]> = {
    nye: [],
    aendrede: [],
    typografiske: [],
    udgaaede: [],
    flyttede: [],
    genaktiverede: [],
  };
  for (const entry of edition.entries) {
    const old = known.get(entry.nr);
    const now = carriedOver(old, entry, edition.felter);
    const felter = old ? changesOf(old, now) : [];
    const kind = kindOf(old, now, felter);
    if (!kind) continue;
    const { nr, niveau, titel } = now;
    const afloestAf = now.afloestAf.map((successor) => ({
      nr: successor,
      findes: after(successor) !== undefined,
    }));
    lists[kind].push({
      nr,
      niveau,
      titel,
      tilstand: tilstandOf(now),
      ophoert: ophoert(now),
      afloestAf,
      felter,
    });
  }
  const ikkeIFilen = before.filter(({ nr }) => !inFile.has(nr)).map(({ nr, titel }) => ({ nr, titel }));
  const { format, facet, udgivelsesdato, entries } = edition;
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, lists[kind].length])) as Record<Kind, number>;
  const touched = KINDS.reduce((sum, kind) => sum + counts[kind], 0);
  return {
    format,
    facet,
    udgivelsesdato,
    antal: {
      iFilen: entries.length,
      ...counts,
      uaendrede: entries.length - touched,
      ikkeIFilen: ikkeIFilen.length,
    },
    ...lists,
    ikkeIFilen,
    raad: entries.flatMap((entry) => [...oddities(entry, after)]),
  };
}
