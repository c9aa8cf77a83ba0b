import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Database, poolFor, ROLES } from '@stoettesystemer/postgres';
import type { TestDatabase } from '@stoettesystemer/testing';
import { type Client, Pool } from 'pg';
import { move } from './move';
import { Sequencer, type SequencerOptions } from './sequencer';
import {
  change,
  feedDatabase,
  feedOf,
  Logbook,
  makeThing,
  OTHER,
  OWN,
  register,
  session,
  until,
} from './spec/feed-fixture';
import { Proxy } from './spec/proxy';
import { expectLawful, manyThings, storm } from './spec/storm';

let db: TestDatabase;
let observer: Client;
let log: Logbook;
const running: Sequencer[] = [];

/** One more process, as far as the database can tell. */
const begin = (url = db.url, options: Partial<SequencerOptions> = {}): Sequencer => {
  const sequencer = new Sequencer({ url, log, ...options });
  sequencer.start();
  running.push(sequencer);
  return sequencer;
};
const stopAll = (): Promise<unknown> => Promise.all(running.splice(0).map((each) => each.stop()));
const drained = (): Promise<void> =>
  until(async () => (await feedOf(observer)).waiting === 0, 'an empty outbox');
const leaders = async (): Promise<number[]> => {
  const { rows } = await observer.query<{ pid: number }>(
    `select pid from pg_locks where locktype = 'advisory' and granted
       and database = (select oid from pg_database where datname = current_database())`,
  );
  return rows.map(({ pid }) => pid);
};
const terminate = (pid: number): Promise<unknown> => observer.query('select pg_terminate_backend($1)', [pid]);

beforeEach(async () => {
  db = await feedDatabase(16);
  observer = await session(db.url);
  log = new Logbook();
});
afterEach(async () => {
  await stopAll();
  await observer.end();
  await db.drop();
});

describe('sixteen writers', () => {
  it('are placed densely, completely and in the order of each object by one sequencer', async () => {
    const things = await manyThings(db);
    begin(db.url, { batch: 50 });
    const committed = await storm(db, things, 3_000);
    await drained();
    expectLawful((await feedOf(observer)).events, committed);
  });

  it('are placed lawfully by two sequencers of which the working one keeps losing its connection', async () => {
    const things = await manyThings(db);
    begin(db.url, { batch: 20 });
    begin(db.url, { batch: 20 });
    let kills = 0;
    let isOver = false;
    const killer = (async () => {
      while (!isOver) {
        await setTimeout(40);
        for (const pid of await leaders()) kills += Number(Boolean(await terminate(pid)));
      }
    })();
    const committed = await storm(db, things, 3_000);
    while (kills < 5) for (const each of await storm(db, things, 100)) committed.add(each);
    isOver = true;
    await killer;
    await drained();
    expectLawful((await feedOf(observer)).events, committed);
    expect(log.lines.filter(({ message }) => message === 'feed: connection lost').length).toBeGreaterThan(3);
  });

  it('are placed lawfully even by sequencers that never ask for the lock', async () => {
    const things = await manyThings(db);
    const sessions = await Promise.all(Array.from({ length: 4 }, () => session(db.url)));
    let isOver = false;
    const movers = sessions.map(async (client) => {
      await client.query(`set role ${ROLES.feed}`);
      while (!isOver) {
        await move(client, 7, 0);
        await setTimeout(randomInt(3));
      }
      await client.end();
    });
    const committed = await storm(db, things, 1_500);
    await drained();
    isOver = true;
    await Promise.all(movers);
    expectLawful((await feedOf(observer)).events, committed);
  });
});

describe('a sequencer', () => {
  it('moves what was committed before it began, with every column as it was', async () => {
    const thing = await makeThing(db);
    const registration = await change(db, thing, {
      action: 'opstaaet',
      changed: ['egenskaber', 'naboer'],
      recordedAt: '2026-11-23T10:15:30.123456Z',
      kle: '27.18.02',
      foelsomhed: 'VIP_SAGER',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      published: false,
    });
    begin();
    await drained();
    const { rows } = await observer.query(
      `select pos::int, owner, registration, type, object_id, number, action, instant(recorded_at) as recorded_at,
              changed, kle, foelsomhed, traceparent, published from feed`,
    );
    expect(rows).toEqual([
      {
        pos: 1,
        owner: Number(OWN),
        registration,
        type: 'Ting',
        object_id: thing.id,
        number: 1,
        action: 'opstaaet',
        recorded_at: '2026-11-23T10:15:30.123456Z',
        changed: ['egenskaber', 'naboer'],
        kle: '27.18.02',
        foelsomhed: 'VIP_SAGER',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        published: false,
      },
    ]);
  });

  it('does not wait for a transaction that is held open, and places it when it commits', async () => {
    const [slow, quick] = [await makeThing(db), await makeThing(db)];
    const sequencer = begin();
    const held = new Database(poolFor(db.url, { size: 1, role: ROLES.app }));
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let late = '';
    const open = held.transaction({ owner: OWN }, async (tx) => {
      late = await register(tx, slow);
      await released;
    });
    await until(() => late !== '', 'a row nobody sees');
    const others: string[] = [];
    for (let position = 1; position <= 20; position++) {
      others.push(await change(db, quick));
      await until(() => sequencer.position === position, 'one of the others');
    }
    release();
    await open;
    const after = await change(db, slow);
    await until(async () => (await feedOf(observer)).last === 22, 'the late one');
    const { events } = await feedOf(observer);
    expect(events.map(({ registration }) => registration)).toEqual([...others, late, after]);
    await held.pool.end();
  });

  it('loses nothing of a single writer whose transactions outlast many looks', async () => {
    const thing = await makeThing(db);
    begin(db.url, { idle: 5 });
    const committed: string[] = [];
    // Nobody else commits meanwhile, so no snapshot says anything of the transaction under way.
    for (let round = 0; round < 5; round++)
      await db.database.transaction({ owner: OWN }, async (tx) => {
        committed.push(await register(tx, thing));
        await setTimeout(100);
      });
    await until(async () => (await feedOf(observer)).last === committed.length, 'all of them');
    const { events } = await feedOf(observer);
    expect(events.map(({ registration }) => registration)).toEqual(committed);
  });

  it('finds by itself what another process commits', async () => {
    const sequencer = begin();
    await until(() => sequencer.leading, 'a leader');
    await change(db, await makeThing(db));
    await until(() => sequencer.position === 1, 'found unasked');
  });

  it('looks at once when its own process tells it of a commit', async () => {
    const sequencer = begin(db.url, { idle: 3_600_000 });
    await until(() => sequencer.leading, 'a leader');
    for (const position of [1, 2]) {
      await change(db, await makeThing(db));
      sequencer.wake();
      await until(() => sequencer.position === position, 'found');
    }
  });

  it('finds the rows by the index, though it began on an empty outbox', async () => {
    const sequencer = begin(db.url, { idle: 5 });
    for (let position = 1; position <= 10; position++) {
      await change(db, await makeThing(db));
      await until(() => sequencer.position === position, 'moved');
    }
    const scans = async (): Promise<{ seq: number; idx: number }> =>
      (
        await observer.query<{ seq: number; idx: number }>(
          `select seq_scan::int as seq, idx_scan::int as idx from pg_stat_user_tables where relname = 'outbox'`,
        )
      ).rows[0]!;
    await until(async () => (await scans()).idx > 10, 'statistics');
    expect((await scans()).seq).toBe(0);
  });

  it('tells listeners the last position and the owners of a batch', async () => {
    const notices: string[] = [];
    observer.on('notification', ({ payload }) => notices.push(payload ?? ''));
    await observer.query('listen feed');
    for (const owner of [OWN, OTHER, OWN]) await change(db, await makeThing(db, { owner }));
    begin();
    await until(() => notices.length > 0, 'a notice');
    expect(notices).toEqual([`3 ${OWN} ${OTHER}`]);
  });

  it('stands by for the lock, and takes over from one that stops', async () => {
    const first = begin();
    await until(() => first.leading, 'the first');
    const second = begin();
    const tries = new Set<string>();
    await until(async () => {
      const { rows } = await observer.query<{ at: string }>(
        `select query_start::text as at from pg_stat_activity where application_name = 'stoettesystemer sequencer'
            and datname = current_database() and query like '%pg_try_advisory_lock%'`,
      );
      for (const { at } of rows) tries.add(at);
      return tries.size > 2;
    }, 'three attempts of the second');
    expect(second.leading).toBe(false);
    await first.stop();
    expect(first.leading).toBe(false);
    await until(() => second.leading, 'the second');
    await change(db, await makeThing(db));
    await until(() => second.position === 1, 'moved by the second');
    expect(first.position).toBe(0);
  });

  it('cannot write when it wakes after it has lost its connection and another has taken over', async () => {
    const proxy = new Proxy(new URL(db.url));
    const thing = await makeThing(db);
    const sleeper = begin(await proxy.open());
    await until(() => sleeper.leading, 'the sleeper leads');
    await change(db, thing);
    await until(() => sleeper.position === 1, 'the sleeper moves');
    const [pid] = await leaders();

    proxy.freeze();
    await terminate(pid!);
    const heir = begin();
    await until(() => heir.leading, 'the heir leads');
    await change(db, thing);
    await until(() => heir.position === 2, 'the heir moves');
    expect(sleeper.leading).toBe(true);
    proxy.thaw();
    sleeper.wake();
    await until(() => !sleeper.leading, 'the sleeper has understood');
    await change(db, thing);
    await until(() => heir.position === 3, 'the heir goes on');
    expect(sleeper.position).toBe(1);
    expect((await feedOf(observer)).events.map(({ pos, number }) => [pos, number])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);

    await sleeper.stop();
    await proxy.close();
  });

  it('loses its place when it sleeps on a connection that lives, and another takes over: no gap, nothing twice', async () => {
    const proxy = new Proxy(new URL(db.url));
    const thing = await makeThing(db);
    const sleeper = begin(await proxy.open(), { silence: 2_000 });
    await until(() => sleeper.leading, 'the sleeper leads');
    await change(db, thing);
    await until(() => sleeper.position === 1, 'the sleeper moves');
    // Nothing is passed on, and nothing is closed, as when the process is stopped.
    proxy.freeze();
    const heir = begin();
    await until(() => heir.leading, 'the heir leads, though nobody ended the sleeper');
    await change(db, thing);
    await until(() => heir.position === 2, 'the heir moves');
    expect(sleeper.leading).toBe(true);
    proxy.thaw();
    await until(() => !sleeper.leading, 'the sleeper has understood');
    await change(db, thing);
    await until(() => heir.position === 3, 'the heir goes on');
    expect((await feedOf(observer)).events.map(({ pos, number }) => [pos, number])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    await sleeper.stop();
    await proxy.close();
  });

  it('is not waited for while a transaction is open and 10,000 other events pass; that one comes in when it commits', async () => {
    const slow = await makeThing(db);
    const things = await manyThings(db);
    const sequencer = begin();
    // Of the pool's own sessions none may stay idle that long.
    const pool = new Pool({ connectionString: db.url, options: `-c role=${ROLES.app}`, max: 1 });
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let late = '';
    const open = new Database(pool).transaction({ owner: OWN }, async (tx) => {
      late = await register(tx, slow);
      await released;
    });
    await until(() => late !== '', 'a row nobody sees');
    const others = new Set<string>();
    for (let left = 10_000; left > 0; left -= 1_000) {
      const some = await Promise.all(
        Array.from({ length: 10 }, (_, lane) =>
          db.database.transaction({ owner: OWN }, async (each) => {
            const own = things.filter(({ owner }, at) => owner === OWN && at % 10 === lane);
            const made: string[] = [];
            for (let n = 0; n < 100; n++) made.push(await register(each, own[n % own.length] ?? things[0]!));
            return made;
          }),
        ),
      );
      for (const id of some.flat()) others.add(id);
    }
    await until(() => sequencer.position === 10_000, 'all the others');
    release();
    await open;
    const after = await change(db, slow);
    await until(async () => (await feedOf(observer)).last === 10_002, 'the late one');
    const { events } = await feedOf(observer);
    expect(events.slice(-2).map(({ registration }) => registration)).toEqual([late, after]);
    expectLawful(events, new Set([...others, late, after]));
    await pool.end();
  });

  it('begins when the database comes up, however late', async () => {
    const proxy = new Proxy(new URL(db.url));
    const address = await proxy.open();
    await proxy.close();
    const sequencer = begin(address);
    await until(() => log.lines.length > 1, 'two failures');
    expect(log.lines[0]).toMatchObject({
      level: 'warn',
      fields: { connection: 'sequencer', code: 'ECONNREFUSED' },
    });
    const back = new Proxy(new URL(db.url));
    await back.open(Number(new URL(address).port));
    await change(db, await makeThing(db));
    await until(() => sequencer.position === 1, 'moved');
    await sequencer.stop();
    await back.close();
  });

  it('stops at once while it cannot reach the database, and while it stands by', async () => {
    const first = begin();
    await until(() => first.leading, 'a leader');
    const standby = begin();
    const lost = begin(`postgres://nobody@127.0.0.1:1/${randomUUID()}`);
    await until(() => log.lines.length > 0, 'a failure');
    await Promise.all([standby.stop(), lost.stop()]);
    expect(first.leading).toBe(true);
    await first.stop();
    expect(await leaders()).toEqual([]);
  });
});
