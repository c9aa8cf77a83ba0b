import { randomUUID } from 'node:crypto';
import { Refusal } from '@stoettesystemer/object';
import { Ting } from '@stoettesystemer/testing';
import type { Client } from 'pg';
import type { BulkItem, BulkResult, ObjectInput, Written } from './ask';
import { revise } from './revisor';
import type { Rule } from './rule';
import { always, anyone, asking, NOW, ownerOf, testStore, type TestStore } from './spec/test-store';

/**
 * What rules about a tree do: who puts something new into it holds it together with others, who moves something in it
 * holds it alone; and a key is one municipality's only one.
 */
const inTree: Rule = {
  types: ['Ting'],
  facets: ['egenskaber'],
  async check({ before, after, find, hold }) {
    const items = after['egenskaber'] ?? [];
    if (!items.some(({ titel }) => String(titel).startsWith('træ'))) return;
    await hold('træ', 'shared');
    if ((before['egenskaber'] ?? []).length > 0) await hold('træ', 'alone');
    for (const { brugervendtNoegle: key } of items)
      if ((await find('Ting', 'egenskaber.brugervendtNoegle', String(key))).length > 0)
        throw new Refusal(422, 'optaget', 'Nøglen er optaget.');
  },
};

let db: TestStore;
let owner: Client;
const caller = anyone();
const ask = () => asking(caller);

beforeAll(async () => {
  db = await testStore({ size: 8, rules: [inTree] });
  owner = await ownerOf(db);
});
afterAll(async () => {
  await owner.end();
  await db.drop();
});

const thing = (titel: string, brugervendtNoegle: string = randomUUID()): ObjectInput => ({
  attributter: { egenskaber: [{ virkning: always, brugervendtNoegle, titel }] },
});
type Item = Omit<BulkItem, 'line'>;
const item = (uuid: string, input: ObjectInput): Item => ({ type: 'Ting', uuid, input });
const many = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));
const importing = (items: readonly Item[]): Promise<BulkResult[]> =>
  db.store.bulk(
    ask(),
    items.map((each, line) => ({ line, ...each })),
  );
/** The same lines by several at once, every other one backwards. */
const crossing = async (items: readonly Item[], count: number): Promise<BulkResult[]> =>
  (await Promise.all(many(count, (n) => importing(n % 2 === 0 ? items : items.toReversed())))).flat();
const refusedOf = (results: readonly BulkResult[]): BulkResult[] =>
  results.filter(({ outcome }) => outcome === 'afvist');

/** Sessions tell what they have counted when they end, or after a while. */
async function deadlocks(): Promise<number> {
  await owner.query('select pg_stat_force_next_flush()');
  await Promise.all(
    many(8, () =>
      db.database.run({ owner: null }, { name: 'flush', text: 'select pg_stat_force_next_flush()' }),
    ),
  );
  await owner.query('select pg_stat_clear_snapshot()');
  const { rows } = await owner.query<{ n: number }>(
    'select deadlocks::int as n from pg_stat_database where datname = current_database()',
  );
  return rows[0]!.n;
}
let former = 0;
beforeEach(async () => {
  former = await deadlocks();
});
afterEach(async () => {
  expect((await deadlocks()) - former).toBe(0);
  expect((await revise(db.url, { types: [Ting] })).findings).toEqual([]);
});

describe('imports that cross', () => {
  it('of the same objects, fifty times: every line is taken, and nobody waits in a ring', async () => {
    const uuids = many(20, () => randomUUID() as string);
    expect(refusedOf(await importing(uuids.map((uuid) => item(uuid, thing('først', uuid)))))).toEqual([]);
    for (let round = 0; round < 50; round++) {
      const results = await crossing(
        uuids.map((uuid) => item(uuid, thing(`${round}`, uuid))),
        4,
      );
      expect(refusedOf(results)).toEqual([]);
      expect(results.filter(({ outcome }) => outcome === 'rettet')).toHaveLength(uuids.length);
    }
  });

  it('of the same new objects: each is made once, however slowly its row is written', async () => {
    await owner.query(`
      create function slowly() returns trigger language plpgsql as
        $$ begin perform pg_sleep(0.005); return new; end $$;
      create trigger slowly before insert on object for each row execute function slowly()`);
    for (let round = 0; round < 5; round++) {
      const items = many(10, (n) => item(randomUUID(), thing(`${n}`)));
      const results = await crossing(items, 4);
      expect(refusedOf(results)).toEqual([]);
      expect(results.filter(({ outcome }) => outcome === 'oprettet')).toHaveLength(items.length);
    }
    await owner.query('drop trigger slowly on object');
  });

  it('of a tree that each holds with others before it wants it alone', async () => {
    const uuids = many(8, () => randomUUID() as string);
    await importing(uuids.map((uuid) => item(uuid, thing('udenfor', uuid))));
    for (let round = 0; round < 10; round++) {
      const results = await Promise.all(
        uuids.map((uuid) =>
          importing([item(randomUUID(), thing('træ')), item(uuid, thing(`træ ${round}`, uuid))]),
        ),
      );
      expect(refusedOf(results.flat())).toEqual([]);
    }
  });

  it('of the same keys: each key goes to one of them, whichever', async () => {
    for (let round = 0; round < 10; round++) {
      const keys = many(10, () => randomUUID() as string);
      const results = await Promise.all(
        many(6, (n) => {
          const items = keys.map((key) => item(randomUUID(), thing('træ', key)));
          return importing(n % 2 === 0 ? items : items.toReversed());
        }),
      );
      expect(results.flat().filter(({ outcome }) => outcome === 'oprettet')).toHaveLength(keys.length);
      expect(refusedOf(results.flat())).toHaveLength(5 * keys.length);
    }
  });
});

describe('changes that cross', () => {
  it('of two objects, one after the other, in opposite orders: both take effect, or one is told that it is behind', async () => {
    const [a, b] = many(2, () => randomUUID() as string) as [string, string];
    for (const uuid of [a, b]) await db.store.put(ask(), Ting, uuid, thing('først', uuid), null);
    const numberOf = async (uuid: string) => (await db.store.read(ask(), Ting, uuid, NOW)).number;
    const done = new Map([a, b].map((uuid) => [uuid, 1]));
    for (let round = 0; round < 50; round++) {
      const change = async (uuid: string, who: string): Promise<void> => {
        const written = await db.store
          .patch(ask(), Ting, uuid, thing(`${who} ${round}`, uuid), await numberOf(uuid))
          .catch((cause: unknown) => cause);
        if (written instanceof Refusal) expect(written.status).toBe(412);
        else {
          expect((written as Written).outcome).toBe('rettet');
          done.set(uuid, done.get(uuid)! + 1);
        }
      };
      const client = async (who: string, order: readonly string[]): Promise<void> => {
        for (const uuid of order) await change(uuid, who);
      };
      await Promise.all([client('ene', [a, b]), client('anden', [b, a])]);
    }
    for (const uuid of [a, b]) expect(await numberOf(uuid)).toBe(done.get(uuid));
    expect([...done.values()].every((number) => number > 50)).toBe(true);
  });

  it('of a tree that each holds with others before it wants it alone: all come through', async () => {
    const uuids = many(8, () => randomUUID() as string);
    for (const uuid of uuids) await db.store.put(ask(), Ting, uuid, thing('udenfor', uuid), null);
    for (let round = 1; round <= 5; round++) {
      const written = await Promise.all(
        uuids.map((uuid) => db.store.put(ask(), Ting, uuid, thing(`træ ${round}`, uuid), round)),
      );
      expect(new Set(written.map(({ outcome }) => outcome))).toEqual(new Set(['rettet']));
    }
  });
});
