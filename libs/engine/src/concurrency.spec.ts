import { randomUUID } from 'node:crypto';
import { Refusal } from '@stoettesystemer/object';
import { poolFor } from '@stoettesystemer/postgres';
import { Journal, Ting } from '@stoettesystemer/testing';
import type { Pool } from 'pg';
import type { Ask, ObjectInput, Written } from './ask';
import type { Rule } from './rule';
import { always, anyone, asking, NOW, OWN, testStore, type TestStore } from './spec/test-store';

/** A key is one municipality's only one: the kind of rule that two writers can each find kept. */
const uniqueKey: Rule = {
  types: ['Ting'],
  facets: ['egenskaber'],
  async check({ after, find }) {
    const keys = new Set((after['egenskaber'] ?? []).map((item) => String(item['brugervendtNoegle'])));
    for (const key of keys)
      if (key.startsWith('ene') && (await find('Ting', 'egenskaber.brugervendtNoegle', key)).length > 0)
        throw new Refusal(422, 'optaget', 'Nøglen er optaget.');
  },
};

let db: TestStore;
let owner: Pool;
const caller = anyone();
const ask = (more: Partial<Ask> = {}) => asking(caller, more);

beforeAll(async () => {
  db = await testStore({ size: 8, rules: [uniqueKey] });
  owner = poolFor(db.url, { size: 4 });
});
afterAll(async () => {
  await owner.end();
  await db.drop();
});

const thing = (members: object = {}): ObjectInput => ({
  attributter: { egenskaber: [{ virkning: always, brugervendtNoegle: 'n', ...members }] },
});
const make = async (members: object = {}): Promise<string> =>
  (await db.store.create(ask(), Ting, thing(members))).uuid;
const line = (id: string): ObjectInput => ({ attributter: { linje: [{ virkning: always, id, tekst: id }] } });
const statusOf = (work: Promise<unknown>): Promise<number> =>
  work.then(
    () => 200,
    (cause: unknown) => {
      if (cause instanceof Refusal) return cause.status;
      throw cause;
    },
  );
const numberOf = async (uuid: string): Promise<number> =>
  (await db.store.read(ask(), Ting, uuid, NOW)).number;

/** Reads, changes what was read, and begins again when somebody else was first. */
async function insist(uuid: string, input: ObjectInput): Promise<Written> {
  for (;;) {
    try {
      return await db.store.patch(ask(), Ting, uuid, input, await numberOf(uuid));
    } catch (cause) {
      if (!(cause instanceof Refusal) || cause.status !== 412) throw cause;
    }
  }
}

interface Trace {
  registrations: { number: number; at: string }[];
  events: { number: number; registration: string }[];
}
/** Everything the database has of an object, in the order that it was recorded and that it will be told. */
async function traceOf(uuid: string): Promise<Trace> {
  const { rows: registrations } = await owner.query<Trace['registrations'][number]>(
    `select number, recorded_at::text as at from registration where object_id = $1 order by recorded_at`,
    [uuid],
  );
  const { rows: events } = await owner.query<Trace['events'][number]>(
    `select number, registration from outbox where object_id = $1 order by id`,
    [uuid],
  );
  return { registrations, events };
}
async function expectLawful(uuid: string, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, n) => n + 1);
  const { registrations, events } = await traceOf(uuid);
  expect(registrations.map(({ number }) => number)).toEqual(numbers);
  expect(new Set(registrations.map(({ at }) => at)).size).toBe(count);
  expect(events.map(({ number }) => number)).toEqual(numbers);
}

describe('fifty writers of one object', () => {
  it('are all heard, one after another, each in its own registration', async () => {
    const uuid = await make();
    const ids = Array.from({ length: 50 }, (_, n) => `${n}`);
    await Promise.all(ids.map((id) => insist(uuid, line(id))));
    const { body } = await db.store.read(ask(), Ting, uuid, NOW);
    const { attributter } = JSON.parse(body) as { attributter: { linje: { id: string }[] } };
    expect(attributter.linje.map(({ id }) => id).sort()).toEqual([...ids].sort());
    await expectLawful(uuid, 51);
  });

  it('who have read the same are refused but for one', async () => {
    const uuid = await make();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => statusOf(db.store.patch(ask(), Ting, uuid, line(`${n}`), 1))),
    );
    expect(answers.filter((status) => status === 200)).toHaveLength(1);
    expect(answers.filter((status) => status === 412)).toHaveLength(49);
    await expectLawful(uuid, 2);
  });

  it('of whom some patch, some replace, some end it and some revive it leave a lawful history', async () => {
    const uuid = await make();
    const work = Array.from({ length: 50 }, async (_, n) => {
      for (let tries = 0; tries < 3; tries++) {
        const { rows } = await owner.query<{ number: number }>('select number from object where id = $1', [
          uuid,
        ]);
        const { number } = rows[0]!;
        const acts = [
          () => db.store.patch(ask(), Ting, uuid, line(`${n}`), number),
          () => db.store.put(ask(), Ting, uuid, thing({ titel: `${n}` }), number),
          () => db.store.passivate(ask(), Ting, uuid, number),
          () => db.store.remove(ask(), Ting, uuid, number),
          () => db.store.put(ask(), Ting, uuid, thing({ titel: `${n}` }), null),
        ];
        expect([200, 404, 409, 412, 428]).toContain(await statusOf(acts[n % acts.length]!()));
      }
    });
    await Promise.all(work);
    const { rows } = await owner.query<{ number: number }>('select number from object where id = $1', [uuid]);
    expect(rows[0]!.number).toBeGreaterThan(3);
    await expectLawful(uuid, rows[0]!.number);
  }, 60_000);
});

describe('changes that cross', () => {
  it('of two objects in bulk, in opposite orders, all come through', async () => {
    const [a, b] = [await make(), await make()];
    const item = (uuid: string, n: number) => ({
      line: n,
      type: 'Ting',
      uuid,
      input: thing({ titel: `${n}` }),
    });
    const batches = Array.from({ length: 20 }, (_, n) =>
      db.store.bulk(ask(), n % 2 === 0 ? [item(a, n), item(b, n)] : [item(b, n), item(a, n)]),
    );
    for (const results of await Promise.all(batches))
      expect(results.map(({ status }) => status)).toEqual([200, 200]);
    for (const uuid of [a, b]) await expectLawful(uuid, await numberOf(uuid));
  });

  it('that make the same new objects in bulk, in opposite orders, make each once', async () => {
    const uuids = Array.from({ length: 20 }, () => randomUUID());
    const items = uuids.map((uuid, n) => ({ line: n, type: 'Ting', uuid, input: thing({ titel: 'ens' }) }));
    const batches = Array.from({ length: 8 }, (_, n) =>
      db.store.bulk(ask(), n % 2 === 0 ? items : items.toReversed()),
    );
    const results = (await Promise.all(batches)).flat();
    expect(results.filter(({ outcome }) => outcome === 'afvist')).toEqual([]);
    for (const uuid of uuids) {
      expect(results.filter((each) => each.uuid === uuid && each.outcome === 'oprettet')).toHaveLength(1);
      await expectLawful(uuid, 1);
    }
  });

  it("find a rule's value taken when another takes it at the same time", async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        statusOf(db.store.create(ask(), Ting, thing({ brugervendtNoegle: `ene${n % 3}` }))),
      ),
    );
    expect(answers.filter((status) => status === 200)).toHaveLength(3);
    expect(answers.filter((status) => status === 422)).toHaveLength(27);
  });
});

describe('a race for one new UUID', () => {
  it('has one winner, and the others are told to look first', async () => {
    for (let round = 0; round < 5; round++) {
      const uuid = randomUUID();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          db.store.put(ask(), Ting, uuid, thing({ titel: `${n}` }), null).then(
            ({ outcome }) => outcome,
            (cause: Refusal) => cause.status,
          ),
        ),
      );
      expect(answers.filter((answer) => answer === 'oprettet')).toHaveLength(1);
      expect(answers.filter((answer) => answer === 428)).toHaveLength(19);
      await expectLawful(uuid, 1);
    }
  });

  it('is not known of by another municipality, which has its own', async () => {
    const uuid = randomUUID();
    const others = [OWN, '87654321', '11111111'].map((cvr) =>
      db.store.put(asking(anyone(cvr)), Ting, uuid, thing(), null),
    );
    expect((await Promise.all(others)).map(({ outcome }) => outcome)).toEqual([
      'oprettet',
      'oprettet',
      'oprettet',
    ]);
  });
});

describe('recorded time', () => {
  it('rises though the clock of the server has been set back', async () => {
    const uuid = await make();
    const client = await owner.connect();
    await client.query('set session_replication_role = replica');
    for (const [table, key] of [
      ['object', 'id'],
      ['registration', 'object_id'],
    ])
      await client.query(
        `update ${table} set recorded_at = '2999-01-01T00:00:00.000001Z' where ${key} = $1`,
        [uuid],
      );
    await client.query(`update fact set recorded = '[2999-01-01T00:00:00.000001Z,)' where object_id = $1`, [
      uuid,
    ]);
    await client.query('set session_replication_role = origin');
    client.release();
    await db.store.patch(ask(), Ting, uuid, line('1'), 1);
    await db.store.bulk(ask(), [{ line: 1, type: 'Ting', uuid, input: thing({ titel: 'ny' }) }]);
    const { registrations } = await traceOf(uuid);
    expect(registrations.map(({ at }) => at.slice(0, 26))).toEqual(
      [1, 2, 3].map((n) => `2999-01-01 00:00:00.00000${n}`),
    );
  });
});

describe('preconditions', () => {
  it.each<[string, (uuid: string) => Promise<unknown>, number]>([
    ['patch without If-Match', (uuid) => db.store.patch(ask(), Ting, uuid, line('1'), null), 428],
    ['patch with an old one', (uuid) => db.store.patch(ask(), Ting, uuid, line('1'), 1), 412],
    ['patch with one that is not yet', (uuid) => db.store.patch(ask(), Ting, uuid, line('1'), 3), 412],
    ['patch with the right one', (uuid) => db.store.patch(ask(), Ting, uuid, line('1'), 2), 200],
    ['put without', (uuid) => db.store.put(ask(), Ting, uuid, thing(), null), 428],
    ['put with an old one', (uuid) => db.store.put(ask(), Ting, uuid, thing(), 1), 412],
    ['put with the right one', (uuid) => db.store.put(ask(), Ting, uuid, thing(), 2), 200],
    ['passivate without', (uuid) => db.store.passivate(ask(), Ting, uuid, null), 428],
    ['passivate with an old one', (uuid) => db.store.passivate(ask(), Ting, uuid, 1), 412],
    ['passivate with the right one', (uuid) => db.store.passivate(ask(), Ting, uuid, 2), 200],
    ['remove without', (uuid) => db.store.remove(ask(), Ting, uuid, null), 428],
    ['remove with an old one', (uuid) => db.store.remove(ask(), Ting, uuid, 1), 412],
    ['remove with the right one', (uuid) => db.store.remove(ask(), Ting, uuid, 2), 200],
    ['patch of what is not there', () => db.store.patch(ask(), Ting, randomUUID(), line('1'), 1), 404],
    ['patch of another type', (uuid) => db.store.patch(ask(), Journal, uuid, thing(), 2), 404],
    ['put of another type', (uuid) => db.store.put(ask(), Journal, uuid, thing(), 2), 404],
  ])('answer a %s', async (_, act, status) => {
    const uuid = await make();
    await db.store.patch(ask(), Ting, uuid, line('0'), 1);
    expect(await statusOf(act(uuid))).toBe(status);
    const isDone = status === 200;
    const { rows } = await owner.query<{ number: number }>('select number from object where id = $1', [uuid]);
    expect(rows[0]!.number).toBe(isDone ? 3 : 2);
  });

  it('tell the number that a stale one is behind', async () => {
    const uuid = await make();
    await db.store.patch(ask(), Ting, uuid, line('0'), 1);
    await expect(db.store.patch(ask(), Ting, uuid, line('1'), 1)).rejects.toMatchObject({
      status: 412,
      headers: { ETag: '"2"' },
    });
  });

  it.each([
    ['passive', 'passivate'],
    ['deleted', 'remove'],
  ] as const)('do not help with one that is %s: it is revived by import only', async (_, end) => {
    const uuid = await make();
    await db.store[end](ask(), Ting, uuid, 1);
    expect(await statusOf(db.store.read(ask(), Ting, uuid, NOW))).toBe(404);
    expect(await statusOf(db.store.patch(ask(), Ting, uuid, line('1'), 2))).toBe(409);
    expect(await statusOf(db.store.passivate(ask(), Ting, uuid, 2))).toBe(409);
    if (end === 'remove') expect(await statusOf(db.store.remove(ask(), Ting, uuid, 2))).toBe(409);
    expect((await db.store.put(ask(), Ting, uuid, thing(), null)).outcome).toBe('importeret');
    expect(await numberOf(uuid)).toBe(3);
  });
});

describe('an Idempotency-Key', () => {
  const keyed = (key: string, content = 'a'): Ask =>
    ask({
      idempotency: { key, hash: Buffer.alloc(32, content) },
      answer: ({ uuid, number }) => ({ status: 201, headers: { ETag: `"${number}"` }, body: uuid }),
    });
  /** As the server does it: look first, then do, and give back what was stored. */
  const once = async (key: string, content?: string): Promise<string> => {
    const asked = keyed(key, content);
    const stored = await db.store.replay(asked);
    if (stored) return stored.body ?? '';
    const written = await db.store.create(asked, Ting, thing());
    return written.replayed ? (written.replayed.body ?? '') : written.uuid;
  };
  const countOf = async (uuids: string[]): Promise<number> =>
    (await owner.query('select from registration where object_id = any($1)', [uuids])).rowCount ?? 0;

  it('raced a hundred times makes one object, one event, and equal answers', async () => {
    const key = randomUUID();
    const before = (await owner.query<{ n: number }>('select count(*)::int as n from object')).rows[0]!.n;
    const answers = await Promise.all(Array.from({ length: 100 }, () => once(key)));
    expect(new Set(answers).size).toBe(1);
    const after = (await owner.query<{ n: number }>('select count(*)::int as n from object')).rows[0]!.n;
    expect(after - before).toBe(1);
    await expectLawful(answers[0]!, 1);
  });

  it('gives another request under it 422, and another system or municipality its own', async () => {
    const key = randomUUID();
    const first = await once(key);
    await expect(once(key, 'b')).rejects.toMatchObject({ status: 422, kode: 'idempotens' });
    const stored = async (who: Ask['caller']) => db.store.replay({ ...keyed(key), caller: who });
    expect(await stored(caller)).toEqual({ status: 201, headers: { ETag: '"1"' }, body: first });
    expect(await stored(anyone())).toBeNull();
    expect(await stored({ ...caller, owner: '87654321' })).toBeNull();
  });

  it('holds nothing of a request that was refused', async () => {
    const key = randomUUID();
    await expect(db.store.create(keyed(key), Ting, { attributter: {} })).rejects.toMatchObject({
      status: 422,
    });
    expect(await db.store.replay(keyed(key))).toBeNull();
    expect(await countOf([await once(key)])).toBe(1);
  });

  it('may be used anew after a day', async () => {
    const key = randomUUID();
    const first = await once(key);
    await owner.query(`update idempotency set created_at = now() - interval '25 hours' where key = $1`, [
      key,
    ]);
    expect(await db.store.replay(keyed(key))).toBeNull();
    const second = await once(key, 'b');
    expect(second).not.toBe(first);
    expect(await once(key, 'b')).toBe(second);
  });
});

describe('many writers on few connections', () => {
  it('do not wait for each other in a ring', async () => {
    const small = await testStore({ size: 2 });
    const many = (n: number): ObjectInput => ({
      ...thing(),
      relationer: {
        naboer: Array.from({ length: 60 }, () => ({ virkning: always, reference: { uuid: randomUUID() } })),
      },
      note: `${n}`,
    });
    const made = await Promise.all(
      Array.from({ length: 150 }, (_, n) => small.store.create(ask(), Ting, many(n))),
    );
    expect(new Set(made.map(({ uuid }) => uuid)).size).toBe(150);
    const narrow = {
      ...caller,
      groups: [{ kind: 'system' as const, privileges: ['journal:importer'], constraints: {} }],
    };
    const items = Array.from({ length: 20 }, (_, line_) => ({ line: line_, type: 'Ting', input: thing() }));
    const refused = await Promise.all(
      Array.from({ length: 8 }, () => small.store.bulk(asking(narrow), items)),
    );
    expect(new Set(refused.flat().map(({ status }) => status))).toEqual(new Set([403]));
    await small.drop();
  }, 60_000);
});
