import type { Pool } from 'pg';
import type { Statement } from './batch';
import { Database, type Transaction } from './database';
import { poolFor } from './pool-for';
import { serviceDatabase } from './service-database';

const server = {
  url: process.env['TEST_DATABASE_URL'] ?? '',
  prefix: `test_${process.env['TEST_RUN']}`,
};
const context = { owner: '11111111' };
let pool: Pool;
let database: Database;

beforeAll(async () => {
  pool = poolFor(await serviceDatabase(server, 'database'), { size: 4 });
  database = new Database(pool);
  await pool.query(
    'create table item (id int primary key, name text, unique (name) deferrable initially deferred)',
  );
});
afterAll(() => pool.end());
beforeEach(() => pool.query(`truncate item`));

const insert = (id: number, name: string | null = null): Statement => ({
  name: 'insert',
  text: 'insert into item values ($1, $2)',
  values: [id, name],
});
const update = (id: number, name: string): Statement => ({
  name: 'update',
  text: 'update item set name = $2 where id = $1',
  values: [id, name],
});
const session: Statement = {
  name: 'session',
  text: `select pg_backend_pid() as pid, current_setting('app.cvr', true) as owner`,
};
const kill = (pid: unknown): Statement => ({
  name: 'kill',
  text: 'select pg_terminate_backend($1, 5000) as killed',
  values: [pid],
});
const pidOf = async (tx: Transaction): Promise<unknown> => (await tx.run(session)).rows[0]?.['pid'];
const ids = async (): Promise<number[]> =>
  (await pool.query<{ id: number }>('select id from item order by id')).rows.map(({ id }) => id);

describe('a batch', () => {
  it('is one transaction in the context', async () => {
    const results = await database.batch(context, [insert(1), session]);
    expect(results).toHaveLength(2);
    expect(results[1]?.rows[0]).toMatchObject({ owner: '11111111' });
    await expect(database.batch(context, [insert(2), insert(1)])).rejects.toMatchObject({ code: '23505' });
    expect(await ids()).toEqual([1]);
  });

  it('has the empty context without an owner', async () => {
    await database.run(context, session);
    expect((await database.run({ owner: null }, session)).rows[0]).toMatchObject({ owner: '' });
  });

  it('gives its connection back after an error', async () => {
    for (let round = 0; round < 10; round++)
      await expect(database.run(context, { name: 'bad', text: 'select * from nowhere' })).rejects.toThrow();
    expect(pool.idleCount).toBe(pool.totalCount);
    expect(pool.totalCount).toBeLessThanOrEqual(4);
  });
});

describe('a transaction', () => {
  it('commits what the work did, in its context', async () => {
    const owner = await database.transaction(context, async (tx) => {
      await tx.batch([insert(1), insert(2)]);
      return (await tx.run(session)).rows[0]?.['owner'];
    });
    expect(owner).toBe('11111111');
    expect(await ids()).toEqual([1, 2]);
  });

  it('commits with its last statements', async () => {
    const results = await database.transaction(context, async (tx) => {
      await tx.run(insert(1));
      const last = await tx.finish([insert(2), session]);
      await expect(tx.run(insert(3))).rejects.toThrow('ended');
      return last;
    });
    expect(results).toMatchObject([{ count: 1 }, { rows: [{ owner: '11111111' }] }]);
    expect(await ids()).toEqual([1, 2]);
  });

  it('costs nothing when the work asks nothing', async () => {
    expect(await database.transaction(context, () => Promise.resolve(7))).toBe(7);
  });

  it('is undone when the work throws, and leaves no context behind', async () => {
    const refused = database.transaction(context, async (tx) => {
      await tx.run(insert(1));
      throw new Error('refused');
    });
    await expect(refused).rejects.toThrow('refused');
    expect(await ids()).toEqual([]);
    expect(pool.idleCount).toBe(pool.totalCount);
    const { rows } = await pool.query<{ owner: string }>(session.text);
    expect(rows[0]?.owner).toBeFalsy();
  });

  it('is undone when a statement fails', async () => {
    const failed = database.transaction(context, async (tx) => {
      await tx.run(insert(1));
      await tx.run(insert(1));
    });
    await expect(failed).rejects.toMatchObject({ code: '23505' });
    expect(await ids()).toEqual([]);
  });

  it('is undone when the commit fails', async () => {
    const failed = database.transaction(context, (tx) => tx.finish([insert(1, 'same'), insert(2, 'same')]));
    await expect(failed).rejects.toMatchObject({ code: '23505' });
    expect(await ids()).toEqual([]);
  });

  it('says so when the work overlooked that a statement failed', async () => {
    const overlooked = database.transaction(context, async (tx) => {
      await tx.run(insert(1));
      await tx.run(insert(1)).catch(() => undefined);
    });
    await expect(overlooked).rejects.toThrow('was undone');
    expect(await ids()).toEqual([]);
  });

  it('takes statements that are given at the same time one after the other, without a word of warning', async () => {
    const warnings: string[] = [];
    const hear = ({ message }: Error) => warnings.push(message);
    process.on('warning', hear);
    await database.transaction(context, (tx) =>
      Promise.all([1, 2, 3].map((id) => tx.run(insert(id, `n${id}`)))),
    );
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', hear);
    const { rows } = await pool.query<{ id: number }>('select id from item order by id');
    expect([rows.map(({ id }) => id), warnings]).toEqual([[1, 2, 3], []]);
  });

  it('goes on after a savepoint', async () => {
    const bare = (text: string): Statement => ({ name: text, text });
    await database.transaction(context, async (tx) => {
      await tx.batch([insert(1), bare('savepoint here')]);
      await tx.run(insert(1)).catch(() => undefined);
      await tx.batch([bare('rollback to here'), insert(2)]);
    });
    expect(await ids()).toEqual([1, 2]);
  });
});

describe('a deadlock', () => {
  const gate = (): { passed: Promise<void>; open: () => void } => {
    let open: () => void = () => undefined;
    return { passed: new Promise((resolve) => (open = resolve)), open: () => open() };
  };

  /** Two transactions that take the same two rows in opposite order, and wait for each other after the first. */
  const cross = async (tries: number[]): Promise<void> => {
    await database.batch(context, [insert(1), insert(2)]);
    const both = [gate(), gate()];
    const side = (at: number, first: number, second: number): Promise<void> =>
      database.transaction(context, async (tx) => {
        tries[at] = (tries[at] ?? 0) + 1;
        await tx.run(update(first, `${at} first`));
        both[at]?.open();
        await both[1 - at]?.passed;
        await tx.run(update(second, `${at} second`));
      });
    await Promise.all([side(0, 1, 2), side(1, 2, 1)]);
  };

  it('is tried again, and both end', async () => {
    const tries: number[] = [];
    await cross(tries);
    expect(Math.max(...tries)).toBeGreaterThan(1);
    const { rows } = await pool.query<{ name: string }>('select name from item order by id');
    const [one, two] = rows.map(({ name }) => name.split(' '));
    expect(one?.[0]).toBe(two?.[0]);
    expect([one?.[1], two?.[1]].sort()).toEqual(['first', 'second']);
  });

  it.each(['40P01', '40001'])('is given up after three tries (%s)', async (code) => {
    let tries = 0;
    const raise = `do $$ begin raise exception 'again' using errcode = '${code}'; end $$`;
    const failed = database.transaction(context, async (tx) => {
      tries++;
      await tx.batch([insert(tries), { name: `raise ${code}`, text: raise }]);
    });
    await expect(failed).rejects.toMatchObject({ code });
    expect(tries).toBe(3);
    expect(await ids()).toEqual([]);
  });

  it('is no reason to try other errors again', async () => {
    let tries = 0;
    const failed = database.transaction(context, async (tx) => {
      tries++;
      await tx.batch([insert(1), insert(1)]);
    });
    await expect(failed).rejects.toMatchObject({ code: '23505' });
    expect(tries).toBe(1);
  });
});

describe('a killed session', () => {
  it('is not used again when it dies during a statement', async () => {
    const { rows } = await database.run(context, session);
    const sleep = database.batch(context, [session, { name: 'sleep', text: 'select pg_sleep(30)' }]);
    const caught = expect(sleep).rejects.toThrow();
    const active = `select pid from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`;
    let pid: unknown;
    while (!pid) pid = (await pool.query<{ pid: number }>(active)).rows[0]?.pid;
    await database.run(context, kill(pid));
    await caught;
    for (let round = 0; round < 5; round++)
      expect((await database.run(context, session)).rows[0]?.['pid']).not.toBe(pid);
    expect(rows).toHaveLength(1);
  });

  it('is not used again when it dies between two statements, and its transaction is undone', async () => {
    let pid: unknown;
    const dead = database.transaction(context, async (tx) => {
      pid = await pidOf(tx);
      await tx.run(insert(1));
      await database.run(context, kill(pid));
      await tx.run(insert(2));
    });
    await expect(dead).rejects.toThrow();
    expect(await ids()).toEqual([]);
    for (let round = 0; round < 5; round++)
      expect((await database.run(context, session)).rows[0]?.['pid']).not.toBe(pid);
  });

  it('does not bring the process down when it dies in the pool', async () => {
    await Promise.all([1, 2, 3].map(() => database.run(context, session)));
    const killer = poolFor(pool.options.connectionString ?? '', { size: 1 });
    await killer.query(
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
    );
    await killer.end();
    while (pool.totalCount > 0) await new Promise(setImmediate);
    expect((await database.run(context, session)).rows).toHaveLength(1);
  });
});
