import { type Declaration, parseInstant, Refusal } from '@stoettesystemer/object';
import type { AsOf, BulkItem, Written } from '../ask';
import type { ObjectStore } from '../object-store';
import { ask, type Birth, Kasse, make, registrationsOf } from './birth';
import {
  answerOf,
  type Command,
  differing,
  expectation,
  isDead,
  present,
  type Registration,
  same,
} from './model';
import { DAYS, inputOf, type Item, noon, type Remark } from './model-items';
import { fits, type Question } from './questions';
import { Ting } from '@stoettesystemer/testing';
import { expectWhole, says, toldBy } from './told';

/** Where to look back: at a registration, from a day and on, and what to search for there. */
export interface Point {
  readonly registration: number;
  readonly day: number;
  readonly days: number;
  readonly question: Question;
}
/** A line of the feed, as far as the model knows it. */
export interface Told {
  readonly number: number;
  readonly action: string;
  readonly changed: readonly string[];
}
interface Happened {
  readonly number: number;
  readonly action: string;
  /** What must be among the changed facets, and what may be. */
  readonly least: readonly string[];
  readonly most: readonly string[];
}

/** One object in the engine, as several processes of a service share it, and in the model. */
export class Player {
  private readonly events: Happened[] = [];
  private registrations: Registration[] = [];

  private turn = 0;

  private constructor(
    private readonly stores: readonly ObjectStore[],
    readonly type: Declaration,
    readonly uuid: string,
    known: readonly Registration[],
  ) {
    for (const each of known) this.push(each, 'history');
  }

  static async born(stores: readonly ObjectStore[], each: Birth): Promise<Player> {
    const type = each.isPhysical ? Kasse : Ting;
    const registrations = registrationsOf(each);
    return new Player(stores, type, await make(stores[0]!, type, each, registrations), registrations);
  }

  /** One that a line of an import has made. */
  static imported(
    stores: readonly ObjectStore[],
    type: Declaration,
    uuid: string,
    first: Registration,
  ): Player {
    return new Player(stores, type, uuid, [first]);
  }

  get last(): Registration {
    return this.registrations.at(-1)!;
  }

  private get isPhysical(): boolean {
    return this.type.deletion === 'physical';
  }

  private push(next: Registration, kind: Command['kind'] | 'history'): void {
    const before = this.registrations.at(-1)?.slots ?? new Map();
    const least = kind === 'passivate' || kind === 'remove' ? [] : differing(before, next.slots);
    // What replaces a whole may cut the same values at other edges.
    const recut = ['patch', 'passivate', 'remove'].includes(kind)
      ? []
      : present(next.slots).filter((facet) => present(before).includes(facet));
    const { number, lifecycle } = next;
    this.events.push({ number, action: lifecycle.toLowerCase(), least, most: [...least, ...recut] });
    const isErasure = this.isPhysical && lifecycle === 'Slettet';
    this.registrations = isErasure ? [next] : [...this.registrations, next];
  }

  async play(each: Command): Promise<void> {
    const outcome = await this.act(each).catch((cause: unknown) => {
      if (cause instanceof Refusal) return cause.status;
      throw cause;
    });
    const isAnswer = typeof outcome === 'object';
    if (!this.accept(each, isAnswer ? outcome.outcome : outcome)) return;
    if (isAnswer && outcome.body !== null) expectWhole(outcome.body, this.last);
    await this.compareNow();
  }

  /** Holds what the engine did against the model. True: there is a new registration. */
  accept(each: Command, outcome: Written['outcome'] | 'afvist' | number): boolean {
    const next = this.expected(each, outcome);
    if (next) this.push({ ...next, number: this.last.number + 1 }, each.kind);
    return next !== null;
  }

  /** The same, of one that was only tried. */
  expected(
    each: Command,
    outcome: Written['outcome'] | 'afvist' | number,
  ): Omit<Registration, 'number'> | null {
    const expected = expectation(this.last, each, this.isPhysical);
    if (expected === null || typeof expected === 'number' || typeof outcome === 'number') {
      expect(outcome).toBe(expected ?? 'uaendret');
      return null;
    }
    if (outcome !== 'uaendret') {
      expect(outcome).toBe(expected.lifecycle.toLowerCase());
      return expected;
    }
    // One that is put, and cuts the same values at other edges, is a registration or is none.
    expect(expected.lifecycle === 'Rettet' && same(expected.slots, this.last.slots)).toBe(true);
    return null;
  }

  private async act(each: Command): Promise<Pick<Written, 'outcome' | 'body'>> {
    const { store, type, uuid } = this;
    const { number } = this.last;
    const ifMatch = { held: number, stale: number - 1, none: null }[each.ifMatch];
    const asked = ask({ represent: true });
    switch (each.kind) {
      case 'passivate':
        return store.passivate(asked, type, uuid, ifMatch, each.note);
      case 'remove':
        return store.remove(asked, type, uuid, ifMatch, each.note);
      case 'put':
        return store.put(asked, type, uuid, inputOf(each.items, each), ifMatch);
      case 'bulk': {
        const [result] = await store.bulk(asked, [this.line(1, each.items, each)]);
        return { outcome: result!.outcome as Written['outcome'], body: null };
      }
      default: {
        const input = inputOf(each.items, each, each.kind === 'erstat' ? each.facets : []);
        return store.patch(asked, type, uuid, input, ifMatch);
      }
    }
  }

  line(line: number, items: readonly Item[], said: Remark): BulkItem {
    return { line, type: this.type.name, uuid: this.uuid, input: inputOf(items, said) };
  }

  /** As it stands: all of it, the middle of it, and today, which the last of the days stands for. */
  async compareNow(): Promise<void> {
    const whole = { virkning: 'alle', registrering: 'nu' } as const;
    const middle = { ...whole, virkning: { at: noon(DAYS / 2) } };
    const today = { ...whole, virkning: 'nu' } as const;
    for (const at of isDead(this.last) ? [whole, today] : [])
      await expect(this.read(at)).rejects.toMatchObject({ status: 404 });
    if (isDead(this.last)) return;
    expectWhole((await this.read(whole)).body, this.last);
    expect(says(toldBy((await this.read(middle)).body))).toEqual(answerOf(this.last, DAYS / 2));
    // Whichever process is asked, and whatever it remembers.
    for (const _ of this.stores)
      expect(says(toldBy((await this.read(today)).body))).toEqual(answerOf(this.last, DAYS - 1));
  }

  private read(at: AsOf) {
    return this.store.read(ask(), this.type, this.uuid, at);
  }

  /** Another at each turn. */
  private get store(): ObjectStore {
    return this.stores[++this.turn % this.stores.length]!;
  }

  /** Each registration, the points given, before it was anything, and what the feed says of it. */
  async lookBack(points: readonly Point[], feed: readonly Told[]): Promise<void> {
    const times = await this.history();
    for (const { number } of this.registrations) {
      const { body } = await this.store.registration(ask(), this.type, this.uuid, number);
      expectWhole(
        body,
        this.registrations.find((each) => each.number === number)!,
      );
    }
    for (const point of points) await this.lookAt(point, times);
    await this.compareNow();
    const before: AsOf = { virkning: 'alle', registrering: { at: times[0]! - 1n } };
    await expect(this.read(before)).rejects.toMatchObject({ status: 404 });
    const gone = this.registrations[0]!.number - 1;
    if (gone > 0)
      await expect(this.store.registration(ask(), this.type, this.uuid, gone)).rejects.toMatchObject({
        status: 404,
      });
    this.compareFeed(feed);
  }

  private async history(): Promise<bigint[]> {
    const list = await this.store.history(ask(), this.type, this.uuid, { limit: 500, before: null });
    list.reverse();
    expect(list.map(({ number, lifecycle, note }) => ({ number, lifecycle, note }))).toEqual(
      this.registrations.map(({ number, lifecycle, note = null }) => ({ number, lifecycle, note })),
    );
    expect(list.map(({ to }) => to)).toEqual([...list.slice(1).map(({ from }) => from), null]);
    const times = list.map(({ from }) => parseInstant(from)!);
    for (let n = 1; n < times.length; n++)
      if (times[n]! <= times[n - 1]!) throw new Error('Time stands still');
    return times;
  }

  private async lookAt({ registration: at, day, days, question }: Point, times: readonly bigint[]) {
    const n = at % this.registrations.length;
    const registration = this.registrations[n]!;
    const registrering = n === times.length - 1 ? ('nu' as const) : { at: times[n]! };
    const virkning = { at: noon(day) };
    const until = Math.min(DAYS - 1, day + days);
    const stretch = { from: noon(day), to: noon(until) + 1n };
    const search = {
      udtryk: { og: [{ felt: 'uuid', iblandt: [this.uuid] }, question.expression] },
      sorter: [],
      vis: 'uuid' as const,
      limit: 5,
      cursor: null,
      antal: true,
    };
    const found = await this.store.search(ask(), this.type, search, { virkning, registrering });
    const isThere = !isDead(registration) && fits(registration, day, question);
    expect(found).toMatchObject({ data: isThere ? [JSON.stringify(this.uuid)] : [], antal: isThere ? 1 : 0 });
    const reading = this.read({ virkning, registrering });
    if (isDead(registration)) return expect(reading).rejects.toMatchObject({ status: 404 });
    const { body, number } = await reading;
    expect(number).toBe(registration.number);
    expect(says(toldBy(body))).toEqual(answerOf(registration, day));
    const told = says(toldBy((await this.read({ virkning: stretch, registrering })).body));
    const wanted = Array.from({ length: until - day + 1 }, (_, each) => answerOf(registration, day + each));
    expect([...new Set(told)]).toEqual([...new Set(wanted.flat())].sort());
  }

  private compareFeed(feed: readonly Told[]): void {
    expect(feed.map(({ number, action }) => ({ number, action }))).toEqual(
      this.events.map(({ number, action }) => ({ number, action })),
    );
    for (const [n, { least, most }] of this.events.entries()) {
      expect(feed[n]!.changed).toEqual(expect.arrayContaining([...least]));
      expect(most).toEqual(expect.arrayContaining([...feed[n]!.changed]));
    }
  }
}
