import type { TestDatabase } from '@stoettesystemer/testing';
import { Journal, Ting } from '@stoettesystemer/testing';
import type { Client } from 'pg';
import type { CloudEvent } from './cloud-event';
import { Listener } from './listener';
import { publicationAge } from './publication';
import { NotPublished, type Publisher } from './publisher';
import { Pump } from './pump';
import { newEpoch } from './epoch';
import { Sequencer } from './sequencer';
import {
  change,
  COMMON,
  feedDatabase,
  Logbook,
  makeThing,
  OTHER,
  OWN,
  session,
  until,
} from './spec/feed-fixture';

/** Remembers what it was handed, and does with it what the spec says. */
class Received implements Publisher {
  readonly destination = 'modtager';
  readonly batches: { owner: string; events: readonly CloudEvent[] }[] = [];
  answer: (owner: string, signal: AbortSignal) => Promise<number> = () => Promise.resolve(0);

  publish(owner: string, events: readonly CloudEvent[], signal: AbortSignal): Promise<number> {
    this.batches.push({ owner, events });
    return this.answer(owner, signal);
  }

  of(owner: string): CloudEvent[] {
    return this.batches.filter((batch) => batch.owner === owner).flatMap(({ events }) => events);
  }

  ids(owner = OWN): string[] {
    return this.of(owner).map(({ id }) => id);
  }
}

const types = [Ting, Journal];
let db: TestDatabase;
let observer: Client;
let sequencer: Sequencer;
let listener: Listener;
let log: Logbook;
let pumps: Pump[];
beforeEach(async () => {
  db = await feedDatabase();
  observer = await session(db.url);
  log = new Logbook();
  pumps = [];
  sequencer = new Sequencer({ url: db.url, log });
  listener = new Listener({ url: db.url, log });
  sequencer.start();
  listener.start();
});
afterEach(async () => {
  await Promise.all([...pumps.map((pump) => pump.stop()), sequencer.stop(), listener.stop()]);
  await observer.end();
  await db.drop();
});

function pumping(publisher: Publisher, batch = 500): Pump {
  const { url } = db;
  const pump = new Pump({ url, log, listener, service: 'proeve', types, publisher, batch, firstRetry: 5 });
  pumps.push(pump);
  pump.start();
  return pump;
}

const positionOf = async (owner: string): Promise<number> => {
  const { rows } = await observer.query<{ position: string }>(
    'select position from publication where owner = $1::int',
    [owner],
  );
  return Number(rows[0]?.position ?? 0);
};
const arrived = (owner: string, position: number) =>
  until(async () => (await positionOf(owner)) === position, `position ${position} of ${owner}`);

it('hands over each municipality’s published events in their order, what was there and what comes', async () => {
  const [mine, theirs, common] = [
    await makeThing(db),
    await makeThing(db, { owner: OTHER }),
    await makeThing(db, { owner: COMMON }),
  ];
  const ids: string[] = [];
  for (let at = 0; at < 7; at++) {
    const id = await change(db, mine, { published: at !== 3 });
    if (at !== 3) ids.push(id);
    await change(db, theirs);
  }
  const publisher = new Received();
  pumping(publisher, 2);
  await arrived(OTHER, 14);
  ids.push(await change(db, mine));
  await change(db, common, { action: 'opstaaet', kle: '27.18.02', foelsomhed: 'IKKE_FORTROLIGE_DATA' });
  await arrived(OWN, 15);
  await arrived(COMMON, 16);
  expect(publisher.ids()).toEqual(ids);
  expect(publisher.of(OTHER).map(({ data }) => data.nummer)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(Math.max(...publisher.batches.map(({ events }) => events.length))).toBe(2);
  expect(publisher.of(COMMON)).toMatchObject([
    {
      source: `/proeve/${COMMON}`,
      ansvarligmyndighed: COMMON,
      sequence: '00000000000000000016',
      objekthandling: 'opstaaet',
      opgaveemne: '27.18.02',
    },
  ]);
});

it('tries again with the same until it is taken, and holds no other municipality back', async () => {
  const [mine, theirs] = [await makeThing(db), await makeThing(db, { owner: OTHER })];
  const publisher = new Received();
  let isAway = true;
  publisher.answer = (owner) =>
    owner === OWN && isAway ? Promise.reject(new NotPublished('503')) : Promise.resolve(0);
  pumping(publisher);
  const ids = [await change(db, mine), await change(db, mine)];
  await until(() => publisher.ids().length > 0, 'a first try');
  await change(db, theirs);
  await arrived(OTHER, 3);
  await until(() => publisher.batches.filter(({ owner }) => owner === OWN).length > 3, 'more tries');
  expect(await positionOf(OWN)).toBe(0);
  expect(await publicationAge(db.database, 'modtager')).toBeGreaterThan(0);
  isAway = false;
  await arrived(OWN, 2);
  expect([...new Set(publisher.ids())]).toEqual(ids);
  expect(await publicationAge(db.database, 'modtager')).toBe(0);
  // It is said once that it does not work, and once that it does again.
  expect(log.lines.filter(({ message }) => /published/.test(message)).map(({ level }) => level)).toEqual([
    'warn',
    'info',
  ]);
});

it('waits as long as the receiver asks for', async () => {
  const mine = await makeThing(db);
  const publisher = new Received();
  const tries: number[] = [];
  publisher.answer = () => {
    tries.push(performance.now());
    return tries.length === 1 ? Promise.reject(new NotPublished('429', 300)) : Promise.resolve(0);
  };
  pumping(publisher);
  await change(db, mine);
  await arrived(OWN, 1);
  expect(tries[1]! - tries[0]!).toBeGreaterThanOrEqual(299);
});

it('what is refused for good is counted, and stops nothing', async () => {
  const mine = await makeThing(db);
  const publisher = new Received();
  publisher.answer = () => Promise.resolve(1);
  const pump = pumping(publisher, 1);
  await change(db, mine);
  await change(db, mine);
  await arrived(OWN, 2);
  expect(pump.refused).toBe(2);
});

it('begins after its checkpoint when it is started again, and repeats what it never heard the end of', async () => {
  const mine = await makeThing(db);
  const first = new Received();
  const before = pumping(first);
  const done = await change(db, mine);
  await arrived(OWN, 1);
  // It arrives, but the connection is lost, and the process ends, before it hears so.
  first.answer = (_, signal) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(new NotPublished('afbrudt'))));
  const unheard = await change(db, mine);
  await until(() => first.ids().includes(unheard), 'it was handed over');
  await observer.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'stoettesystemer publisher' and datname = current_database()`,
  );
  await until(() => !before.leading, 'it no longer leads');
  await before.stop();
  const second = new Received();
  pumping(second);
  const last = await change(db, mine);
  await arrived(OWN, 3);
  expect(new Set(first.ids())).toEqual(new Set([done, unheard]));
  expect(second.ids()).toEqual([unheard, last]);
});

it('of several processes one works, and another when that one ends', async () => {
  const mine = await makeThing(db);
  const publishers = Array.from({ length: 3 }, () => new Received());
  const running = publishers.map((publisher) => pumping(publisher));
  const ids: string[] = [];
  for (let left = running.length; left > 0; left--) {
    await until(() => running.some(({ leading }) => leading), 'one leads');
    for (let at = 0; at < 5; at++) ids.push(await change(db, mine));
    await arrived(OWN, ids.length);
    const leading = running.findIndex((pump) => pump.leading);
    expect(running.filter((pump) => pump.leading)).toHaveLength(1);
    await running.splice(leading, 1)[0]!.stop();
  }
  expect(publishers.flatMap((publisher) => publisher.ids()).sort()).toEqual([...ids].sort());
  for (const publisher of publishers) expect(publisher.ids()).toHaveLength(5);
});

it('goes on from its checkpoint in a restored database, and from the beginning when it is of a feed that is no more', async () => {
  const mine = await makeThing(db);
  const publisher = new Received();
  const pump = pumping(publisher);
  const ids = [await change(db, mine), await change(db, mine)];
  await arrived(OWN, 2);
  await newEpoch(db.database);
  ids.push(await change(db, mine));
  await arrived(OWN, 3);
  expect(publisher.ids()).toEqual(ids);
  await pump.stop();
  await observer.query('update publication set position = 1000');
  pumping(publisher);
  await arrived(OWN, 3);
  expect(publisher.ids()).toEqual([...ids, ...ids]);
});
