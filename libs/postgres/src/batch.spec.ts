import type { Pool, PoolClient } from 'pg';
import { codeOf, isBroken, type Row, runBatch, type Statement } from './batch';
import { poolFor } from './pool-for';
import { serviceDatabase } from './service-database';

const server = {
  url: process.env['TEST_DATABASE_URL'] ?? '',
  prefix: `test_${process.env['TEST_RUN']}`,
};
let pool: Pool;
let client: PoolClient;

beforeAll(async () => {
  pool = poolFor(await serviceDatabase(server, 'batch'), { size: 2 });
  await pool.query('create table item (id bigint primary key, name text)');
});
afterAll(() => pool.end());
beforeEach(async () => {
  client = await pool.connect();
  await client.query('truncate item');
});
afterEach(() => client.release(true));

const insert = (id: unknown, name: unknown = null): Statement => ({
  name: 'insert',
  text: 'insert into item values ($1, $2) returning id, name',
  values: [id, name],
});
const count: Statement = { name: 'count', text: 'select count(*) from item' };
const countNow = async (): Promise<unknown> =>
  (await pool.query<Row>('select count(*)::int from item')).rows[0];
const one = async (text: string, values: unknown[] = []): Promise<Row | undefined> =>
  (await runBatch(client, [{ name: text, text, values }]))[0]?.rows[0];

describe('several statements', () => {
  it('answers each in order, and counts rows', async () => {
    const results = await runBatch(client, [
      insert(1, 'a'),
      { name: 'more', text: `insert into item select n, 'x' from generate_series(2, 4) n` },
      { name: 'none', text: 'update item set name = $1 where false', values: ['y'] },
      count,
    ]);
    expect(results).toEqual([
      { command: 'INSERT 0 1', count: 1, rows: [{ id: 1, name: 'a' }] },
      { command: 'INSERT 0 3', count: 3, rows: [] },
      { command: 'UPDATE 0', count: 0, rows: [] },
      { command: 'SELECT 1', count: 1, rows: [{ count: 4 }] },
    ]);
  });

  it('gives rows to both of two equal statements on a connection that never saw them', async () => {
    const results = await runBatch(client, [insert(1, 'a'), insert(2, 'b')]);
    expect(results.map(({ rows }) => rows)).toEqual([[{ id: 1, name: 'a' }], [{ id: 2, name: 'b' }]]);
  });

  it('answers the same from prepared statements', async () => {
    for (const id of [1, 2, 3])
      expect(await runBatch(client, [insert(id), count])).toMatchObject([
        { rows: [{ id, name: null }] },
        { rows: [{ count: id }] },
      ]);
    const { rows } = await client.query<Row>('select name from pg_prepared_statements');
    expect(rows).toHaveLength(2);
  });

  it('runs nothing for no statements', async () => {
    expect(await runBatch(client, [])).toEqual([]);
  });
});

describe('an error in the middle', () => {
  it('undoes what went before and leaves the connection usable', async () => {
    await expect(runBatch(client, [insert(1), insert(2), insert(1), insert(3)])).rejects.toMatchObject({
      code: '23505',
    });
    expect(isBroken(client)).toBe(false);
    expect(await countNow()).toEqual({ count: 0 });
    expect(await runBatch(client, [insert(1), count])).toMatchObject([{}, { rows: [{ count: 1 }] }]);
  });

  it('lets a statement be prepared again after its table was missing', async () => {
    const late: Statement = { name: 'late', text: 'select id from late' };
    await expect(runBatch(client, [insert(1), late])).rejects.toMatchObject({ code: '42P01' });
    await client.query('create table late as select 7 as id');
    expect(await runBatch(client, [late])).toMatchObject([{ rows: [{ id: 7 }] }]);
    await client.query('drop table late');
  });

  it('prepares a statement that always fails only once', async () => {
    const never: Statement = { name: 'never', text: 'select 1 / $1::int as never', values: [0] };
    for (let round = 0; round < 5; round++)
      await expect(runBatch(client, [never, count])).rejects.toMatchObject({ code: '22012' });
    const { rows } = await client.query<Row>(
      `select name from pg_prepared_statements where statement ~ 'as never'`,
    );
    expect(rows).toHaveLength(1);
  });

  it('leaves alone what came before it in the order of preparation', async () => {
    const after: Statement = { name: 'after', text: 'select 5 as five' };
    await expect(runBatch(client, [count, insert('x'), after])).rejects.toMatchObject({ code: '22P02' });
    expect(await runBatch(client, [count, insert(1), after, after])).toMatchObject([
      { rows: [{ count: 0 }] },
      { rows: [{ id: 1 }] },
      { rows: [{ five: 5 }] },
      { rows: [{ five: 5 }] },
    ]);
  });

  it('gives up a connection whose statements the migrated table has left behind', async () => {
    await client.query('create table wide as select 1 as a');
    const all: Statement = { name: 'all', text: 'select * from wide' };
    await runBatch(client, [all]);
    await client.query('alter table wide add b int');
    await expect(runBatch(client, [all])).rejects.toMatchObject({ code: '0A000' });
    expect(isBroken(client)).toBe(true);
    await client.query('drop table wide');
  });

  it('gives up a connection whose session was ended', async () => {
    const end: Statement = { name: 'end', text: 'select pg_terminate_backend(pg_backend_pid())' };
    await expect(runBatch(client, [insert(1), end])).rejects.toMatchObject({ code: '57P01' });
    expect(isBroken(client)).toBe(true);
    expect(await countNow()).toEqual({ count: 0 });
  });

  it('refuses to copy', async () => {
    const copy: Statement = { name: 'copy', text: 'copy item from stdin' };
    await expect(runBatch(client, [insert(1), copy])).rejects.toThrow();
    expect(await countNow()).toEqual({ count: 0 });
    expect(await runBatch(client, [count])).toMatchObject([{ rows: [{ count: 0 }] }]);
  });
});

describe('a parameter that cannot be written', () => {
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;

  it('undoes the whole batch and says what was wrong', async () => {
    await expect(runBatch(client, [insert(1), insert(2, circle), insert(3)])).rejects.toThrow(/circular/);
    expect(await countNow()).toEqual({ count: 0 });
  });

  it('fails an open transaction, which can be rolled back', async () => {
    await runBatch(client, [{ name: 'begin', text: 'begin' }, insert(1)]);
    await expect(runBatch(client, [insert(2, circle)])).rejects.toThrow(/circular/);
    await expect(runBatch(client, [count])).rejects.toMatchObject({ code: '25P02' });
    await runBatch(client, [{ name: 'rollback', text: 'rollback' }]);
    expect(await runBatch(client, [insert(2), count])).toMatchObject([{}, { rows: [{ count: 1 }] }]);
  });
});

describe('values', () => {
  it.each([
    ['select $1::text as v', null, null],
    ['select $1::text[] as v', ['a', null, '{"x,y}'], '{a,NULL,"{\\"x,y}"}'],
    ['select $1::bigint[] as v', [1, 2], '{1,2}'],
    ['select $1::text[] as v', [], '{}'],
    ['select $1::jsonb as v', '{"b": [1, "æ"]}', '{"b": [1, "æ"]}'],
    ['select $1::jsonb as v', { a: null }, '{"a": null}'],
    ['select $1::bigint as v', '9007199254740991', Number.MAX_SAFE_INTEGER],
    ['select $1::bigint as v', -9007199254740991n, Number.MIN_SAFE_INTEGER],
    ['select $1::int as v', 0, 0],
    ['select $1::numeric as v', '123456789012345678901234567890.12', '123456789012345678901234567890.12'],
    ['select $1::boolean as v', true, true],
    ['select $1::boolean as v', false, false],
    ['select $1::text as v', '', ''],
    ['select $1::text as v', `';-- $1 \\ "`, `';-- $1 \\ "`],
    ['select $1::text as v', 'Ærø 🐟', 'Ærø 🐟'],
    ['select $1::bytea as v', Buffer.from([0, 255]), '\\x00ff'],
    ['select $1::timestamptz as v', '2026-03-01T12:00:00.123456+01:00', '2026-03-01 11:00:00.123456+00'],
    ['select $1::tstzrange as v', '[2026-01-01T00:00:00Z,)', '["2026-01-01 00:00:00+00",)'],
    ['select $1::uuid as v', 'ABCDEFAB-0000-4000-8000-000000000000', 'abcdefab-0000-4000-8000-000000000000'],
  ])('%s of %p is %p', async (text, value, expected) => {
    expect(await one(text, [value])).toEqual({ v: expected });
  });

  it('gives an integer that a number would round as text', async () => {
    expect(await one('select 9007199254740993::bigint as v')).toEqual({ v: '9007199254740993' });
    expect(await one('select 1 as v')).toEqual({ v: 1 });
  });

  it('tells several columns apart, and reads many rows', async () => {
    const text = `select n as id, n % 2 = 0 as even, nullif(n, 3)::text as name from generate_series(1, 5000) n`;
    const [result] = await runBatch(client, [{ name: 'many', text }]);
    expect(result?.rows).toHaveLength(5000);
    expect(result?.rows.slice(1, 3)).toEqual([
      { id: 2, even: true, name: '2' },
      { id: 3, even: false, name: null },
    ]);
  });
});

describe('the context', () => {
  const context = (owner: string): Statement => ({
    name: 'context',
    text: `select set_config('app.cvr', $1, true)`,
    values: [owner],
  });
  const owner: Statement = { name: 'owner', text: `select current_setting('app.cvr', true) as owner` };

  it('is seen by the whole batch and gone after it', async () => {
    expect(await runBatch(client, [context('11111111'), count, owner])).toMatchObject([
      {},
      {},
      { rows: [{ owner: '11111111' }] },
    ]);
    expect(await one(owner.text)).toEqual({ owner: '' });
  });

  it('is gone after a failed batch', async () => {
    await expect(runBatch(client, [context('11111111'), insert('x')])).rejects.toThrow();
    expect((await one(owner.text))?.['owner'] || null).toBeNull();
  });
});

describe('codeOf', () => {
  it('knows PostgreSQL codes from the system’s', () => {
    expect(codeOf({ code: '40P01' })).toBe('40P01');
    expect(codeOf({ code: 'ECONNRESET' })).toBe('');
    expect(codeOf(null)).toBe('');
    expect(codeOf(new Error('x'))).toBe('');
  });
});
