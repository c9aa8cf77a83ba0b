import type { Caller, PrivilegeGroup } from '@stoettesystemer/access';
import { Refusal } from '@stoettesystemer/object';
import { Database, poolFor, ROLES } from '@stoettesystemer/postgres';
import { callerOf, Journal, privilegesOf, type TestDatabase, Ting } from '@stoettesystemer/testing';
import type { Client } from 'pg';
import { newEpoch } from './epoch';
import { Listener } from './listener';
import { FeedReader, type FeedPage, type FeedQuery } from './reader';
import { trim } from './retention';
import { Sequencer } from './sequencer';
import {
  change,
  COMMON,
  feedDatabase,
  feedOf,
  forced,
  Logbook,
  makeThing,
  OTHER,
  OWN,
  session,
  type Thing,
  until,
} from './spec/feed-fixture';

const types = [Ting, Journal];
const log = new Logbook();
let db: TestDatabase;
let observer: Client;
let sequencer: Sequencer;
let listener: Listener;
let reader: FeedReader;
/** Tokens that have been called back. */
const revoked = new Set<string>();

beforeEach(async () => {
  db = await feedDatabase(8);
  observer = await session(db.url);
  sequencer = new Sequencer({ url: db.url, log });
  listener = new Listener({ url: db.url, log });
  reader = new FeedReader(db.database, {
    service: 'proeve',
    types,
    listener,
    stillValid: ({ tokenId }) => !revoked.has(tokenId),
  });
  sequencer.start();
  listener.start();
});
afterEach(async () => {
  await Promise.all([sequencer.stop(), listener.stop()]);
  await observer.end();
  await db.drop();
});

const caller = (owner = OWN, groups?: PrivilegeGroup[]): Caller =>
  callerOf({ service: 'proeve', owner, types, ...(groups ? { groups } : {}) });
const group = (constraints: PrivilegeGroup['constraints'], on = types): PrivilegeGroup => ({
  kind: 'system',
  privileges: privilegesOf(on),
  constraints,
});
const drained = (): Promise<void> =>
  until(async () => (await feedOf(observer)).waiting === 0, 'an empty outbox');
const idsOf = ({ events }: FeedPage): string[] => events.map(({ id }) => id);
const refusalOf = async (reading: Promise<unknown>): Promise<Refusal> => {
  const cause: unknown = await reading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(cause instanceof Refusal)) throw new Error('Not refused', { cause });
  return cause;
};
const isWaiting = (readers = 1): Promise<void> => until(() => listener.waiting === readers, 'a wait');

describe('an event', () => {
  it('has everything of the contract', async () => {
    const thing = await makeThing(db, { type: 'Journal' });
    const registration = await change(db, thing, {
      action: 'opstaaet',
      changed: ['egenskaber', 'klasse'],
      recordedAt: '2026-11-23T10:15:30.123456Z',
      kle: '27.18.02',
      foelsomhed: 'FORTROLIGE_PERSONOPLYSNINGER',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
    await drained();
    expect((await reader.read(caller(), { after: 0 })).events).toEqual([
      {
        specversion: '1.0',
        id: registration,
        source: `/proeve/${OWN}`,
        type: 'dk.stoettesystemerne.proeve.journal.opstaaet.v1',
        subject: thing.id,
        time: '2026-11-23T10:15:30.123456Z',
        datacontenttype: 'application/json',
        dataschema: 'urn:stoettesystemerne:skema:proeve:haendelse:v1',
        sequence: '00000000000000000001',
        beskedtype: expect.stringMatching(
          /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        ),
        objekttype: 'Journal',
        objekthandling: 'opstaaet',
        ansvarligmyndighed: OWN,
        opgaveemne: '27.18.02',
        foelsomhed: 'FORTROLIGE_PERSONOPLYSNINGER',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        data: {
          uuid: thing.id,
          nummer: 1,
          aendret: ['egenskaber', 'klasse'],
          dataref: `/proeve/v1/journaler/${thing.id}/registreringer/1`,
        },
      },
    ]);
  });

  it('leaves out what is not known', async () => {
    await change(db, await makeThing(db));
    await drained();
    const [event] = (await reader.read(caller(), { after: 0 })).events;
    expect(event).not.toHaveProperty('opgaveemne');
    expect(event).not.toHaveProperty('foelsomhed');
    expect(event).not.toHaveProperty('traceparent');
  });
});

describe('reading', () => {
  it('goes through the feed in pages, in order, to the empty answer', async () => {
    const thing = await makeThing(db);
    const written: string[] = [];
    for (let at = 0; at < 7; at++) written.push(await change(db, thing));
    await drained();
    const first = await reader.read(caller(), { after: 0, limit: 3 });
    expect([idsOf(first), first.position]).toEqual([written.slice(0, 3), 3]);
    const second = await reader.read(caller(), { after: first.position, limit: 4 });
    expect([idsOf(second), second.position]).toEqual([written.slice(3), 7]);
    const third = await reader.read(caller(), { after: 7n });
    expect([third.events, third.position]).toEqual([[], 7]);
  });

  it('shows own and common events, never those of another municipality', async () => {
    const written = new Map<string, string>();
    for (const owner of [OWN, OTHER, COMMON])
      written.set(owner, await change(db, await makeThing(db, { owner })));
    await drained();
    expect(idsOf(await reader.read(caller(OWN), { after: 0 }))).toEqual([
      written.get(OWN),
      written.get(COMMON),
    ]);
    expect(idsOf(await reader.read(caller(OTHER), { after: 0 }))).toEqual([
      written.get(OTHER),
      written.get(COMMON),
    ]);
    expect(idsOf(await reader.read(caller(COMMON), { after: 0 }))).toEqual([written.get(COMMON)]);
  });

  it('leaves out what was not to be published, and goes on beyond it', async () => {
    const thing = await makeThing(db);
    await change(db, thing, { published: false });
    const shown = await change(db, thing);
    await change(db, thing, { published: false });
    await drained();
    const page = await reader.read(caller(), { after: 0 });
    expect([idsOf(page), page.position]).toEqual([[shown], 3]);
    expect(page.events[0]).toMatchObject({ sequence: '00000000000000000002' });
  });

  it('shows what the caller may see of the object now, whatever it was when the event came', async () => {
    const scopes = [{ fra: 0, til: null, kle: '27.18.02' }];
    const thing = await makeThing(db, { type: 'Journal', scopes });
    const id = await change(db, thing, { kle: '27.18.02' });
    await drained();
    const narrow = caller(OWN, [group({ kle: ['27.*'] })]);
    expect(idsOf(await reader.read(narrow, { after: 0 }))).toEqual([id]);
    await observer.query('update object set scopes = $1', [
      JSON.stringify([{ ...scopes[0], kle: '32.30.04' }]),
    ]);
    expect(idsOf(await reader.read(narrow, { after: 0 }))).toEqual([]);
    expect(idsOf(await reader.read(caller(), { after: 0 }))).toEqual([id]);
  });

  it('tells a municipality’s object from a common one with the same UUID', async () => {
    const scopes = [{ fra: 0, til: null, kle: '32.30.04' }];
    const own = await makeThing(db, { type: 'Journal', scopes });
    const common = await makeThing(db, { type: 'Journal', owner: COMMON, id: own.id });
    const written = [await change(db, own), await change(db, common)];
    await drained();
    expect(idsOf(await reader.read(caller(), { after: 0 }))).toEqual(written);
    const narrow = caller(OWN, [group({ kle: ['32.*'] })]);
    expect(idsOf(await reader.read(narrow, { after: 0 }))).toEqual([written[0]]);
  });

  it('shows the types asked for, of those the caller may read', async () => {
    const [ting, journal] = [
      await change(db, await makeThing(db)),
      await change(db, await makeThing(db, { type: 'Journal' })),
    ];
    await drained();
    expect(idsOf(await reader.read(caller(), { after: 0, types: ['Journal'] }))).toEqual([journal]);
    const half = caller(OWN, [group({}, [Ting])]);
    expect(idsOf(await reader.read(half, { after: 0 }))).toEqual([ting]);
    expect(idsOf(await reader.read(half, { after: 0, types: ['Journal', 'Ting'] }))).toEqual([ting]);
    expect(await refusalOf(reader.read(half, { after: 0, types: ['Journal'] }))).toMatchObject({
      status: 403,
    });
    expect(await refusalOf(reader.read(caller(OWN, []), { after: 0 }))).toMatchObject({ status: 403 });
    expect(await refusalOf(reader.read(caller(), { after: 0, types: ['Sag'] }))).toMatchObject({
      status: 400,
    });
  });

  it('goes on past any number of events that are not for the caller', async () => {
    const hidden = await makeThing(db, { type: 'Journal', scopes: [{ fra: 0, til: null, kle: '32.30.04' }] });
    await observer.query(
      `insert into outbox (owner, registration, type, object_id, number, action, recorded_at, changed, published)
       select $1::int, gen_random_uuid(), 'Journal', $2, n, 'rettet', now(), '{}', true from generate_series(1, 12000) n`,
      [OWN, hidden.id],
    );
    const seen = await change(
      db,
      await makeThing(db, { type: 'Journal', scopes: [{ fra: 0, til: null, kle: '27.00.01' }] }),
    );
    await change(db, hidden);
    await drained();
    const narrow = caller(OWN, [group({ kle: ['27.*'] })]);
    const page = await reader.read(narrow, { after: 0 });
    expect([idsOf(page), page.position]).toEqual([[seen], 12_002]);
    expect(await reader.read(narrow, { after: 12_001 })).toMatchObject({ events: [], position: 12_002 });
  });

  it('finds events by the index, though the feed was empty when its statement was prepared', async () => {
    for (let round = 0; round < 10; round++) await reader.read(caller(), { after: 0 });
    await change(db, await makeThing(db));
    await until(() => sequencer.position === 1, 'the event');
    const scans = async (): Promise<{ seq: number; idx: number }> =>
      (
        await observer.query<{ seq: number; idx: number }>(
          `select seq_scan::int as seq, idx_scan::int as idx from pg_stat_user_tables where relname = 'feed'`,
        )
      ).rows[0]!;
    await until(async () => {
      await reader.read(caller(), { after: 0 });
      return (await scans()).idx > 20;
    }, 'statistics');
    expect((await scans()).seq).toBe(0);
  });

  it('refuses a query that is no query', async () => {
    const queries: FeedQuery[] = [
      { after: -1 },
      { after: 0.5 },
      { after: Number.NaN },
      { after: 2n ** 64n },
      { after: 0, limit: 0 },
      { after: 0, limit: 501 },
      { after: 0, limit: 1e9 },
      { after: 0, wait: -1 },
      { after: 0, wait: 26 },
      { after: 0, epoch: 'x' },
    ];
    for (const query of queries)
      expect([query, await refusalOf(reader.read(caller(), query))]).toMatchObject([query, { status: 400 }]);
  });
});

describe('a place that is lost', () => {
  it('is 410 with the earliest position when it is older than what is kept', async () => {
    const thing = await makeThing(db);
    for (let at = 0; at < 4; at++) await change(db, thing);
    await drained();
    await forced(observer, `update feed set placed_at = now() - interval '91 days' where pos <= 2`);
    await trim(db.database, new Date(Date.now() - 90 * 86_400_000));
    for (const after of [0, 1])
      expect(await refusalOf(reader.read(caller(), { after }))).toMatchObject({
        status: 410,
        fejl: [{ sti: '?efter', kode: 'foerste', besked: '3' }],
      });
    expect((await reader.read(caller(), { after: 2 })).events).toHaveLength(2);
  });

  it('is 409 when it lies beyond the end, or in another epoch', async () => {
    await change(db, await makeThing(db));
    await drained();
    const { epoke, ...state } = await reader.state();
    expect(state).toEqual({ foerste: 1, sidste: 1 });
    expect(await refusalOf(reader.read(caller(), { after: 2 }))).toMatchObject({
      status: 409,
      kode: 'epoke',
    });
    expect((await reader.read(caller(), { after: 0, epoch: epoke })).epoch).toBe(epoke);
    const next = await newEpoch(db.database);
    expect(await refusalOf(reader.read(caller(), { after: 0, epoch: epoke }))).toMatchObject({
      status: 409,
      fejl: [{ sti: '?epoke', kode: 'epoke', besked: next }],
    });
    expect(await reader.read(caller(), { after: 0, epoch: next })).toMatchObject({
      epoch: next,
      position: 1,
    });
  });

  it('is told to one that was waiting when the epoch changed', async () => {
    const thing = await makeThing(db);
    const waiting = refusalOf(reader.read(caller(), { after: 0, wait: 25 }));
    await isWaiting();
    await newEpoch(db.database);
    await change(db, thing);
    expect(await waiting).toMatchObject({ status: 409 });
  });
});

describe('a long poll', () => {
  const waitingOf = (query: Partial<FeedQuery> = {}, who = caller()) => {
    let page: FeedPage | undefined;
    const reading = reader.read(who, { after: 0, wait: 25, ...query }).then((read) => (page = read));
    return { reading, isOver: () => page !== undefined };
  };
  it('ends when another process commits', async () => {
    const other = new Database(poolFor(db.url, { size: 1, role: ROLES.app }));
    const thing = await makeThing(db);
    const { reading } = waitingOf();
    await isWaiting();
    const id = await change({ ...db, database: other }, thing);
    expect(idsOf(await reading)).toEqual([id]);
    await other.pool.end();
  });

  it('sleeps through what is not for the caller', async () => {
    const things: Thing[] = [
      await makeThing(db, { owner: OTHER }),
      await makeThing(db, { type: 'Journal', scopes: [{ fra: 0, til: null, kle: '32.30.04' }] }),
    ];
    const { reading, isOver } = waitingOf(
      {},
      caller(OWN, [group({ kle: ['27.*'] }, [Journal]), group({}, [Ting])]),
    );
    await isWaiting();
    for (const thing of things) await change(db, thing);
    await until(() => sequencer.position === 2, 'both moved');
    await isWaiting();
    expect(isOver()).toBe(false);
    const mine = await change(db, await makeThing(db));
    expect(await reading).toMatchObject({ position: 3, events: [{ id: mine }] });
  });

  it('answers empty at its end', async () => {
    expect(await reader.read(caller(), { after: 0, wait: 1 })).toMatchObject({ events: [], position: 0 });
  });

  it('answers empty when the client goes away, and when the server stops', async () => {
    const going = new AbortController();
    const first = waitingOf({ signal: going.signal });
    const second = waitingOf();
    await isWaiting(2);
    going.abort();
    expect((await first.reading).events).toEqual([]);
    expect(second.isOver()).toBe(false);
    await listener.stop();
    expect((await second.reading).events).toEqual([]);
    expect((await reader.read(caller(), { after: 0, wait: 25 })).events).toEqual([]);
  });

  it('ends with 401 when the token no longer counts', async () => {
    const who = caller();
    const reading = refusalOf(reader.read(who, { after: 0, wait: 25 }));
    await isWaiting();
    revoked.add(who.tokenId);
    expect(await reading).toMatchObject({ status: 401 });
  });

  it('hears of what was committed while its listener had lost the connection', async () => {
    const thing = await makeThing(db);
    const { reading } = waitingOf();
    await isWaiting();
    await observer.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'stoettesystemer feed-listener' and datname = current_database()`);
    const id = await change(db, thing);
    expect(idsOf(await reading)).toEqual([id]);
  });
});
