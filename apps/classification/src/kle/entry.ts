/** The two facets of KLE: what a case is about, and what is done about it. */
export type KleFacet = 'Emne' | 'Handlingsfacet';
export type Niveau = 'Hovedgruppe' | 'Gruppe' | 'Emne' | 'HandlingsfacetKategori' | 'Handlingsfacet';
export type KleFormat =
  | 'Emneplan 2.0'
  | 'REST 1.2'
  | 'REST 1.3'
  | 'Handlingsfacetter 2.0'
  | 'REST Handlingsfacetter'
  | 'UUID-liste';
export type Bevaring = 'B' | 'K' | 'K5' | 'K10';

/** A keyword; with `handlingsfacet` it implies that facet beside the subject. */
export interface Stikord {
  readonly orden: string;
  readonly tekst: string;
  readonly handlingsfacet?: string;
}

export interface Retskilde {
  readonly titel: string;
  readonly paragrafEllerKapitel?: string;
  /** As written, often with a paragraph suffix: `B20130120905_P13-18`. Empty only from a lenient reading. */
  readonly accessionsnummer: string;
  readonly url?: string;
}

/** One number of KLE as an edition gives it. Dates are Danish days, `yyyy-mm-dd`. */
export interface KleEntry {
  readonly nr: string;
  readonly niveau: Niveau;
  /** The entry that this one stands under in the file; in an extract that need not be the one its number begins with. */
  readonly overordnet: string | null;
  /** Without the suffix that says it has expired: expiry is a state, not a name. */
  readonly titel: string;
  /** Sanitised and normalised, or empty. */
  readonly vejledningHtml: string;
  readonly oprettet?: string;
  /** In the order of the file. May lie before `oprettet`. */
  readonly rettet: readonly string[];
  readonly udgaaet?: string;
  readonly flyttet?: string;
  /** Numbers, possibly of another level, possibly of no known entry. */
  readonly afloestAf: readonly string[];
  /** Absent where the file says nothing or `tom`. */
  readonly bevaring?: Bevaring;
  /** An xs:duration, kept and compared as text: KLE went from 360-day to 365-day years. */
  readonly sletning?: string;
  readonly filtre: readonly string[];
  readonly stikord: readonly Stikord[];
  readonly retskilder: readonly Retskilde[];
  /** The official one, lower case. */
  readonly uuid?: string;
  /** Where the entry begins in the file, counted from 1. */
  readonly linje: number;
}

/** What a format may or may not carry. What a file does not carry, it says nothing about. */
export type KleFelt =
  | 'titel'
  | 'vejledning'
  | 'oprettet'
  | 'rettet'
  | 'bevaring'
  | 'sletning'
  | 'filtre'
  | 'stikord'
  | 'retskilder'
  | 'url';

/** Something in a file worth a person's attention that does not stop the import. */
export interface KleAdvarsel {
  readonly linje: number;
  readonly kolonne: number;
  readonly sti: string;
  readonly besked: string;
}

export interface KleHead {
  readonly format: KleFormat;
  readonly facet: KleFacet;
  /** Absent where the file has none (the UUID list). */
  readonly udgivelsesdato?: string;
  readonly felter: readonly KleFelt[];
  readonly advarsler: readonly KleAdvarsel[];
}

export interface KleEdition extends KleHead {
  readonly entries: readonly KleEntry[];
}

/** The day an entry ceased to be in use, whichever way. */
export const ophoert = ({ udgaaet, flyttet }: Pick<KleEntry, 'udgaaet' | 'flyttet'>): string | undefined =>
  udgaaet ?? flyttet;
