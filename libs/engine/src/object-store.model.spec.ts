import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { formatInstant, parseInstant, Refusal } from '@stoettesystemer/object';
import fc from 'fast-check';
import { callerOf, testDatabase, type TestDatabase, Ting } from '@stoettesystemer/testing';
import type { Ask, AsOf, ObjectInput } from './ask';
import { migrate } from './migrate';
import { ObjectStore } from './object-store';

/**
 * The naive model: virkning is a row of days, each facet occurrence a value for each day, each registration a whole
 * copy. Slow, large and plainly right; the engine must answer the same at every (virkning, registrering) point.
 */
const DAYS = 8;
type Value = Record<string, unknown> | null;
type Slots = Map<string, Value[]>;
interface Registration {
  lifecycle: string;
  slots: Slots;
}

const START = parseInstant('2020-01-01T00:00:00Z')!;
const day = (n: number): string => formatInstant(START + BigInt(n) * 86_400_000_000n);
const noon = (n: number): bigint => START + BigInt(n) * 86_400_000_000n + 43_200_000_000n;

interface Span {
  from: number;
  to: number;
}
/** The last day stands for all that follows it. */
const virkning = ({ from, to }: Span) => ({ fra: day(from), ...(to >= DAYS ? {} : { til: day(to) }) });

interface Item {
  slot: string;
  section: string;
  facet: string;
  span: Span;
  members: Record<string, unknown>;
  ends: boolean;
  merges: boolean;
}

const span = fc
  .tuple(fc.nat(DAYS - 1), fc.integer({ min: 1, max: DAYS }))
  .map(([from, length]) => ({ from, to: Math.min(DAYS, from + length) }));
const word = fc.constantFrom('a', 'b', 'c');
const targets = [randomUUID(), randomUUID()];

const attribute = (whole: boolean): fc.Arbitrary<Item> =>
  fc
    .record({
      span,
      brugervendtNoegle: whole ? word : fc.option(word, { nil: undefined }),
      titel: fc.option(fc.option(word, { nil: null }), { nil: undefined }),
      antal: fc.option(fc.nat(2), { nil: undefined }),
    })
    .map(({ span: s, ...given }) => ({
      slot: 'egenskaber',
      section: 'attributter',
      facet: 'egenskaber',
      span: s,
      ends: false,
      merges: true,
      members: Object.fromEntries(
        Object.entries(given).filter(([, value]) => value !== undefined && !(whole && value === null)),
      ),
    }));
const line = (whole: boolean): fc.Arbitrary<Item> =>
  fc
    .record({
      span,
      id: fc.constantFrom('1', '2'),
      beloeb: fc.constantFrom('1.00', '2.50'),
      ends: whole ? fc.constant(false) : fc.boolean(),
    })
    .map(({ span: s, id, beloeb, ends }) => ({
      slot: `linje ${id}`,
      section: 'attributter',
      facet: 'linje',
      span: s,
      ends,
      merges: true,
      members: ends ? { id, slut: true } : { id, beloeb },
    }));
const condition = (whole: boolean): fc.Arbitrary<Item> =>
  fc
    .record({
      span,
      vaerdi: whole ? fc.constantFrom('Aktiv', 'Inaktiv') : fc.constantFrom('Aktiv', 'Inaktiv', null),
    })
    .map(({ span: s, vaerdi }) => ({
      slot: 'gyldighed',
      section: 'tilstande',
      facet: 'gyldighed',
      span: s,
      ends: vaerdi === null,
      merges: false,
      members: { vaerdi },
    }));
const parent = (whole: boolean): fc.Arbitrary<Item> =>
  fc
    .record({ span, uuid: whole ? fc.constantFrom(...targets) : fc.constantFrom(...targets, null) })
    .map(({ span: s, uuid }) => ({
      slot: 'overordnet',
      section: 'relationer',
      facet: 'overordnet',
      span: s,
      ends: uuid === null,
      merges: false,
      members: { reference: uuid === null ? null : { uuid } },
    }));
const neighbour = (whole: boolean): fc.Arbitrary<Item> =>
  fc
    .record({ span, uuid: fc.constantFrom(...targets), ends: whole ? fc.constant(false) : fc.boolean() })
    .map(({ span: s, uuid, ends }) => ({
      slot: `naboer ${uuid}`,
      section: 'relationer',
      facet: 'naboer',
      span: s,
      ends,
      merges: false,
      members: { reference: { uuid }, ...(ends ? { slut: true } : {}) },
    }));
const party = (whole: boolean): fc.Arbitrary<Item> =>
  fc
    .record({
      span,
      indeks: fc.constantFrom('1', '2'),
      rolle: fc.constantFrom('Primaer', 'Anden'),
      uuid: whole ? fc.constantFrom(...targets) : fc.constantFrom(...targets, null),
    })
    .map(({ span: s, indeks, rolle, uuid }) => ({
      slot: `part ${rolle} ${indeks}`,
      section: 'relationer',
      facet: 'part',
      span: s,
      ends: uuid === null,
      merges: false,
      members: { rolle, indeks, reference: uuid === null ? null : { uuid } },
    }));

const overlap = (a: Span, b: Span): boolean => a.from < b.to && b.from < a.to;
/** Items of one slot that do not overlap, as the contract demands. */
const items = (whole: boolean): fc.Arbitrary<Item[]> =>
  fc
    .array(
      fc.oneof(
        attribute(whole),
        line(whole),
        condition(whole),
        parent(whole),
        neighbour(whole),
        party(whole),
      ),
      { maxLength: 6 },
    )
    .map((list) =>
      list.reduce<Item[]>(
        (kept, item) =>
          kept.some((other) => other.slot === item.slot && overlap(other.span, item.span))
            ? kept
            : [...kept, item],
        [],
      ),
    );
const object = fc
  .tuple(attribute(true), items(true))
  .map(([first, rest]) => [
    first,
    ...rest.filter((item) => item.slot !== first.slot || !overlap(item.span, first.span)),
  ]);

function inputOf(list: readonly Item[], erstat: string[] = []): ObjectInput {
  const input: Record<string, Record<string, object[]>> = {};
  for (const { section, facet, span: s, members } of list)
    ((input[section] ??= {})[facet] ??= []).push({ virkning: virkning(s), ...members });
  for (const facet of erstat) (input['relationer'] ??= {})[facet] ??= [];
  return erstat.length > 0 ? { ...input, erstat: true } : input;
}

const strip = (members: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));

function lay(slots: Slots, list: readonly Item[], merge: boolean): Slots {
  const next: Slots = new Map([...slots].map(([slot, values]) => [slot, [...values]]));
  for (const { slot, span: s, members, ends, merges } of list) {
    const values = next.get(slot) ?? Array<Value>(DAYS).fill(null);
    for (let n = s.from; n < s.to; n++) {
      const laid = ends ? null : strip(merges && merge ? { ...values[n], ...members } : members);
      values[n] = laid && Object.keys(laid).length > 0 ? laid : null;
    }
    next.set(slot, values);
  }
  return next;
}

const missesKey = (slots: Slots): boolean =>
  (slots.get('egenskaber') ?? []).some(
    (value) => value !== null && value['brugervendtNoegle'] === undefined,
  ) || !(slots.get('egenskaber') ?? []).some((value) => value !== null);
const sameSlots = (a: Slots, b: Slots): boolean =>
  [...new Set([...a.keys(), ...b.keys()])].every(
    (slot) => JSON.stringify(ordered(a.get(slot))) === JSON.stringify(ordered(b.get(slot))),
  );
const ordered = (values: Value[] = Array<Value>(DAYS).fill(null)): unknown =>
  values.map((value) =>
    value === null ? null : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))),
  );

/** What the model holds on a day, in the shape of the engine's answer. */
function answerOf(slots: Slots, n: number): Record<string, unknown[]> {
  const answer: Record<string, unknown[]> = {};
  for (const [slot, values] of slots) if (values[n]) (answer[slot.split(' ')[0]!] ??= []).push(values[n]);
  return answer;
}

type Command =
  | { kind: 'patch'; items: Item[] }
  | { kind: 'erstat'; facet: string; items: Item[] }
  | { kind: 'put'; items: Item[] }
  | { kind: 'passivate' }
  | { kind: 'remove' };
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
  { weight: 3, arbitrary: object.map((list): Command => ({ kind: 'put', items: list })) },
  { weight: 1, arbitrary: fc.constant<Command>({ kind: 'passivate' }) },
  { weight: 1, arbitrary: fc.constant<Command>({ kind: 'remove' }) },
);

describe('the engine against a naive model', () => {
  let db: TestDatabase;
  let store: ObjectStore;
  const caller = callerOf({ service: 'proeve', owner: '12345678', types: [Ting] });
  const ask = (): Ask => ({ caller, transaction: randomUUID() });

  beforeAll(async () => {
    db = await testDatabase({ service: 'proeve', migrate });
    store = new ObjectStore(db.database, {
      service: 'proeve',
      types: [Ting],
      secret: randomBytes(32),
      pseudonymKey: createSecretKey(randomBytes(32)),
    });
  });
  afterAll(async () => db.drop());

  const facetsOf = (body: string): Record<string, unknown[]> => {
    const { attributter, tilstande, relationer } = JSON.parse(body) as Record<
      string,
      Record<string, Record<string, unknown>[]>
    >;
    return Object.fromEntries(
      Object.entries({ ...attributter, ...tilstande, ...relationer }).map(([facet, list]) => [
        facet,
        list.map(({ virkning: _virkning, rolleRef: _rolleRef, ...members }) => members),
      ]),
    );
  };
  const sorted = (facets: Record<string, unknown[]>): unknown =>
    Object.entries(facets)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([facet, list]) => [
        facet,
        list
          .map((item) => JSON.stringify(Object.entries(item as object).sort(([a], [b]) => (a < b ? -1 : 1))))
          .sort(),
      ]);

  async function expectSame(
    uuid: string,
    registrations: readonly Registration[],
    times: readonly bigint[],
    n: number,
    day_: number,
  ): Promise<void> {
    const at: AsOf = {
      virkning: { at: noon(day_) },
      registrering: n === registrations.length - 1 ? 'nu' : { at: times[n]! },
    };
    const { lifecycle, slots } = registrations[n]!;
    const reading = store.read(ask(), Ting, uuid, at);
    if (lifecycle === 'Passiveret' || lifecycle === 'Slettet')
      return void (await expect(reading).rejects.toMatchObject({ status: 404 }));
    const { body, number } = await reading;
    expect(number).toBe(n + 1);
    expect(sorted(facetsOf(body))).toEqual(sorted(answerOf(slots, day_)));
  }

  async function play(
    first: Item[],
    commands: readonly Command[],
    points: readonly [number, number][],
  ): Promise<void> {
    const { uuid } = await store.create(ask(), Ting, inputOf(first));
    const registrations: Registration[] = [{ lifecycle: 'Opstaaet', slots: lay(new Map(), first, false) }];
    for (const each of commands) {
      const { lifecycle, slots } = registrations.at(-1)!;
      const isDead = lifecycle === 'Passiveret' || lifecycle === 'Slettet';
      const number = registrations.length;
      const next: Registration | number =
        each.kind === 'passivate'
          ? isDead
            ? 409
            : { lifecycle: 'Passiveret', slots }
          : each.kind === 'remove'
            ? lifecycle === 'Slettet'
              ? 409
              : { lifecycle: 'Slettet', slots }
            : each.kind === 'put'
              ? { lifecycle: isDead ? 'Importeret' : 'Rettet', slots: lay(new Map(), each.items, false) }
              : isDead
                ? 409
                : {
                    lifecycle: 'Rettet',
                    slots: lay(
                      each.kind === 'erstat'
                        ? new Map([...slots].filter(([slot]) => slot.split(' ')[0] !== each.facet))
                        : slots,
                      each.items,
                      true,
                    ),
                  };
      const touches = each.kind === 'patch' && each.items.some(({ slot }) => slot === 'egenskaber');
      const expected =
        typeof next === 'object' && touches && !sameSlots(next.slots, slots) && missesKey(next.slots)
          ? 422
          : next;
      const done =
        each.kind === 'passivate'
          ? store.passivate(ask(), Ting, uuid, number)
          : each.kind === 'remove'
            ? store.remove(ask(), Ting, uuid, number)
            : each.kind === 'put'
              ? store.put(ask(), Ting, uuid, inputOf(each.items), number)
              : store.patch(
                  ask(),
                  Ting,
                  uuid,
                  inputOf(each.items, each.kind === 'erstat' ? [each.facet] : []),
                  number,
                );
      if (typeof expected === 'number') {
        const refused = await done.then(
          () => null,
          (cause: unknown) => cause,
        );
        expect(refused).toBeInstanceOf(Refusal);
        expect((refused as Refusal).status).toBe(expected);
        continue;
      }
      const { outcome } = await done;
      const isSame = expected.lifecycle === 'Rettet' && sameSlots(expected.slots, slots);
      // A PUT that cuts the same values at other edges is a registration; a PATCH that changes nothing is none.
      if (outcome === 'uaendret') expect(isSame).toBe(true);
      else if (each.kind !== 'put') expect(isSame).toBe(false);
      if (outcome !== 'uaendret') registrations.push(expected);
      const times = await timesOf(uuid);
      await expectSame(uuid, registrations, times, registrations.length - 1, Math.floor(DAYS / 2));
    }
    const times = await timesOf(uuid);
    expect(times).toHaveLength(registrations.length);
    for (const [n, d] of points) await expectSame(uuid, registrations, times, n % registrations.length, d);
    for (let d = 0; d < DAYS; d++) await expectSame(uuid, registrations, times, registrations.length - 1, d);
  }

  async function timesOf(uuid: string): Promise<bigint[]> {
    const list = await store.history(ask(), Ting, uuid, { limit: 500, before: null });
    const times = list.map(({ from }) => parseInstant(from)!).reverse();
    for (let n = 1; n < times.length; n++) expect(times[n]! > times[n - 1]!).toBe(true);
    return times;
  }

  it('answers the same at every point after random commands', async () => {
    await fc.assert(
      fc.asyncProperty(
        object,
        fc.array(command, { maxLength: 8 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(DAYS - 1)), { maxLength: 10 }),
        play,
      ),
      { numRuns: 150, ...(process.env['SEED'] ? { seed: Number(process.env['SEED']) } : {}) },
    );
  }, 240_000);
});
