import { randomUUID } from 'node:crypto';
import type { Caller } from '@stoettesystemer/access';
import { codeOf, poolFor, ROLES, type Statement, type Transaction } from '@stoettesystemer/postgres';
import { Journal } from '@stoettesystemer/testing';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { revise } from './revisor';
import { journal, search } from './spec/journal';
import { always, anyone, asking, NOW, OTHER, OWN, testStore, type TestStore } from './spec/test-store';

/** Two municipalities on three connections, on which everything goes wrong that can. */
const SIZE = 3;
const WORKERS = 8;
const TURNS = 60;
const SEED = Number(process.env['SEED'] ?? 4711);

let db: TestStore;
let admin: Pool;
const callers: Readonly<Record<string, Caller>> = { [OWN]: anyone(OWN), [OTHER]: anyone(OTHER) };
const theirs: Record<string, string[]> = { [OWN]: [], [OTHER]: [] };

beforeAll(async () => {
  db = await testStore({ size: SIZE });
  admin = poolFor(db.url, { size: 2 });
  for (const cvr of [OWN, OTHER])
    for (let n = 0; n < 10; n++) {
      const made = await db.store.create(asking(callers[cvr]!), Journal, journal({}, { titel: cvr }));
      theirs[cvr]!.push(made.uuid);
    }
});
afterAll(async () => {
  await admin.end();
  await db.drop();
});

const bare = (text: string, values: unknown[] = []): Statement => ({ name: text, text, values });
const session = bare(
  `select current_setting('app.cvr', true) as cvr, current_user::text as role, pg_backend_pid() as pid`,
);
const visible = bare('select distinct owner from object union select distinct owner from fact');
const ownersSeen = async (tx: Transaction): Promise<unknown[]> =>
  (await tx.run(visible)).rows.map((row) => String(row['owner']));
const codeFrom = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (cause: Error) => codeOf(cause) || cause.message,
  );

/** Waits for a session to sleep, so that what is done to it then is done in the middle of its statement. */
async function asleep(pid: unknown): Promise<void> {
  const sleeps = `select from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'`;
  while ((await admin.query(sleeps, [pid])).rowCount === 0);
}
/** A transaction that looks, and in the middle of which something happens. */
const interrupted = (cvr: string, then: (tx: Transaction, pid: unknown) => Promise<unknown>, role?: string) =>
  codeFrom(
    db.database.transaction({ owner: cvr, ...(role ? { role } : {}) }, async (tx) => {
      const { pid } = (await tx.run(session)).rows[0]!;
      if (!role) expect(await ownersSeen(tx)).toEqual([cvr]);
      await then(tx, pid);
    }),
  );

type Turn = (cvr: string, other: string, pick: number) => Promise<string>;
const turns: Record<string, Turn> = {
  read: async (cvr, _, pick) => {
    const { body } = await db.store.read(asking(callers[cvr]!), Journal, theirs[cvr]![pick]!, NOW);
    expect(JSON.parse(body)).toMatchObject({ ejer: cvr, attributter: { egenskaber: [{ titel: cvr }] } });
    return 'done';
  },
  readForeign: async (cvr, other, pick) => {
    const reading = db.store.read(asking(callers[cvr]!), Journal, theirs[other]![pick]!, NOW);
    await expect(reading).rejects.toMatchObject({ status: 404 });
    return 'done';
  },
  search: async (cvr) => {
    const page = await db.store.search(asking(callers[cvr]!), Journal, search({ vis: null }), NOW);
    expect(page.antal).toBe(10);
    const owners = page.data.map((each) => (JSON.parse(each) as { ejer: string }).ejer);
    expect(new Set(owners)).toEqual(new Set([cvr]));
    return 'done';
  },
  change: async (cvr, _, pick) => {
    const uuid = theirs[cvr]![pick]!;
    const { number } = await db.store.read(asking(callers[cvr]!), Journal, uuid, NOW);
    const said = { attributter: { egenskaber: [{ virkning: always, brugervendtNoegle: randomUUID() }] } };
    return codeFrom(
      db.store
        .patch(asking(callers[cvr]!), Journal, uuid, said, number)
        .catch((cause: { status: number }) => {
          // Somebody else of the same municipality was first.
          if (cause.status !== 412) throw cause;
        }),
    );
  },
  changeForeign: async (cvr, other, pick) => {
    const changing = db.store.patch(asking(callers[cvr]!), Journal, theirs[other]![pick]!, journal({}), 1);
    await expect(changing).rejects.toMatchObject({ status: 404 });
    return 'done';
  },
  breach: (cvr, _, pick) =>
    interrupted(cvr, (tx) =>
      tx.run(
        bare(
          `insert into object (owner, id, type, number, lifecycle, created_at, recorded_at)
            values ($1::int, $2::uuid, 'Journal', 1, 'Opstaaet', now(), now())`,
          [Number(cvr), theirs[cvr]![pick]],
        ),
      ),
    ),
  /** In another's name, at the end of a batch that was well until then. */
  intrusion: (cvr, other) =>
    interrupted(cvr, (tx) =>
      tx.batch([
        visible,
        bare(`insert into audit (owner, operation, allowed) values ($1::int, 'x', true)`, [Number(other)]),
      ]),
    ),
  thrown: (cvr) => interrupted(cvr, () => Promise.reject(new Error('thrown'))),
  overlooked: (cvr) => interrupted(cvr, (tx) => tx.run(bare('select 1 / 0')).catch(() => undefined)),
  timeout: (cvr) =>
    interrupted(cvr, (tx) =>
      tx.batch([bare(`set local statement_timeout = '5ms'`), bare('select pg_sleep(30)')]),
    ),
  cancelled: (cvr) =>
    interrupted(cvr, async (tx, pid) => {
      const sleep = tx.run(bare('select pg_sleep(30)'));
      const failed = sleep.catch(() => undefined);
      await asleep(pid);
      await admin.query('select pg_cancel_backend($1)', [pid]);
      await failed;
      return sleep;
    }),
  killedInside: (cvr) =>
    interrupted(cvr, async (tx, pid) => {
      const sleep = tx.run(bare('select pg_sleep(30)'));
      const failed = sleep.catch(() => undefined);
      await asleep(pid);
      await admin.query('select pg_terminate_backend($1, 5000)', [pid]);
      await failed;
      return sleep;
    }),
  killedBetween: (cvr) =>
    interrupted(cvr, async (tx, pid) => {
      await admin.query('select pg_terminate_backend($1, 5000)', [pid]);
      return ownersSeen(tx);
    }),
  /** The one role that may delete, taken on for one transaction. */
  eraser: (cvr) => interrupted(cvr, (tx) => tx.run(bare('delete from audit')), ROLES.erasure),
  /** Whoever asks without saying for whom gets nothing, on whichever connection. */
  nobody: async () => {
    const { rows } = await db.database.pool.query<{ cvr: string | null; role: string }>(session.text);
    expect([rows[0]!.cvr || null, rows[0]!.role]).toEqual([null, ROLES.app]);
    for (const table of ['object', 'registration', 'fact', 'term', 'prose', 'audit', 'idempotency'])
      expect((await db.database.pool.query(`select from ${table}`)).rowCount).toBe(0);
    return 'done';
  },
};
/** How each ends. What it says of a session that was killed is the driver's or the database's word. */
const ENDS: Readonly<Record<string, RegExp>> = {
  breach: /^23505$/,
  intrusion: /^42501$/,
  thrown: /^thrown$/,
  overlooked: /undone/,
  timeout: /^57014$/,
  cancelled: /^57014$/,
  killedInside: /^(57P01|Connection terminated|.*(ECONNRESET|EPIPE))/,
  killedBetween:
    /^(57P01|Connection terminated|Client has encountered a connection error|.*(ECONNRESET|EPIPE))/,
  eraser: /^42501$/,
};

it('shows neither a row of the other, whatever goes wrong on the connections that they share', async () => {
  const names = Object.keys(turns);
  const turn = fc.record({
    name: fc.constantFrom(...names),
    isOwn: fc.boolean(),
    pick: fc.nat(9),
  });
  const all = fc.sample(turn, { numRuns: WORKERS * TURNS, seed: SEED });
  const ended: Record<string, number> = {};
  const worker = async (number: number): Promise<void> => {
    for (const { name, isOwn, pick } of all.filter((_, n) => n % WORKERS === number)) {
      const [cvr, other] = isOwn ? [OWN, OTHER] : [OTHER, OWN];
      expect([name, await turns[name]!(cvr, other, pick)]).toEqual([
        name,
        expect.stringMatching(ENDS[name] ?? /^done$/),
      ]);
      ended[name] = (ended[name] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, (_, n) => worker(n)));
  // Each of them often enough to have met every other on a connection.
  expect(Math.min(...names.map((name) => ended[name] ?? 0))).toBeGreaterThanOrEqual(10);

  const clients = await Promise.all(Array.from({ length: SIZE }, () => db.database.pool.connect()));
  for (const client of clients) {
    const { rows } = await client.query<{ cvr: string | null; role: string }>(session.text);
    expect([rows[0]!.cvr || null, rows[0]!.role]).toEqual([null, ROLES.app]);
    client.release();
  }
  expect((await revise(db.url, { types: [Journal] })).findings).toEqual([]);
});
