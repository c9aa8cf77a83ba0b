import type { TestDatabase } from '@stoettesystemer/testing';
import type { Client } from 'pg';
import { Retention, trim } from './retention';
import { Sequencer } from './sequencer';
import {
  change,
  feedDatabase,
  feedOf,
  forced,
  Logbook,
  makeThing,
  OTHER,
  OWN,
  session,
  until,
} from './spec/feed-fixture';

const DAY = 86_400_000;
let db: TestDatabase;
let observer: Client;
let sequencer: Sequencer;

beforeEach(async () => {
  db = await feedDatabase();
  observer = await session(db.url);
  sequencer = new Sequencer({ url: db.url, log: new Logbook() });
  sequencer.start();
});
afterEach(async () => {
  await sequencer.stop();
  await observer.end();
  await db.drop();
});

/** A feed whose events came as many days ago as `ages` say. */
async function feedAged(ages: readonly number[]): Promise<void> {
  const things = [await makeThing(db, { owner: OWN }), await makeThing(db, { owner: OTHER })];
  for (const at of ages.keys()) await change(db, things[at % 2]!);
  await until(async () => (await feedOf(observer)).last === ages.length, 'every event');
  await forced(
    observer,
    `update feed set placed_at = now() - a.days * interval '1 day' from unnest($1::int[]) with ordinality a (days, pos)
      where feed.pos = a.pos`,
    [ages],
  );
}
const placed = async (): Promise<[number[], number, number]> => {
  const { events, first, last } = await feedOf(observer);
  return [events.map(({ pos }) => pos), first, last];
};
const daysAgo = (days: number): Date => new Date(Date.now() - days * DAY);

describe('trimming', () => {
  it('takes the oldest events of every owner, in batches, up to the first that is young', async () => {
    await feedAged([99, 98, 97, 96, 95, 10, 94, 9]);
    expect(await trim(db.database, daysAgo(90), { batch: 2 })).toBe(5);
    expect(await placed()).toEqual([[6, 7, 8], 6, 8]);
    expect(await trim(db.database, daysAgo(90))).toBe(0);
    expect(await placed()).toEqual([[6, 7, 8], 6, 8]);
  });

  it('leaves an empty feed that goes on from its last position', async () => {
    await feedAged([99, 98]);
    expect(await trim(db.database, daysAgo(90))).toBe(2);
    expect(await placed()).toEqual([[], 3, 2]);
    await change(db, await makeThing(db));
    await until(async () => (await feedOf(observer)).last === 3, 'one more');
    expect(await placed()).toEqual([[3], 3, 3]);
  });

  it('goes by when an event came, not by how old its registration is', async () => {
    await change(db, await makeThing(db), { recordedAt: '2004-01-01T00:00:00Z' });
    await until(async () => (await feedOf(observer)).last === 1, 'the event');
    expect(await trim(db.database, daysAgo(90))).toBe(0);
  });
});

describe('retention', () => {
  it('trims by itself where the sequencer leads, and nowhere else', async () => {
    await feedAged([99, 1]);
    const log = new Logbook();
    const idle = new Retention(db.database, { sequencer: { leading: false }, log, every: 1 });
    const busy = new Retention(db.database, { sequencer, log, every: 1 });
    idle.start();
    await new Promise((next) => setTimeout(next, 50));
    expect(await placed()).toEqual([[1, 2], 1, 2]);
    busy.start();
    await until(async () => (await placed())[1] === 2, 'trimmed');
    await Promise.all([idle.stop(), busy.stop()]);
    expect(log.lines).toEqual([{ level: 'info', message: 'feed: trimmed', fields: { removed: 1 } }]);
  });

  it('tries again after a failure', async () => {
    await feedAged([99]);
    await observer.query('alter table feed rename to gone');
    const log = new Logbook();
    const retention = new Retention(db.database, { sequencer: { leading: true }, log, every: 1 });
    retention.start();
    await until(() => log.lines.some(({ fields }) => fields['code'] === '42P01'), 'a failure');
    await observer.query('alter table gone rename to feed');
    await until(async () => (await placed())[1] === 2, 'trimmed');
    await retention.stop();
  });
});
