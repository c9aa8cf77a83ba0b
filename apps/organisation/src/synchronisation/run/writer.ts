import type { Ask, BulkItem, BulkResult, ObjectStore, Snapshot } from '@stoettesystemer/engine';
import type { Declaration, Instant } from '@stoettesystemer/object';
import { type Difference, difference, type Sections } from '../differ/difference';

/** An object as it is to be, and the line that says so. */
export interface Wanted {
  readonly line: number;
  readonly type: Declaration;
  readonly uuid: string;
  readonly sections: Sections;
}

/** What is to be done about it. */
export interface Judged {
  readonly wanted: Wanted;
  readonly kind: 'ny' | 'aendret' | 'uaendret';
  readonly facets: readonly string[];
  readonly item: Omit<BulkItem, 'line'>;
}

export interface Done {
  readonly judged: Judged;
  readonly result: BulkResult;
}

const ALL = { virkning: 'alle', registrering: 'nu' } as const;
/** Objects that are read or written together. */
const TOGETHER = 400;

/** Compares what is wanted with what is registered, and writes the difference. */
export class Writer {
  constructor(
    private readonly store: ObjectStore,
    private readonly ask: Ask,
    /** Of what was before, the source says nothing. */
    private readonly since: Instant | null,
    private readonly note: string,
  ) {}

  async judge(wanted: readonly Wanted[]): Promise<Judged[]> {
    const held = await this.held(wanted);
    return wanted.map((each): Judged => {
      const { type, uuid, sections } = each;
      const snapshot = held.get(uuid);
      const base = { type: type.name, uuid };
      if (!snapshot)
        return {
          wanted: each,
          kind: 'ny',
          facets: [],
          item: { ...base, input: { ...sections, note: this.note } },
        };
      const found: Difference | null = difference(
        type,
        sections,
        JSON.parse(snapshot.body) as Sections,
        this.since,
      );
      return {
        wanted: each,
        kind: found ? 'aendret' : 'uaendret',
        facets: found?.facets ?? [],
        item: {
          ...base,
          how: 'ret',
          ifMatch: snapshot.number,
          input: { ...found?.change, note: this.note },
        },
      };
    });
  }

  /** In the order given; what is refused leaves the rest alone. */
  async write(judged: readonly Judged[]): Promise<Done[]> {
    const done: Done[] = [];
    for (let from = 0; from < judged.length; from += TOGETHER) {
      const some = judged.slice(from, from + TOGETHER);
      done.push(...paired(some, await this.store.bulk(this.ask, itemsOf(some))));
    }
    return done;
  }

  /**
   * All at once, so that a tree goes from one shape to another without passing through a third. Where something is refused
   * none of it is written, and then it is done one by one.
   */
  async writeTogether(judged: readonly Judged[]): Promise<Done[]> {
    if (judged.length === 0) return [];
    const done = paired(judged, await this.store.bulk(this.ask, itemsOf(judged), { atomic: true }));
    return done.some(({ result }) => result.outcome === 'afvist') ? this.write(judged) : done;
  }

  /** With all their virkning. Only what is there is asked for: the security log would call the rest attempts. */
  private async held(wanted: readonly Wanted[]): Promise<Map<string, Snapshot>> {
    const living = await this.living(wanted.map(({ uuid }) => uuid));
    const found = new Map<string, Snapshot>();
    for (const type of new Set(wanted.map((each) => each.type))) {
      const uuids = wanted
        .filter((each) => each.type === type && living.has(each.uuid))
        .map(({ uuid }) => uuid);
      for (let from = 0; from < uuids.length; from += TOGETHER)
        for (const snapshot of await this.store.readMany(
          this.ask,
          type,
          uuids.slice(from, from + TOGETHER),
          ALL,
        ))
          found.set(snapshot.uuid, snapshot);
    }
    return found;
  }

  /** Which are the municipality's own, and neither passive nor deleted. */
  private async living(uuids: readonly string[]): Promise<Set<string>> {
    const { owner } = this.ask.caller;
    const { rows } = await this.store.database.run(
      { owner },
      {
        name: 'synchronised-living',
        text: `select id from object where owner = $1::int and id = any($2::uuid[])
          and lifecycle not in ('Passiveret', 'Slettet')`,
        values: [Number(owner), uuids],
      },
    );
    return new Set(rows.map((row) => row['id'] as string));
  }
}

const itemsOf = (judged: readonly Judged[]): BulkItem[] =>
  judged.map(({ item }, line) => ({ ...item, line }));
const paired = (judged: readonly Judged[], results: readonly BulkResult[]): Done[] =>
  results.map((result) => ({ judged: judged[result.line]!, result }));
