import type { TestDatabase } from '@stoettesystemer/testing';
import type { Client } from 'pg';
import { move } from './move';
import { OutboxAge } from './outbox-age';
import { change, feedDatabase, makeThing, OTHER, session } from './spec/feed-fixture';

let db: TestDatabase;
let client: Client;
beforeEach(async () => {
  db = await feedDatabase();
  client = await session(db.url);
  await client.query('set role stoette_feed');
});
afterEach(async () => {
  await client.end();
  await db.drop();
});

it('says how many events wait, and for how long the first has been seen to', async () => {
  let now = 0;
  const age = new OutboxAge(db.database, () => now);
  const at = (seconds: number) => {
    now = seconds * 1000;
    return age.read();
  };
  expect(await at(5)).toEqual({ count: 0, age: 0 });
  await change(db, await makeThing(db), { recordedAt: '2001-01-01T00:00:00Z' });
  expect(await at(10)).toEqual({ count: 1, age: 0 });
  await change(db, await makeThing(db, { owner: OTHER }));
  expect(await at(40)).toEqual({ count: 2, age: 30 });
  await move(client, 1, 0);
  expect(await at(50)).toEqual({ count: 1, age: 0 });
  expect(await at(51)).toEqual({ count: 1, age: 1 });
  await move(client, 1, 0);
  expect(await at(99)).toEqual({ count: 0, age: 0 });
});
