import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@stoettesystemer/testing';
import type { Client } from 'pg';
import { Floor } from './floor';
import { move } from './move';
import { toOutbox } from './outbox';
import {
  change,
  feedDatabase,
  makeThing,
  OWN,
  register,
  session,
  type Thing,
  until,
} from './spec/feed-fixture';

const BATCH = 3;
let db: TestDatabase;
let mover: Client;
let floor: Floor;
let things: Thing[];

beforeEach(async () => {
  db = await feedDatabase();
  mover = await session(db.url);
  await mover.query('set role stoette_feed');
  floor = new Floor();
  things = await Promise.all(Array.from({ length: 4 }, () => makeThing(db)));
});
afterEach(async () => {
  await mover.end();
  await db.drop();
});

/** One move as the sequencer makes it. Answers how many events it moved. */
async function turn(): Promise<number> {
  const moved = await move(mover, BATCH, floor.value);
  floor.learn(moved, BATCH);
  return moved.count;
}
/** Other databases of the server may hold transactions open for a while: they hold the floor too. */
const rising = (above: number): Promise<void> =>
  until(async () => {
    await change(db, things[0]!);
    await turn();
    return floor.value > above;
  }, `a floor above ${above}`);
const waiting = async (): Promise<number[]> =>
  (await mover.query<{ id: number }>('select id::int from outbox order by id')).rows.map(({ id }) => id);

it('rises behind what has been moved, and never above a row that waits', async () => {
  for (let round = 1; round <= 10; round++) {
    for (const thing of things) await change(db, thing);
    await turn();
    const [lowest] = await waiting();
    expect(lowest).toBeGreaterThan(floor.value);
  }
  while ((await turn()) > 0);
  expect(await waiting()).toEqual([]);
  await rising(30);
});

it('stays below the number of a transaction that is open, however much is moved meanwhile', async () => {
  const [slow, ...others] = things as [Thing, ...Thing[]];
  let release = (): void => undefined;
  const open = db.database.transaction({ owner: OWN }, async (tx) => {
    await register(tx, slow);
    await new Promise<void>((resolve) => (release = resolve));
  });
  for (let round = 0; round < 10; round++) {
    for (const thing of others) await change(db, thing);
    expect(await turn()).toBe(3);
    expect(await turn()).toBe(0);
  }
  expect(floor.value).toBe(0);
  release();
  await open;
  expect(await turn()).toBe(1);
  await rising(30);
});

it('rises while a backlog is worked off, not only behind it', async () => {
  await db.database.run(
    { owner: OWN },
    toOutbox(
      Array.from({ length: 3_000 }, (_, at) => ({
        owner: OWN,
        registration: randomUUID(),
        type: 'Ting',
        object: things[0]!.id,
        number: at + 1,
        action: 'rettet',
        recordedAt: null,
        changed: [],
        kle: null,
        foelsomhed: null,
        transaction: null,
        traceparent: null,
        published: true,
      })),
    ),
  );
  await until(async () => (await turn()) > 0 && floor.value > 0, 'a floor');
  const [lowest] = await waiting();
  expect(lowest).toBeGreaterThan(floor.value);
  expect(lowest).toBeLessThanOrEqual(3_000);
});

it('rises past the numbers of what was rolled back', async () => {
  const undone = db.database.transaction({ owner: OWN }, async (tx) => {
    await register(tx, things[0]!);
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  await rising(1);
});
