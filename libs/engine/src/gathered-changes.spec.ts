import { randomUUID } from 'node:crypto';
import { Refusal } from '@stoettesystemer/object';
import { poolFor } from '@stoettesystemer/postgres';
import { Ting } from '@stoettesystemer/testing';
import type { Pool } from 'pg';
import type { Ask, ObjectInput, Written } from './ask';
import type { Wanted } from './change-work';
import { GatheredChanges } from './gathered-changes';
import type { Rule } from './rule';
import { always, anyone, asking, NOW, testStore, type TestStore } from './spec/test-store';

const uniqueKey: Rule = {
  types: ['Ting'],
  facets: ['egenskaber'],
  async check({ after, find, hold }) {
    for (const { brugervendtNoegle } of after['egenskaber'] ?? []) {
      const key = String(brugervendtNoegle);
      if (!key.startsWith('ene')) continue;
      await hold(`noegle ${key}`, 'alone');
      if ((await find('Ting', 'egenskaber.brugervendtNoegle', key)).length > 0)
        throw new Refusal(422, 'optaget', 'Nøglen er optaget.');
    }
  },
};

let db: TestStore;
let login: Pool;
const caller = anyone();
const ask = (more: Partial<Ask> = {}) => asking(caller, more);

beforeAll(async () => {
  db = await testStore({ size: 6, rules: [uniqueKey] });
  login = poolFor(db.url, { size: 2 });
});
afterAll(async () => {
  await login.end();
  await db.drop();
});

const thing = (key: string, members: object = {}): ObjectInput => ({
  attributter: { egenskaber: [{ virkning: always, brugervendtNoegle: key, ...members }] },
});
const create = (key: string, more: Partial<Ask> = {}) => db.store.create(ask(more), Ting, thing(key));
const patch = (uuid: string, titel: string, ifMatch = 1) =>
  db.store.patch(ask(), Ting, uuid, { attributter: { egenskaber: [{ virkning: always, titel }] } }, ifMatch);
const many = <T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));
const statusOf = (work: Promise<unknown>): Promise<number> =>
  work.then(
    () => 200,
    (cause: unknown) => {
      if (cause instanceof Refusal) return cause.status;
      throw cause;
    },
  );
/** How many transactions wrote the last registrations of these objects. */
async function transactionsOf(uuids: readonly string[]): Promise<number> {
  const { rows } = await login.query<{ count: number }>(
    `select count(distinct r.xmin::text)::int as count from registration r
      join object o on o.id = r.object_id and o.number = r.number where o.id = any($1)`,
    [uuids],
  );
  return rows[0]!.count;
}
const eventsOf = async (uuids: readonly string[]): Promise<{ object: string; transaction: string }[]> => {
  const { rows } = await login.query<{ object: string; transaction: string }>(
    'select object_id as object, transaction from outbox where object_id = any($1) order by id',
    [uuids],
  );
  return rows;
};

describe('changes of the same moment', () => {
  it('share transactions, and each is its own registration, event and line of the log', async () => {
    const transactions = Array.from({ length: 40 }, () => randomUUID());
    const made = await many(40, (n) => create(`k${n}`, { transaction: transactions[n]!, represent: true }));
    const uuids = made.map(({ uuid }) => uuid);
    expect(await transactionsOf(uuids)).toBeLessThan(12);
    expect((await eventsOf(uuids)).map(({ transaction }) => transaction).sort()).toEqual(transactions.sort());
    for (const [n, { uuid, number, outcome, body }] of made.entries()) {
      expect([number, outcome]).toEqual([1, 'oprettet']);
      expect(JSON.parse(body!)).toMatchObject({
        uuid,
        attributter: { egenskaber: [{ brugervendtNoegle: `k${n}` }] },
      });
    }
    const { rows } = await login.query('select from audit where transaction = any($1)', [transactions]);
    expect(rows).toHaveLength(40);
    const changed = await many(40, (n) => patch(uuids[n]!, `t${n}`));
    expect(await transactionsOf(uuids)).toBeLessThan(12);
    expect(changed.map(({ number }) => number)).toEqual(uuids.map(() => 2));
    const read = await db.store.readMany(ask(), Ting, uuids, NOW);
    for (const { uuid, body } of read) expect(body).toContain(`"titel":"t${uuids.indexOf(uuid)}"`);
  });

  it('are refused one by one, and take no other with them', async () => {
    const made = await many(12, (n) => create(`r${n}`));
    const statuses = await many(12, (n) => statusOf(patch(made[n]!.uuid, `t${n}`, n % 3 === 0 ? 7 : 1)));
    expect(statuses).toEqual(made.map((_, n) => (n % 3 === 0 ? 412 : 200)));
    const absent = await many(12, (n) =>
      statusOf(patch(n % 2 === 0 ? randomUUID() : made[1]!.uuid, 'ny', 2)),
    );
    expect(absent.filter((_, n) => n % 2 === 0)).toEqual(Array.from({ length: 6 }, () => 404));
    expect(absent.filter((_, n) => n % 2 === 1).sort()).toEqual([200, 412, 412, 412, 412, 412]);
  });

  it('keep rules against each other', async () => {
    const statuses = await many(24, (n) => statusOf(create(`ene ${n % 3}`)));
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    expect(new Set(statuses)).toEqual(new Set([200, 422]));
  });

  it('say nothing new where there is nothing new', async () => {
    const made = await many(8, (n) => create(`u${n}`));
    const uuids = made.map(({ uuid }) => uuid);
    await many(8, (n) => patch(uuids[n]!, n % 2 === 0 ? 'samme' : 'anden'));
    const again = await many(8, (n) => patch(uuids[n]!, 'samme', 2));
    expect(again.map(({ outcome }) => outcome)).toEqual(
      uuids.map((_, n) => (n % 2 === 0 ? 'uaendret' : 'rettet')),
    );
  });

  it('with one Idempotency-Key are one change', async () => {
    const idempotency = { key: randomUUID(), hash: Buffer.alloc(32, 3) };
    const answer = ({ uuid }: Written) => ({ status: 201, headers: {}, body: uuid });
    const done = await many(20, (n) =>
      n % 2 === 0 ? create('samme', { idempotency, answer }) : create(`anden ${n}`),
    );
    const same = done.filter((_, n) => n % 2 === 0);
    const told = new Set(same.map(({ uuid, replayed }) => replayed?.body ?? uuid));
    expect([told.size, same.filter(({ replayed }) => !replayed).length]).toEqual([1, 1]);
    expect(new Set(done.filter((_, n) => n % 2 === 1).map(({ uuid }) => uuid)).size).toBe(10);
  });

  it('do not wait for an object that another holds', async () => {
    const made = await many(20, (n) => create(`l${n}`));
    const uuids = made.map(({ uuid }) => uuid);
    const holder = await login.connect();
    try {
      await holder.query('begin');
      await holder.query('select from object where id = $1 for update', [uuids[5]]);
      const all = uuids.map((uuid, n) => patch(uuid, `t${n}`));
      const others = all.filter((_, n) => n !== 5);
      expect((await Promise.all(others)).every(({ outcome }) => outcome === 'rettet')).toBe(true);
      await holder.query('commit');
      expect((await all[5]!).outcome).toBe('rettet');
    } finally {
      holder.release();
    }
  });
});

describe('GatheredChanges', () => {
  const wanted = (uuid: string): Wanted => ({ ask: ask(), type: Ting, uuid, plan: {} as Wanted['plan'] });
  const written = (uuid: string): Written => ({ outcome: 'rettet', uuid, number: 1, body: null });
  /** The first two are under way until `arrive` is called, so that the others gather. */
  function busy(together: (uuids: readonly string[]) => Promise<readonly (Written | undefined)[]>) {
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const alone: string[] = [];
    const gathered = new GatheredChanges({
      alone: async ({ uuid }) => {
        alone.push(uuid);
        if (uuid.startsWith('foerst')) await arrived;
        return written(uuid);
      },
      together: (those) => together(those.map(({ uuid }) => uuid)),
    });
    return { gathered, alone, arrive };
  }
  const afterTwo = async (
    { gathered, arrive }: Pick<ReturnType<typeof busy>, 'gathered' | 'arrive'>,
    uuids: readonly string[],
  ) => {
    const first: Promise<Written>[] = [];
    for (const uuid of ['foerst 1', 'foerst 2']) {
      first.push(gathered.add(wanted(uuid)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const results = uuids.map((uuid) => gathered.add(wanted(uuid)));
    const settled = Promise.allSettled(results);
    await new Promise((resolve) => setImmediate(resolve));
    arrive();
    await Promise.all(first);
    return settled;
  };

  it('does again alone what was left out, and no other', async () => {
    const place = busy((uuids) =>
      Promise.resolve(uuids.map((uuid) => (uuid === 'b' ? undefined : written(uuid)))),
    );
    const results = await afterTwo(place, ['a', 'b', 'c']);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    expect(place.alone).toEqual(['foerst 1', 'foerst 2', 'b']);
  });

  it('does nothing again where it is not known that nothing was done', async () => {
    const place = busy(() => Promise.reject(new Error('Connection terminated unexpectedly')));
    const results = await afterTwo(place, ['a', 'b']);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(place.alone).toEqual(['foerst 1', 'foerst 2']);
  });

  it('does all again alone where the database has refused', async () => {
    const place = busy(() => Promise.reject(Object.assign(new Error('lock'), { code: '55P03' })));
    const results = await afterTwo(place, ['a', 'b']);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(place.alone).toEqual(['foerst 1', 'foerst 2', 'a', 'b']);
  });

  it('lets two about one object go one after the other', async () => {
    const travels: (readonly string[])[] = [];
    const place = busy((uuids) => {
      travels.push(uuids);
      return Promise.resolve(uuids.map(written));
    });
    await afterTwo(place, ['a', 'b', 'a', 'c']);
    expect(travels).toEqual([['a', 'b', 'c']]);
    expect(place.alone).toEqual(['foerst 1', 'foerst 2', 'a']);
  });
});
