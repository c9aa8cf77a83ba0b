import type { Ask, BulkItem, ObjectInput, ObjectStore } from '@stoettesystemer/engine';
import { Klasse } from '@stoettesystemer/model';
import { Refusal } from '@stoettesystemer/object';
import { type ChangeReport, compare } from '../kle/change-report';
import { type KleEdition, type KleEntry, ophoert } from '../kle/entry';
import { identify } from '../kle/identity';
import { type ByteSource, readKle, type ReadOptions } from '../kle/read-kle';
import { carriedOver } from '../kle/snapshot';
import { classChange } from './class-change';
import { classObject, type Place } from './class-object';
import { KleRegister, type Registered } from './kle-register';

export interface ImportOptions extends Pick<ReadOptions, 'lempelig' | 'totalBytes' | 'onProgress'> {
  /** Official UUIDs by number. */
  readonly uuids?: ReadonlyMap<string, string>;
  /** Reads, checks and compares; writes nothing. */
  readonly validateOnly?: boolean;
  /** Takes an edition older than the one the register follows, and lays it over what is newer. */
  readonly older?: boolean;
  /** The day of an edition that does not say it, `yyyy-mm-dd`. */
  readonly day: string;
  readonly onWritten?: (progress: { written: number; total: number }) => void;
}

/** Classes written in one transaction. */
const BATCH = 400;

/** What came in place of what, by the number that came. */
function successions(entries: readonly KleEntry[]): Map<string, { nr: string; fra: string }[]> {
  const found = new Map<string, { nr: string; fra: string }[]>();
  for (const entry of entries)
    for (const successor of entry.afloestAf) {
      const list = found.get(successor) ?? [];
      list.push({ nr: entry.nr, fra: ophoert(entry) ?? '' });
      found.set(successor, list);
    }
  return found;
}

/**
 * Brings Klassifikation to what an edition says. Read and checked whole before anything is written, so a file with
 * faults changes nothing; written in an order that can be taken up again, so a broken import is repeated, not mended.
 * Nothing is ever deleted. @throws Refusal with a line and a column for each fault of the file.
 */
export async function importKle(
  store: ObjectStore,
  ask: Ask,
  source: ByteSource,
  options: ImportOptions,
): Promise<ChangeReport> {
  const edition = await readKle(source, options);
  const register = new KleRegister(store, ask);
  if (!options.older) refuseOlder(edition, await register.edition(edition.facet));
  const known = await register.read(edition.facet);
  const report = compare(
    [...known.values()].map(({ snapshot }) => snapshot),
    edition,
  );
  const uuids = new Map([...known].map(([nr, { uuid }]) => [nr, uuid]));
  const identities = identify(edition.entries, uuids, options.uuids);
  for (const [nr, uuid] of identities.uuid) uuids.set(nr, uuid);
  if (!options.validateOnly) {
    await register.prepare(edition.facet);
    await new Writing(store, ask, edition, known, uuids, register.facetUuid(edition.facet), options).write();
    if (edition.udgivelsesdato !== undefined) await register.follow(edition.facet, edition.udgivelsesdato);
  }
  return { ...report, raad: [...identities.raad, ...report.raad] };
}

/** An old edition would give back old names from its own day on, also where a later edition has changed them. */
function refuseOlder({ udgivelsesdato }: KleEdition, followed: string | null): void {
  if (udgivelsesdato === undefined || followed === null || udgivelsesdato >= followed) return;
  throw new Refusal(
    409,
    'aeldre_udgave',
    `Udgaven er fra ${udgivelsesdato}, og der er allerede lagt en fra ${followed} ind. Intet er ændret.`,
  );
}

/** The writing of one edition. */
class Writing {
  private readonly day: string;
  private readonly replaced: ReturnType<typeof successions>;
  private written = 0;

  constructor(
    private readonly store: ObjectStore,
    private readonly ask: Ask,
    private readonly edition: KleEdition,
    private readonly known: ReadonlyMap<string, Registered>,
    private readonly uuids: ReadonlyMap<string, string>,
    private readonly facet: string,
    private readonly options: ImportOptions,
  ) {
    this.day = edition.udgivelsesdato ?? options.day;
    this.replaced = successions(edition.entries);
  }

  async write(): Promise<void> {
    // A parent stands before its children in every file, so a class finds the one above it already there.
    const fresh = this.edition.entries.filter(({ nr }) => !this.known.has(nr));
    for (let from = 0; from < fresh.length; from += BATCH) await this.add(fresh.slice(from, from + BATCH));
    for (const entry of this.edition.entries) {
      const registered = this.known.get(entry.nr);
      if (registered) await this.change(entry, registered);
    }
  }

  private placeOf(entry: Pick<KleEntry, 'nr' | 'overordnet'>): Place {
    const former = (this.replaced.get(entry.nr) ?? []).flatMap(({ nr, fra }) => {
      const uuid = this.uuids.get(nr);
      return uuid && fra ? [{ uuid, fra }] : [];
    });
    return {
      facet: this.facet,
      overordnet: entry.overordnet === null ? null : (this.uuids.get(entry.overordnet) ?? null),
      erstatter: former,
    };
  }

  private async add(entries: readonly KleEntry[]): Promise<void> {
    const items = entries.map((entry, at): BulkItem => ({
      line: at,
      type: Klasse.name,
      uuid: this.uuids.get(entry.nr)!,
      input: classObject(entry, this.day, this.placeOf(entry)),
    }));
    const results = await this.store.bulk(this.ask, items);
    for (const result of results) {
      if (result.outcome !== 'afvist') continue;
      const { nr, linje } = entries[result.line]!;
      throw new Refusal(
        422,
        'kle',
        `${nr} (linje ${linje}) kunne ikke lægges ind. Ret fejlen og kør importen igen.`,
        {
          fejl: result.fejl ?? [],
        },
      );
    }
    this.progress(entries.length);
  }

  private async change(entry: KleEntry, { uuid, number, snapshot }: Registered): Promise<void> {
    const now = carriedOver(snapshot, entry, this.edition.felter);
    const change = classChange(snapshot, now, this.day, this.placeOf(entry));
    if (saysSomething(change)) await this.store.patch(this.ask, Klasse, uuid, change, number);
    this.progress(1);
  }

  private progress(count: number): void {
    this.written += count;
    this.options.onWritten?.({ written: this.written, total: this.edition.entries.length });
  }
}

const saysSomething = ({ attributter = {}, tilstande = {}, relationer = {} }: ObjectInput): boolean =>
  [attributter, tilstande, relationer].some((section) =>
    Object.values(section).some((items) => items.length > 0),
  );
