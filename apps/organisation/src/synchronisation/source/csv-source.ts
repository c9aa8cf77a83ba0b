import { isUuid, parseInstant, startOfDanishDay } from '@stoettesystemer/object';
import { type TableName, type TableRow, tableRows } from './csv-table';
import type { DirectoryObjects, PersonSaid, PostSaid, UnitSaid } from './directory-objects';
import type { Entry, Place, Source, SourceFile } from './entry';
import type { Virkning } from './lora-time';
import { SourceFault } from './source-fault';
import type { Encoding } from './strict-text';

const KINDS: Readonly<Record<string, string>> = {
  afdeling: '16bf18c3-ed6f-44b0-b7a1-35f94984e519',
  team: '2d9710bf-e9cc-465f-8ec7-46d5f2a64412',
};
const UNIT_ADDRESSES = { email: 'Email', telefon: 'Telefon', adresse: 'Lokation', ean: 'Ean' } as const;
const USER_ADDRESSES = { email: 'Email', telefon: 'Telefon' } as const;
const KLE = /^\d\d(\.\d\d(\.\d\d)?)?$/;
const YES: ReadonlySet<string> = new Set(['ja', 'true', '1', 'x']);
const NO: ReadonlySet<string> = new Set(['', 'nej', 'false', '0']);

/** The row says something that cannot be. The text holds none of its values. */
class WrongRow extends Error {}

interface Kept<T> {
  readonly place: Place;
  readonly said: T[];
}

export interface CsvOptions {
  readonly encoding: Encoding;
  /** From when on it is said, where the files have no column for it. */
  readonly from: string;
  readonly makesOrganisation: boolean;
  readonly organisationName: string;
}

function instantOf(day: string, column: string): string {
  const [, date] = /^(\d{4}-\d\d-\d\d)$/.exec(day) ?? [];
  if (date === undefined || parseInstant(`${date}T00:00:00Z`) === null)
    throw new WrongRow(`${column} er ikke en dato, fx 2026-11-01`);
  return startOfDanishDay(date);
}

function mustHave(row: TableRow, column: string): string {
  const text = row.text(column);
  if (text) return text;
  throw new WrongRow(`${column} mangler`);
}

function addressesOf(
  row: TableRow,
  roles: Readonly<Record<string, string>>,
): Record<string, string> | undefined {
  const columns = Object.keys(roles).filter((column) => row.text(column) !== undefined);
  if (columns.length === 0) return undefined;
  return Object.fromEntries(
    columns.flatMap((column) => (row.text(column) ? [[roles[column]!, row.text(column)!]] : [])),
  );
}

/** Units and employments in tables. With columns fra and til they are a history, else they are as it is now. */
export class CsvSource implements Source {
  readonly form = 'csv';
  readonly isClosed = true;
  readonly omissions = new Map<string, number>();

  constructor(
    private readonly files: readonly SourceFile[],
    private readonly objects: DirectoryObjects,
    private readonly options: CsvOptions,
  ) {}

  /** No file has a column that says from when. @throws SourceFault where only some have one. */
  async isUndated(): Promise<boolean> {
    const dated: boolean[] = [];
    for (const file of this.files)
      for await (const { has } of tableRows(file, this.options.encoding)) {
        dated.push(has.has('fra'));
        break;
      }
    if (new Set(dated).size > 1)
      throw new SourceFault(
        'kolonner',
        { file: this.files[0]!.name, line: 1, column: 1 },
        'Enten har alle filerne kolonnen fra, eller også har ingen af dem.',
      );
    return !dated.includes(true);
  }

  async *entries(): AsyncIterable<Entry> {
    const units = new Map<string, Kept<UnitSaid>>();
    const posts = new Map<string, Kept<PostSaid>>();
    const people = new Map<string, Kept<Virkning> & { readonly person: PersonSaid }>();
    // Half of an object's periods would be another object than the source has.
    const spoilt = new Set<string>();
    for (const file of this.files)
      for await (const { table, row } of tableRows(file, this.options.encoding)) {
        if (!row) continue;
        try {
          if (row.wrong !== null) throw new WrongRow(row.wrong);
          if (table === 'enheder') keep(units, mustHave(row, 'noegle'), row.place, this.unitSaid(row));
          else this.employment(row, posts, people);
        } catch (cause) {
          if (!(cause instanceof WrongRow)) throw cause;
          const uuids = this.about(table, row);
          for (const uuid of uuids) spoilt.add(uuid);
          yield { place: row.place, reason: cause.message, ...(uuids.length > 0 ? { uuids } : {}) };
        }
      }
    if (this.options.makesOrganisation) yield* this.organisation(units);
    for (const [key, { place, said }] of units)
      if (!spoilt.has(this.objects.unitUuid(key))) yield* this.objects.unit(place, key, said);
    for (const { place, said, person } of people.values()) {
      // From the first day of the first employment; the last day may not be known.
      const fra = said
        .map((virkning) => virkning.fra)
        .sort((a, b) => (parseInstant(a)! < parseInstant(b)! ? -1 : 1))[0]!;
      yield* this.objects.person(place, person, { fra, til: null });
    }
    for (const [key, { place, said }] of posts)
      if (!spoilt.has(this.objects.postUuid(key))) yield this.objects.post(place, key, said);
  }

  /** Whose row it is, where that can be told; of a post also whose it is. */
  private about(table: TableName, row: TableRow): string[] {
    const key = row.wrong === null ? row.text('noegle') : undefined;
    if (!key) return [];
    if (table === 'enheder') return [this.objects.unitUuid(key)];
    const user = row.text('bruger');
    const people = user ? [this.objects.userUuid(user), this.objects.personUuid(user)] : [];
    return [this.objects.postUuid(key), ...people];
  }

  private virkningOf(row: TableRow): Virkning {
    if (row.text('fra') === undefined) return { fra: this.options.from, til: null };
    const fra = instantOf(mustHave(row, 'fra'), 'fra');
    const til = row.text('til') ? instantOf(row.text('til')!, 'til') : null;
    if (til !== null && parseInstant(fra)! >= parseInstant(til)!)
      throw new WrongRow('fra ligger ikke før til');
    return { fra, til };
  }

  private unitSaid(row: TableRow): UnitSaid {
    const kind = row.text('enhedstype');
    const kle = row
      .text('kle')
      ?.split(',')
      .map((number) => number.trim())
      .filter(Boolean);
    if (kle?.some((number) => !KLE.test(number))) throw new WrongRow('kle er ikke numre i KLE, fx 27.18');
    const enhedstype = kind ? (KINDS[kind.toLowerCase()] ?? kind) : null;
    if (enhedstype !== null && !isUuid(enhedstype))
      throw new WrongRow('enhedstype er hverken Afdeling, Team eller en UUID');
    const adresser = addressesOf(row, UNIT_ADDRESSES);
    return {
      virkning: this.virkningOf(row),
      navn: mustHave(row, 'navn'),
      overordnet: row.text('overordnet') || null,
      ...(kind === undefined ? {} : { enhedstype }),
      ...(kle === undefined ? {} : { kle }),
      ...(adresser === undefined ? {} : { adresser }),
    };
  }

  private employment(
    row: TableRow,
    posts: Map<string, Kept<PostSaid>>,
    people: Map<string, Kept<Virkning> & { readonly person: PersonSaid }>,
  ): void {
    const bruger = mustHave(row, 'bruger');
    if (/^\d{6}-?\d{4}$/.test(bruger) || /^\d{6}-?\d{4}$/.test(mustHave(row, 'noegle')))
      throw new WrongRow('en nøgle må ikke være et CPR-nummer');
    const leader = row.text('leder')?.toLowerCase() ?? '';
    if (!YES.has(leader) && !NO.has(leader)) throw new WrongRow('leder er hverken ja eller nej');
    const cpr = row.text('cpr')?.replace('-', '');
    if (cpr && !/^\d{10}$/.test(cpr)) throw new WrongRow('cpr er ikke ti cifre');
    const adresser = addressesOf(row, USER_ADDRESSES);
    const person: PersonSaid = {
      bruger,
      navn: mustHave(row, 'navn'),
      ...(cpr === undefined ? {} : { cpr: cpr || null }),
      ...(adresser === undefined ? {} : { adresser }),
    };
    const virkning = this.virkningOf(row);
    const known = people.get(bruger);
    if (known && JSON.stringify(known.person) !== JSON.stringify(person))
      throw new WrongRow('brugeren har i en anden række et andet navn, cpr-nummer eller andre adresser');
    keep(posts, mustHave(row, 'noegle'), row.place, {
      virkning,
      enhed: mustHave(row, 'enhed'),
      bruger,
      stilling: mustHave(row, 'stilling'),
      isLeader: YES.has(leader),
    });
    if (known) known.said.push(virkning);
    else people.set(bruger, { place: row.place, said: [virkning], person });
  }

  private *organisation(units: ReadonlyMap<string, Kept<UnitSaid>>): Generator<Entry> {
    const roots = [...units].filter(([, { said }]) => said.some(({ overordnet }) => overordnet === null));
    const [root] = roots;
    if (!root) return;
    const [key, { place, said }] = root;
    const first = said.reduce((a, b) =>
      parseInstant(a.virkning.fra)! <= parseInstant(b.virkning.fra)! ? a : b,
    );
    yield this.objects.organisationOf(
      place,
      { fra: first.virkning.fra, til: null },
      this.options.organisationName,
      first.navn,
      key,
    );
  }
}

/** Rows of one key are one object's periods. @throws WrongRow where two of them overlap. */
function keep<T extends { readonly virkning: Virkning }>(
  kept: Map<string, Kept<T>>,
  key: string,
  place: Place,
  said: T,
): void {
  const known = kept.get(key);
  if (!known) return void kept.set(key, { place, said: [said] });
  const from = (virkning: Virkning) => parseInstant(virkning.fra)!;
  const to = (virkning: Virkning) => (virkning.til === null ? null : parseInstant(virkning.til)!);
  for (const { virkning } of known.said) {
    const [end, until] = [to(virkning), to(said.virkning)];
    if ((end === null || from(said.virkning) < end) && (until === null || from(virkning) < until))
      throw new WrongRow('nøglen står i en anden række i samme periode');
  }
  known.said.push(said);
}
