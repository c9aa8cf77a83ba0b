import { randomUUID } from 'node:crypto';
import { poolFor, ROLES } from '@stoettesystemer/postgres';
import { Journal, Ting } from '@stoettesystemer/testing';
import type { Client, Pool } from 'pg';
import {
  always,
  anyone,
  asking,
  COMMON,
  NOW,
  OTHER,
  OWN,
  ownerOf,
  testStore,
  type TestStore,
} from './spec/test-store';

/** What the database refuses by itself, whichever role asks behind the engine's back. */
let db: TestStore;
let owner: Client;
let app: Pool;
const uuids: Record<string, string> = {};
const key = (brugervendtNoegle: string) => ({
  attributter: { egenskaber: [{ virkning: always, brugervendtNoegle, titel: 'Bus' }] },
});

beforeAll(async () => {
  db = await testStore();
  owner = await ownerOf(db);
  app = poolFor(db.url, { size: 1, role: ROLES.app });
  for (const cvr of [OWN, OTHER, COMMON]) {
    const ask = asking(anyone(cvr));
    const { uuid } = await db.store.create(ask, Ting, key('før'));
    await db.store.patch(ask, Ting, uuid, key('efter'), 1);
    const answer = () => ({ status: 201, headers: {}, body: null });
    const again = asking(anyone(cvr), { idempotency: { key: randomUUID(), hash: Buffer.alloc(32) }, answer });
    await db.store.create(again, Journal, key('j'));
    uuids[cvr] = uuid;
  }
  await owner.query(`
    set role ${ROLES.feed};
    insert into feed (pos, owner, registration, type, object_id, number, action, recorded_at, changed, published)
      select row_number() over (order by id), owner, registration, type, object_id, number, action, recorded_at, changed, published
        from outbox;
    reset role`);
});
afterAll(async () => {
  await app.end();
  await owner.end();
  await db.drop();
});

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (cause: { code?: string }) => cause.code ?? String(cause),
  );
/** As the application, in a municipality's name or in nobody's; never committed. */
async function asApp<T>(cvr: string, work: (client: { query: Pool['query'] }) => Promise<T>): Promise<T> {
  const client = await app.connect();
  try {
    await client.query(`begin; select set_config('app.cvr', '${cvr}', true)`);
    return await work(client as never);
  } finally {
    await client.query('rollback');
    client.release();
  }
}
/** As the owner of the tables, or another role; never committed. */
async function asOwner<T>(work: () => Promise<T>, role = 'none'): Promise<T> {
  await owner.query(`begin; set local role ${role}`);
  try {
    return await work();
  } finally {
    await owner.query('rollback');
  }
}

describe('the bitemporal law', () => {
  const valid = {
    open: '[2020-01-01,)',
    before: '[2019-01-01,2020-01-01)',
    early: '[2019-01-01,2020-01-02)',
    inside: '[2021-01-01,2022-01-01)',
    later: '[2100-01-01,)',
  };
  const fact = (recorded: string, when: string, facet = 'egenskaber', slot = '') => ({
    text: `insert into fact (id, owner, object_id, section, facet, slot, value, valid, recorded, number)
      values ((random() * 1e15)::bigint, $1, $2, 'a', $5, $6, '{"x":1}', $3, $4, 1)`,
    values: [Number(OWN), uuids[OWN], when, recorded, facet, slot],
  });
  let closed = '';
  beforeAll(async () => {
    const { rows } = await owner.query<{ closed: string }>(
      `select recorded::text as closed from fact where object_id = $1 and facet = 'egenskaber' and not upper_inf(recorded)`,
      [uuids[OWN]],
    );
    closed = rows[0]!.closed;
  });

  it.each([
    ['open beside open', () => fact('[2000-01-01,)', valid.open), '23P01'],
    ['inside an open one', () => fact('[2000-01-01,)', valid.inside), '23P01'],
    ['over its beginning', () => fact('[2000-01-01,)', valid.early), '23P01'],
    ['far into an open one', () => fact('[2100-01-01,2100-01-02)', valid.later), '23P01'],
    ['closed beside closed', () => fact(closed, valid.inside), '23P01'],
    ['closed beside open', () => fact('[2100-01-01,2101-01-01)', valid.open), '23P01'],
    ['open beside closed', () => fact('[2000-01-01,)', valid.inside, 'egenskaber'), '23P01'],
    ['touching in virkning', () => fact('[2000-01-01,)', valid.before), 'done'],
    ['touching in registrering', () => fact(`[2000-01-01,${closed.split('"')[1]})`, valid.open), 'done'],
    ['of another facet', () => fact('[2000-01-01,)', valid.open, 'andet'), 'done'],
    ['of another slot', () => fact('[2000-01-01,)', valid.open, 'egenskaber', 'x'), 'done'],
    ['empty in virkning', () => fact('[2000-01-01,)', '[2020-01-01,2020-01-01)', 'andet'), '23514'],
    ['without a beginning', () => fact('[2000-01-01,)', '(,2020-01-01)', 'andet'), '23514'],
    ['with an infinite end', () => fact('[2000-01-01,)', '[2020-01-01,infinity)', 'andet'), '23514'],
    ['with an infinite beginning', () => fact('[2000-01-01,)', '[-infinity,)', 'andet'), '23514'],
    ['that holds its end', () => fact('[2000-01-01,)', '[2020-01-01,2021-01-01]', 'andet'), '23514'],
    ['recorded to infinity', () => fact('[2000-01-01,infinity)', valid.open, 'andet'), '23514'],
    ['recorded from infinity', () => fact('[-infinity,)', valid.open, 'andet'), '23514'],
    ['recorded from no time', () => fact('(,)', valid.open, 'andet'), '23514'],
    ['recorded for no time', () => fact('[2000-01-01,2000-01-01)', valid.open, 'andet'), '23514'],
    ['recorded with its end', () => fact('[2000-01-01,2001-01-01]', valid.open, 'andet'), '23514'],
    ['recorded without its beginning', () => fact('(2000-01-01,)', valid.open, 'andet'), '23514'],
  ])('judges a fact %s, for the owner and for the application', async (_, insert, expected) => {
    expect(await asOwner(() => codeOf(owner.query(insert())))).toBe(expected);
    expect(await asApp(OWN, (client) => codeOf(client.query(insert())))).toBe(expected);
  });

  it('holds against two that write at the same time, neither of whom sees the other', async () => {
    const other = await ownerOf(db);
    await owner.query('begin');
    await other.query('begin');
    await owner.query(fact('[2000-01-01,)', valid.open, 'samtidig'));
    const second = codeOf(other.query(fact('[2000-01-01,)', valid.inside, 'samtidig')));
    await owner.query('commit');
    expect(await second).toBe('23P01');
    await other.query('rollback');
    await other.end();
    await asOwner(() => owner.query(`delete from fact where facet = 'samtidig'`), ROLES.erasure);
  });
});

describe('what is recorded', () => {
  const statements: [string, string][] = [
    ['a fact edited', `update fact set value = '{"x":2}' where upper_inf(recorded)`],
    ['a fact moved in virkning', `update fact set valid = '[1999-01-01,)' where upper_inf(recorded)`],
    ['a fact given to another object', `update fact set object_id = gen_random_uuid()`],
    ['a fact given to another municipality', `update fact set owner = 1`],
    ['a fact backdated', `update fact set recorded = tstzrange(lower(recorded) - interval '1 day', now())`],
    [
      'a fact that was closed closed again',
      `update fact set recorded = tstzrange(lower(recorded), now() + interval '1 day') where not upper_inf(recorded)`,
    ],
    [
      'a fact that was closed opened',
      `update fact set recorded = tstzrange(lower(recorded), null) where not upper_inf(recorded)`,
    ],
    ['a fact touched and not changed', `update fact set recorded = recorded`],
    ['a fact deleted', `delete from fact`],
    ['a registration edited', `update registration set note = 'x'`],
    ['a registration moved in time', `update registration set recorded_at = now()`],
    ['a registration deleted', `delete from registration`],
    ['an object deleted', `delete from object`],
    ['an object given another UUID', `update object set id = gen_random_uuid()`],
    ['an object given to another municipality', `update object set owner = 1`],
    ['an object made another type', `update object set type = 'Andet'`],
    ['an object born at another time', `update object set created_at = now()`],
    ['a line of the security log edited', `update audit set allowed = true`],
    ['a line of the security log deleted', `delete from audit`],
    ['an event edited', `update feed set action = 'x'`],
    ['facts emptied', `truncate fact`],
    ['registrations emptied', `truncate registration cascade`],
    ['the security log emptied', `truncate audit`],
    ['everything emptied', `truncate object cascade`],
  ];

  it.each(statements)(
    'does not let %s, by the owner of the tables or by the application',
    async (_, statement) => {
      expect(await asOwner(() => codeOf(owner.query(statement)))).toBe('23001');
      expect(['23001', '42501']).toContain(await asApp(OWN, (client) => codeOf(client.query(statement))));
    },
  );

  it.each(statements)('does not let %s, by any other role of the services', async (_, statement) => {
    for (const role of [ROLES.feed, ROLES.lookup, ROLES.erasure]) {
      const isErasure = role === ROLES.erasure && /^delete from (fact|registration)$/.test(statement);
      const code = await asOwner(async () => {
        await owner.query(`select set_config('app.cvr', '${OWN}', true)`);
        return codeOf(owner.query(statement));
      }, role);
      expect([role, code]).toEqual([role, isErasure ? 'done' : '42501']);
    }
  });

  it('is deleted by the one role that may, and only of the municipality it acts for', async () => {
    const deleted = await asOwner(async () => {
      await owner.query(`select set_config('app.cvr', '${OWN}', true)`);
      const counts: number[] = [];
      for (const table of ['term', 'prose', 'fact', 'registration', 'idempotency'])
        counts.push((await owner.query(`delete from ${table}`)).rowCount ?? 0);
      return counts;
    }, ROLES.erasure);
    expect(Math.min(...deleted)).toBeGreaterThan(0);
    const { rows } = await owner.query<{ n: number }>(
      `select count(*)::int as n from registration where owner = $1`,
      [OWN],
    );
    expect(deleted[3]).toBe(rows[0]!.n);
    expect(await asOwner(() => codeOf(owner.query('delete from object')), ROLES.erasure)).toBe('42501');
    expect(await asOwner(() => codeOf(owner.query('delete from audit')), ROLES.erasure)).toBe('42501');
  });

  it('is closed once, at a time after it began', async () => {
    const close = (to: string) =>
      `update fact set recorded = tstzrange(lower(recorded), ${to}) where upper_inf(recorded)`;
    expect(await asOwner(() => codeOf(owner.query(close('clock_timestamp()'))))).toBe('done');
    expect(await asOwner(() => codeOf(owner.query(close('lower(recorded)'))))).toBe('23001');
  });
});

const TABLES = ['object', 'registration', 'fact', 'term', 'prose', 'audit', 'idempotency', 'feed'];
/** Written by the log's own role alone. */
const CHAIN = ['audit_chain', 'audit_key', 'audit_root'];
/** What holds common things that every municipality reads. */
const SHARED = ['object', 'registration', 'fact', 'term', 'prose', 'feed'];

describe('row-level security', () => {
  it('covers every table that has an owner, its owner too', async () => {
    const { rows } = await owner.query<{ name: string; on: boolean }>(
      `select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as on from pg_class c
         join pg_attribute a on a.attrelid = c.oid and a.attname = 'owner' where c.relkind in ('r', 'p') and relnamespace = 'public'::regnamespace order by 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual([...TABLES, ...CHAIN, 'outbox', 'publication'].sort());
    expect(rows.filter(({ on }) => !on)).toEqual([]);
  });

  it.each(['', '0', '99999999'])(
    'shows the application nothing of a municipality in the name of %j',
    async (cvr) => {
      for (const table of TABLES) {
        const { rows } = await asApp(cvr, (client) =>
          client.query<{ owner: number }>(`select distinct owner from ${table}`),
        );
        const common = cvr === '' || !SHARED.includes(table) ? [] : [Number(COMMON)];
        expect([table, rows.map((row) => row.owner)]).toEqual([table, common]);
      }
      expect(await asApp(cvr, (client) => codeOf(client.query('select from outbox')))).toBe('42501');
    },
  );

  it('shows nothing in no name at all', async () => {
    const client = await app.connect();
    await client.query('reset all');
    for (const table of TABLES) expect((await client.query(`select from ${table}`)).rowCount).toBe(0);
    client.release();
  });

  it("shows own and common rows, and lets neither be written in another's name", async () => {
    for (const table of TABLES) {
      const { rows } = await asApp(OWN, (client) =>
        client.query<{ owner: number }>(`select distinct owner from ${table} order by 1`),
      );
      expect(rows.map((row) => row.owner)).toEqual(
        SHARED.includes(table) ? [Number(OWN), Number(COMMON)] : [Number(OWN)],
      );
    }
    for (const foreign of [OTHER, COMMON]) {
      const insert = `insert into object (owner, id, type, number, lifecycle, created_at, recorded_at)
        values (${foreign}, gen_random_uuid(), 'Ting', 1, 'Opstaaet', now(), now())`;
      expect(await asApp(OWN, (client) => codeOf(client.query(insert)))).toBe('42501');
      const audit = `insert into audit (owner, operation, allowed) values (${foreign}, 'x', true)`;
      expect(await asApp(OWN, (client) => codeOf(client.query(audit)))).toBe('42501');
      const touched = async (statement: string) =>
        (await asApp(OWN, (client) => client.query(statement))).rowCount;
      expect(await touched(`update object set number = 9 where owner = ${foreign}`)).toBe(0);
      expect(await touched(`update term set believed = false where owner = ${foreign}`)).toBe(0);
      expect(await touched(`delete from idempotency where owner = ${foreign}`)).toBe(0);
      const lock = `select from object where owner = ${foreign} for update`;
      expect(await touched(lock)).toBe(0);
    }
    expect(await asApp(OWN, (client) => codeOf(client.query(`update object set owner = ${OTHER}`)))).toBe(
      '42501',
    );
  });

  it('lets the words of another municipality be found by nobody', async () => {
    const hits = (cvr: string) =>
      asApp(cvr, (client) =>
        client.query<{ owner: number }>(`select distinct owner from prose_hits('skole', 'Ting')`),
      );
    const titled = (titel: string) => ({
      attributter: { egenskaber: [{ virkning: always, brugervendtNoegle: 't', titel }] },
    });
    for (const cvr of [OWN, OTHER]) await db.store.create(asking(anyone(cvr)), Ting, titled('Skole'));
    expect((await hits(OWN)).rows).toEqual([{ owner: Number(OWN) }]);
    expect((await hits('')).rows).toEqual([]);
    expect(await codeOf(owner.query(`set role ${ROLES.feed}; select prose_hits('x', 'Ting')`))).toBe('42501');
    await owner.query('reset role');
  });

  it('lets the past of another municipality be looked up by nobody', async () => {
    const past = async (cvr: string, of: string) =>
      (await asApp(cvr, (client) => client.query('select * from facts_at($1, $2, now())', [of, uuids[of]])))
        .rowCount;
    expect(await past(OWN, OWN)).toBeGreaterThan(0);
    expect(await past(OWN, COMMON)).toBeGreaterThan(0);
    for (const [cvr, of] of [
      [OWN, OTHER],
      ['', OWN],
      ['', COMMON],
      [COMMON, OWN],
    ] as const)
      expect([cvr, of, await past(cvr, of)]).toEqual([cvr, of, 0]);
    for (const role of [ROLES.feed, ROLES.erasure])
      expect(
        await asOwner(() => codeOf(owner.query('select facts_at(1, gen_random_uuid(), now())')), role),
      ).toBe('42501');
  });

  it('leaves nothing behind on a connection: two municipalities may take turns on it', async () => {
    const { store } = db;
    const callers = [OWN, OTHER].map((cvr) => anyone(cvr));
    const turns = Array.from({ length: 200 }, async (_, n) => {
      const caller = callers[n % 2]!;
      const theirs = uuids[n % 2 === 0 ? OTHER : OWN]!;
      if (n % 5 === 0) await codeOf(store.patch(asking(caller), Ting, theirs, key('x'), 1));
      if (n % 7 === 0)
        await codeOf(
          db.database.transaction(
            { owner: caller.owner },
            async (tx) => void (await tx.run({ name: 'fails', text: 'select 1 / 0' })),
          ),
        );
      await expect(store.read(asking(caller), Ting, theirs, NOW)).rejects.toMatchObject({ status: 404 });
      await expect(store.read(asking(caller), Ting, uuids[caller.owner]!, NOW)).resolves.toBeDefined();
    });
    await Promise.all(turns);
  });
});
