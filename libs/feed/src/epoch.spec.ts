import { ROLES } from '@stoettesystemer/postgres';
import type { TestDatabase } from '@stoettesystemer/testing';
import type { Client } from 'pg';
import { announceEpoch, newEpoch } from './epoch';
import { Sequencer } from './sequencer';
import { change, feedDatabase, Logbook, makeThing, session, until } from './spec/feed-fixture';

let db: TestDatabase;
let client: Client;

beforeEach(async () => {
  db = await feedDatabase();
  client = await session(db.url);
});
afterEach(async () => {
  await client.end();
  await db.drop();
});

const stored = async (): Promise<{ epoch: string; cluster: string | null }> =>
  (await client.query<{ epoch: string; cluster: string | null }>('select epoch, cluster from feed_state'))
    .rows[0]!;
/** As the sequencer does it: in its role, which is no superuser's. */
async function announce(reached = 0): Promise<{ epoch: string; isNew: boolean }> {
  await client.query('set role stoette_feed');
  const announced = await announceEpoch(client, reached);
  await client.query('reset role');
  return announced;
}

it('keeps the epoch of a new database, and of one that has only been restarted', async () => {
  const { epoch, cluster } = await stored();
  expect(cluster).toBeNull();
  expect(await announce()).toEqual({ epoch, isNew: false });
  expect(await announce()).toEqual({ epoch, isNew: false });
  expect((await stored()).cluster).toMatch(/^\d+\/[0-9A-F]{8}\/\d+\/\d+$/);
});

it.each(['cluster', 'timeline', 'database', 'table'])(
  'announces a new epoch when the %s is another',
  async (sign) => {
    await announce();
    const { epoch, cluster } = await stored();
    const at = ['cluster', 'timeline', 'database', 'table'].indexOf(sign);
    const former = cluster!.split('/').with(at, '00000000').join('/');
    await client.query('update feed_state set cluster = $1', [former]);
    const announced = await announce();
    expect(announced).toEqual({ epoch: (await stored()).epoch, isNew: true });
    expect(announced.epoch).not.toBe(epoch);
    expect((await stored()).cluster).toBe(cluster);
    expect((await announce()).isNew).toBe(false);
  },
);

it('announces a new epoch when fewer positions have been given out than this process has seen', async () => {
  await announce();
  await client.query('update feed_state set last_pos = 7');
  expect((await announce(7)).isNew).toBe(false);
  expect((await announce(8)).isNew).toBe(true);
});

it('makes do with the signs it may read', async () => {
  await client.query('revoke execute on function pg_control_system() from public');
  expect((await announce()).isNew).toBe(false);
  expect((await stored()).cluster).toMatch(/^-\/[0-9A-F]{8}\/\d+\/\d+$/);
});

it('is renewed at the operator’s word', async () => {
  const { epoch } = await stored();
  const next = await newEpoch(db.database);
  expect(next).not.toBe(epoch);
  expect((await stored()).epoch).toBe(next);
});

it('is looked after by a sequencer that comes back to a database put back behind its back', async () => {
  const log = new Logbook();
  const sequencer = new Sequencer({ url: db.url, log });
  sequencer.start();
  const thing = await makeThing(db);
  await change(db, thing);
  await change(db, thing);
  await until(() => sequencer.position === 2, 'two events');
  const { epoch } = await stored();
  await client.query(`set role ${ROLES.feed}; delete from feed where pos = 2; reset role`);
  await client.query('update feed_state set last_pos = 1');
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'stoettesystemer sequencer' and datname = current_database()`,
  );
  await until(async () => (await stored()).epoch !== epoch, 'a new epoch');
  expect(log.lines.at(-1)).toMatchObject({ level: 'warn', fields: { epoch: (await stored()).epoch } });
  await sequencer.stop();
});
