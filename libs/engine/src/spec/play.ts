import { randomUUID } from 'node:crypto';
import { type Declaration, define, formatInstant, parseInstant, Refusal } from '@stoettesystemer/object';
import { callerOf, Ting } from '@stoettesystemer/testing';
import fc from 'fast-check';
import type { AsOf, ObjectInput } from '../ask';
import type { ObjectStore } from '../object-store';
import {
  answerOf,
  answerText,
  type Command,
  expectation,
  isDead,
  lay,
  type Registration,
  same,
} from './model';
import { DAYS, inputOf, type Item, items, noon, whole } from './model-items';
import { asking, OWN } from './test-store';

/** The same, gone for good when it is deleted. */
export const Kasse = define({ ...Ting, name: 'Kasse', path: 'kasser', deletion: 'physical' });
export const TYPES = [Ting, Kasse] as const;
const caller = callerOf({ service: 'proeve', owner: OWN, types: TYPES });
const ask = () => asking(caller);

/** How an object comes to be. */
export interface Birth {
  readonly how: 'create' | 'put' | 'bulk' | 'history';
  readonly physical: boolean;
  /** Its first registration; of a history all of them. */
  readonly states: Item[][];
}
const birth: fc.Arbitrary<Birth> = fc.record({
  how: fc.constantFrom('create', 'put', 'bulk', 'history'),
  physical: fc.boolean(),
  states: fc.array(whole, { minLength: 1, maxLength: 4 }),
});
const relational = (facet: string): fc.Arbitrary<Item[]> =>
  items(true).map((list) => list.filter((item) => item.facet === facet));
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: items(false).map((list): Command => ({ kind: 'patch', items: list })) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('naboer', 'part', 'overordnet')
      .chain((facet) => relational(facet).map((list): Command => ({ kind: 'erstat', facet, items: list }))),
  },
  { weight: 2, arbitrary: whole.map((list): Command => ({ kind: 'put', items: list })) },
  { weight: 2, arbitrary: whole.map((list): Command => ({ kind: 'bulk', items: list })) },
  { weight: 1, arbitrary: fc.constant<Command>({ kind: 'passivate' }) },
  { weight: 1, arbitrary: fc.constant<Command>({ kind: 'remove' }) },
);

/** Two objects side by side, commands to either, and points at which to look back. */
export const game = fc.tuple(
  fc.array(birth, { minLength: 1, maxLength: 2 }),
  fc.array(fc.tuple(fc.nat(1), command), { maxLength: 10 }),
  fc.array(fc.tuple(fc.nat(), fc.nat(DAYS - 1)), { maxLength: 10 }),
);

/** One object in the engine and in the model. */
class Player {
  private constructor(
    private readonly store: ObjectStore,
    private readonly type: Declaration,
    readonly uuid: string,
    private registrations: Registration[],
  ) {}

  static async born(store: ObjectStore, { how, physical, states }: Birth): Promise<Player> {
    const type = physical ? Kasse : Ting;
    const told = how === 'history' ? states : states.slice(0, 1);
    const registrations = told.map((list, n): Registration => ({
      number: n + 1,
      lifecycle: n > 0 ? 'Rettet' : how === 'create' ? 'Opstaaet' : 'Importeret',
      slots: lay(new Map(), list, false),
    }));
    return new Player(
      store,
      type,
      await make(
        store,
        type,
        how,
        told.map((list) => inputOf(list)),
      ),
      registrations,
    );
  }

  private get last(): Registration {
    return this.registrations.at(-1)!;
  }

  async play(each: Command): Promise<void> {
    const isPhysical = this.type.deletion === 'physical';
    const expected = expectation(this.last, each, isPhysical);
    const outcome = await this.act(each, this.last.number).catch((cause: unknown) => {
      if (cause instanceof Refusal) return cause.status;
      throw cause;
    });
    if (typeof expected === 'number' || typeof outcome === 'number') return expect(outcome).toBe(expected);
    if (expected === null) return expect(outcome).toBe('uaendret');
    // One that is put, and cuts the same values at other edges, is a registration or is none.
    const isSame = expected.lifecycle === 'Rettet' && same(expected.slots, this.last.slots);
    if (outcome === 'uaendret') return expect(isSame).toBe(true);
    this.registrations.push({ ...expected, number: this.last.number + 1 });
    if (isPhysical && expected.lifecycle === 'Slettet') this.registrations = this.registrations.slice(-1);
    await this.compare(this.registrations.length - 1, DAYS / 2);
  }

  private async act(each: Command, number: number): Promise<string> {
    const { store, type, uuid } = this;
    switch (each.kind) {
      case 'passivate':
        return (await store.passivate(ask(), type, uuid, number)).outcome;
      case 'remove':
        return (await store.remove(ask(), type, uuid, number)).outcome;
      case 'put':
        return (await store.put(ask(), type, uuid, inputOf(each.items), number)).outcome;
      case 'bulk': {
        const item = { line: 1, type: type.name, uuid, input: inputOf(each.items) };
        const [result] = await store.bulk(ask(), [item]);
        return result!.outcome;
      }
      default: {
        const input = inputOf(each.items, each.kind === 'erstat' ? [each.facet] : []);
        return (await store.patch(ask(), type, uuid, input, number)).outcome;
      }
    }
  }

  /** Looks at the object at every day as it stands, at the points given, and before it was anything. */
  async lookBack(points: readonly (readonly [number, number])[]): Promise<void> {
    const times = await this.times();
    expect(times).toHaveLength(this.registrations.length);
    for (const [n, day] of points) await this.compare(n % this.registrations.length, day, times);
    for (let day = 0; day < DAYS; day++) await this.compare(this.registrations.length - 1, day);
    const before: AsOf = { virkning: 'alle', registrering: { at: times[0]! - 1n } };
    await expect(this.store.read(ask(), this.type, this.uuid, before)).rejects.toMatchObject({ status: 404 });
  }

  private async times(): Promise<bigint[]> {
    const list = await this.store.history(ask(), this.type, this.uuid, { limit: 500, before: null });
    const tale = list.reverse().map(({ number, lifecycle }) => ({ number, lifecycle }));
    expect(tale).toEqual(this.registrations.map(({ number, lifecycle }) => ({ number, lifecycle })));
    const times = list.map(({ from }) => parseInstant(from)!);
    for (let n = 1; n < times.length; n++)
      if (times[n]! <= times[n - 1]!) throw new Error('Time stands still');
    return times;
  }

  private async compare(at: number, day: number, times?: readonly bigint[]): Promise<void> {
    const registration = this.registrations[at]!;
    const registrering = at === this.registrations.length - 1 ? 'nu' : { at: times![at]! };
    const reading = this.store.read(ask(), this.type, this.uuid, {
      virkning: { at: noon(day) },
      registrering,
    });
    if (isDead(registration)) return expect(reading).rejects.toMatchObject({ status: 404 });
    const { body, number } = await reading;
    expect(number).toBe(registration.number);
    expect(facetsOf(body)).toEqual(answerOf(registration, day));
  }
}

async function make(
  store: ObjectStore,
  type: Declaration,
  how: Birth['how'],
  inputs: readonly ObjectInput[],
): Promise<string> {
  const uuid = randomUUID();
  const [first = {}] = inputs;
  if (how === 'create') return (await store.create(ask(), type, first)).uuid;
  if (how === 'put') await store.put(ask(), type, uuid, first, null);
  else {
    const begun = parseInstant('2019-01-01T00:00:00Z')!;
    const history = inputs.map((input, n) => ({ fra: formatInstant(begun + BigInt(n)), ...input }));
    const item = { line: 1, type: type.name, uuid, input: first };
    const [result] = await store.bulk(ask(), [how === 'bulk' ? item : { ...item, history }]);
    expect(result).toMatchObject({ outcome: 'oprettet' });
  }
  return uuid;
}

function facetsOf(body: string): string[] {
  const { attributter, tilstande, relationer } = JSON.parse(body) as Record<
    string,
    Record<string, (Record<string, unknown> & { virkning: { note?: string } })[]>
  >;
  return Object.entries({ ...attributter, ...tilstande, ...relationer })
    .flatMap(([facet, list]) =>
      list.map(({ virkning, rolleRef: _rolleRef, ...members }) => answerText(facet, members, virkning.note)),
    )
    .sort();
}

export async function play(
  store: ObjectStore,
  births: readonly Birth[],
  commands: readonly (readonly [number, Command])[],
  points: readonly (readonly [number, number])[],
): Promise<void> {
  const players: Player[] = [];
  for (const each of births) players.push(await Player.born(store, each));
  for (const [which, each] of commands) await players[which % players.length]!.play(each);
  for (const player of players) await player.lookBack(points);
}
