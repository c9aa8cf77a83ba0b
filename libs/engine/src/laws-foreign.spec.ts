import { randomUUID } from 'node:crypto';
import { poolFor, ROLES } from '@stoettesystemer/postgres';
import { Journal, Ting } from '@stoettesystemer/testing';
import { type Client, escapeIdentifier, type Pool } from 'pg';
import {
  anyone,
  always,
  asking,
  COMMON,
  OTHER,
  OWN,
  ownerOf,
  testStore,
  type TestStore,
} from './spec/test-store';

/** Whose name a row may be written in, whatever the engine believes: the one that the session acts for. */
let db: TestStore;
let owner: Client;
let app: Pool;

beforeAll(async () => {
  db = await testStore();
  owner = await ownerOf(db);
  app = poolFor(db.url, { size: 1, role: ROLES.app });
  for (const cvr of [OWN, OTHER, COMMON]) {
    const said = {
      attributter: { egenskaber: [{ virkning: always, brugervendtNoegle: 'n', titel: 'Bus' }] },
    };
    const answer = () => ({ status: 201, headers: {}, body: null });
    const idempotency = { key: randomUUID(), hash: Buffer.alloc(32) };
    await db.store.create(asking(anyone(cvr), { idempotency, answer }), Ting, said);
    await db.store.create(asking(anyone(cvr)), Journal, said);
  }
  await owner.query(`
    insert into feed (pos, owner, registration, type, object_id, number, action, recorded_at, changed, published)
      select row_number() over (order by id), owner, registration, type, object_id, number, action, recorded_at, changed, published
        from outbox`);
});
afterAll(async () => {
  await app.end();
  await owner.end();
  await db.drop();
});

const TABLES = ['object', 'registration', 'fact', 'term', 'prose', 'outbox', 'audit', 'idempotency', 'feed'];

/** The columns of a table that an insert may name. */
async function columnsOf(table: string): Promise<string> {
  const { rows } = await owner.query<{ name: string }>(
    `select column_name as name from information_schema.columns
      where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER' and is_identity = 'NO'
      order by ordinal_position`,
    [table],
  );
  return rows.map(({ name }) => escapeIdentifier(name)).join(', ');
}

/** Copies one of somebody's rows to another name, as the application acting for OWN; never committed. */
async function copied(table: string, from: string, to: string): Promise<string> {
  const columns = await columnsOf(table);
  const { rows } = await owner.query<{ row: object }>(
    `select row_to_json(t) as row from ${table} t where owner = $1 limit 1`,
    [from],
  );
  const client = await app.connect();
  try {
    await client.query('begin');
    await client.query(`select set_config('app.cvr', $1, true)`, [OWN]);
    await client.query(
      `insert into ${table} (${columns}) select ${columns} from json_populate_record(null::${table}, $1)`,
      [JSON.stringify({ ...rows[0]!.row, owner: Number(to) })],
    );
    return 'done';
  } catch (cause) {
    return (cause as { code: string }).code;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

it.each(TABLES)("lets no row of %s be written in another's name, nor in the common one", async (table) => {
  for (const from of [OWN, OTHER, COMMON])
    for (const to of [OTHER, COMMON, '99999999'])
      expect([from, to, await copied(table, from, to)]).toEqual([from, to, '42501']);
});

it('lets rows be written in the name that the session acts for, where the application writes at all', async () => {
  const outcomes: [string, string][] = [];
  for (const table of TABLES) outcomes.push([table, await copied(table, OWN, OWN)]);
  expect(Object.fromEntries(outcomes)).toEqual({
    // There is one already, and the database sees it.
    object: '23505',
    registration: '23505',
    fact: '23505',
    idempotency: '23505',
    term: 'done',
    prose: 'done',
    outbox: 'done',
    audit: 'done',
    feed: '42501',
  });
});

it("lets nobody register anything of another's object", async () => {
  const client = await app.connect();
  await client.query(`begin; select set_config('app.cvr', '${OWN}', true)`);
  const { rows } = await owner.query<{ id: string }>('select id from object where owner = $1', [OTHER]);
  const registering = client.query(
    `insert into registration (owner, object_id, number, id, recorded_at, lifecycle)
      values ($1, $2, 2, gen_random_uuid(), now(), 'Rettet')`,
    [OWN, rows[0]!.id],
  );
  await expect(registering).rejects.toMatchObject({ code: '23503' });
  await client.query('rollback');
  client.release();
});

it.each([ROLES.app, ROLES.feed, ROLES.erasure, ROLES.lookup])(
  'gives %s nothing by which it could write its own laws',
  async (role) => {
    const deeds = [
      'alter table fact disable trigger all',
      'alter table fact drop constraint fact_law',
      'alter table fact disable row level security',
      'drop policy read_fact on fact',
      'drop table audit',
      'create table mine (owner int)',
      `set session_replication_role = 'replica'`,
      'create or replace function current_owner() returns int language sql as $$ select 1 $$',
    ];
    for (const deed of deeds) {
      await owner.query(`begin; set local role ${role}`);
      await expect(owner.query(deed)).rejects.toMatchObject({ code: '42501' });
      await owner.query('rollback');
    }
  },
);
