import type { TestDatabase } from '@stoettesystemer/testing';
import type { Client } from 'pg';
import { Sequencer } from './sequencer';
import { feedDatabase, feedOf, Logbook, session, until } from './spec/feed-fixture';
import { expectLawful, manyThings, storm } from './spec/storm';

let db: TestDatabase;
let observer: Client;
let sequencers: Sequencer[];

beforeEach(async () => {
  db = await feedDatabase(16);
  observer = await session(db.url);
});
afterEach(async () => {
  await Promise.all(sequencers.map((sequencer) => sequencer.stop()));
  await observer.end();
  await db.drop();
});

it('places 160,000 commits of sixteen writers, while the working one of two sequencers keeps dying', async () => {
  const things = await manyThings(db);
  sequencers = [1, 2].map(() => new Sequencer({ url: db.url, log: new Logbook(), batch: 100 }));
  for (const sequencer of sequencers) sequencer.start();
  const killer = setInterval(() => {
    void observer.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
         and database = (select oid from pg_database where datname = current_database())`,
    );
  }, 2_000);
  const committed = await storm(db, things, 160_000);
  clearInterval(killer);
  await until(async () => (await feedOf(observer)).waiting === 0, 'an empty outbox');
  expectLawful((await feedOf(observer)).events, committed);
}, 1_800_000);
