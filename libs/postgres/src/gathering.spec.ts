import type { Pool } from 'pg';
import type { Row, Statement } from './batch';
import { Database } from './database';
import { limits } from './limits';
import { poolFor } from './pool-for';
import { serviceDatabase } from './service-database';

const server = {
  url: process.env['TEST_DATABASE_URL'] ?? '',
  prefix: `test_${process.env['TEST_RUN']}`,
};
let pool: Pool;
let database: Database;

beforeAll(async () => {
  pool = poolFor(await serviceDatabase(server, 'gathering'), { size: 4 });
  database = new Database(pool);
});
afterAll(() => pool.end());

/** Statements of one round trip are of one transaction, and so of one `now()`. */
const echo = (n: number): Statement => ({
  name: 'echo',
  text: `select $1::int as n, now()::text as at, current_setting('app.cvr', true) as owner, 6 / $1::int as part`,
  values: [n],
});
const slow = (n: number): Statement => ({
  name: 'slow',
  text: `select $1::int as n, now()::text as at, pg_sleep($2) is null as slept`,
  values: [n, (2 * limits.gathering.quick) / 1000],
});
/** Rows by the round trip they came with. */
const tripsOf = (rows: readonly Row[]): Row[][] =>
  [...new Set(rows.map(({ at }) => at))].map((trip) => rows.filter(({ at }) => at === trip));
const one = { owner: '11111111' };
const numbers = Array.from({ length: 100 }, (_, at) => at + 1);

describe('reads of one moment', () => {
  it('share round trips, and each gets its own answer', async () => {
    const rows = await Promise.all(numbers.map(async (n) => (await database.look(one, echo(n))).rows[0]!));
    expect(rows.map(({ n }) => n)).toEqual(numbers);
    const trips = tripsOf(rows);
    expect(trips.length).toBeLessThan(numbers.length / 2);
    for (const those of trips) expect(those.length).toBeLessThanOrEqual(limits.gathering.most);
  });

  it('are never together with those of another owner', async () => {
    const rows = await Promise.all(
      numbers.map(async (n) => {
        const owner = n % 3 === 0 ? null : `1111111${n % 3}`;
        const [row] = (await database.look({ owner }, echo(n))).rows;
        expect([n, row!['n'], row!['owner']]).toEqual([n, n, owner ?? '']);
        return row!;
      }),
    );
    for (const those of tripsOf(rows)) expect(new Set(those.map(({ owner }) => owner)).size).toBe(1);
  });

  it('fail each for itself', async () => {
    const found = await Promise.allSettled([0, 1, 2, 0, 3].map((n) => database.look(one, echo(n))));
    expect(
      found.map((each) =>
        each.status === 'fulfilled' ? each.value.rows[0]!['part'] : (each.reason as { code: string }).code,
      ),
    ).toEqual(['22012', 6, 3, '22012', 2]);
  });

  it('fail together when the connection does', async () => {
    const kill: Statement = {
      name: 'kill',
      text: `select pg_terminate_backend(pg_backend_pid()) as killed`,
    };
    const found = await Promise.allSettled([1, 2, 3].map(() => database.look(one, kill)));
    expect(found.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect((await database.look(one, echo(3))).rows[0]).toMatchObject({ n: 3, part: 2 });
  });

  it('that take long go alone, as soon as that is known', async () => {
    for (const n of [1, 2, 3, 4]) await database.look(one, slow(n));
    const rows = await Promise.all(
      numbers.slice(0, 6).map(async (n) => (await database.look(one, slow(n))).rows[0]!),
    );
    expect(rows.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(new Set(rows.map(({ at }) => at)).size).toBe(6);
  });
});
