import { callerOf, Journal, type TestDatabase, Ting } from '@stoettesystemer/testing';
import { Client } from 'pg';
import { Listener } from './listener';
import { FeedReader } from './reader';
import { trim } from './retention';
import { Sequencer } from './sequencer';
import { change, feedDatabase, Logbook, makeThing, OWN, until } from './spec/feed-fixture';

const caller = callerOf({ service: 'proeve', owner: OWN, types: [Ting, Journal] });
let db: TestDatabase;
let server: Client;

beforeEach(async () => {
  db = await feedDatabase();
  server = new Client({ connectionString: process.env['TEST_DATABASE_URL'] });
  await server.connect();
});
afterEach(async () => {
  await server.end();
  await db.drop();
});

/** Ends every session of a database, lets nobody in, and does `work` to it. */
async function closed(name: string, work: () => Promise<void>): Promise<void> {
  await server.query(`alter database ${name} allow_connections false`);
  await server.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  await until(
    async () =>
      (await server.query('select from pg_stat_activity where datname = $1', [name])).rowCount === 0,
    'nobody there',
  );
  await work();
  await server.query(`alter database ${name} allow_connections true`);
}

it('tells every reader to start over when a copy taken earlier is put in the place of the database', async () => {
  const name = new URL(db.url).pathname.slice(1);
  const log = new Logbook();
  const sequencer = new Sequencer({ url: db.url, log });
  const listener = new Listener({ url: db.url, log });
  const reader = new FeedReader(db.database, { service: 'proeve', types: [Ting, Journal], listener });
  sequencer.start();
  const thing = await makeThing(db);
  for (let n = 0; n < 3; n++) await change(db, thing);
  await until(() => sequencer.position === 3, 'three events');
  const { epoke: epoch } = await reader.state();
  await closed(name, async () => void (await server.query(`create database ${name}_copy template ${name}`)));

  for (let n = 0; n < 2; n++)
    await until(
      () =>
        change(db, thing).then(
          () => true,
          () => false,
        ),
      'a change',
    );
  await until(() => sequencer.position === 5, 'two more');
  // Only away and back again: the same database.
  expect((await reader.state()).epoke).toBe(epoch);
  expect((await reader.read(caller, { after: 3, epoch })).events).toHaveLength(2);

  await server.query(`alter database ${name} allow_connections false`);
  await server.query(`drop database ${name} with (force)`);
  await server.query(`alter database ${name}_copy rename to ${name}`);
  const state = () => reader.state().catch(() => null);
  await until(async () => ((await state())?.epoke ?? epoch) !== epoch, 'a new epoch');
  const restored = await reader.state();
  expect(restored).toMatchObject({ foerste: 1, sidste: 3 });
  // Whoever knows its epoch is told, wherever it stands; who does not, when it stands beyond the end.
  for (const query of [{ after: 5 }, { after: 5, epoch }, { after: 3, epoch }, { after: 0, epoch }])
    await expect(reader.read(caller, query)).rejects.toMatchObject({
      status: 409,
      kode: 'epoke',
      fejl: [{ besked: restored.epoke }],
    });
  const again = { after: 0, epoch: restored.epoke };
  expect((await reader.read(caller, again)).events.map(({ data }) => data.nummer)).toEqual([1, 2, 3]);
  await change(db, thing);
  await until(async () => (await reader.state()).sidste === 4, 'on from there');
  // In the feed that there is now, an old place is too old when what followed it is gone.
  await trim(db.database, new Date('2999-01-01T00:00:00Z'));
  await expect(reader.read(caller, again)).rejects.toMatchObject({ status: 410, kode: 'position_udloebet' });
  await Promise.all([sequencer.stop(), listener.stop()]);
});
