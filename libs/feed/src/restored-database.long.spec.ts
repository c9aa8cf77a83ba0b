import { appendFileSync, chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@stoettesystemer/engine';
import { Database, poolFor, ROLES, serviceDatabase, startEmbedded } from '@stoettesystemer/postgres';
import { callerOf, Journal, Ting } from '@stoettesystemer/testing';
import { Listener } from './listener';
import { FeedReader } from './reader';
import { Sequencer } from './sequencer';
import { change, Logbook, makeThing, OWN, until } from './spec/feed-fixture';

const folder = mkdtempSync(join(tmpdir(), 'stoettesystemer-restore-'));
// The server runs as another user when we are root.
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const log = new Logbook();
const caller = callerOf({ service: 'proeve', owner: OWN, types: [Ting, Journal] });

/** A day of the service, on the server whose files lie in `name`: it writes some events and then does `work`. */
async function day<T>(name: string, events: number, work: (reader: FeedReader) => Promise<T>): Promise<T> {
  const server = await startEmbedded({ dataDir: join(folder, name) });
  const url = await serviceDatabase({ url: server.url, prefix: 'restore' }, 'proeve');
  await migrate(url);
  const database = new Database(poolFor(url, { role: ROLES.app }));
  const sequencer = new Sequencer({ url, log });
  const listener = new Listener({ url, log });
  const reader = new FeedReader(database, { service: 'proeve', types: [Ting, Journal], listener });
  sequencer.start();
  try {
    await until(() => sequencer.leading, 'a leader');
    const { sidste } = await reader.state();
    const thing = await makeThing({ database });
    for (let at = 0; at < events; at++) await change({ database }, thing);
    await until(async () => (await reader.state()).sidste === sidste + events, 'every event');
    return await work(reader);
  } finally {
    await sequencer.stop();
    await database.pool.end();
    await server.stop();
  }
}

it('announces a new epoch when it has been restored from a backup, and not when it was only stopped', async () => {
  const first = await day('original', 3, (reader) => reader.state());
  cpSync(join(folder, 'original'), join(folder, 'backup'), { recursive: true, verbatimSymlinks: true });
  const later = await day('original', 2, (reader) => reader.state());
  expect(later).toEqual({ ...first, sidste: 5 });

  const cluster = join(folder, 'backup', 'postgres', 'cluster');
  writeFileSync(join(cluster, 'recovery.signal'), '');
  appendFileSync(join(cluster, 'postgresql.auto.conf'), `restore_command = 'false'\n`);
  await day('backup', 0, async (reader) => {
    const restored = await reader.state();
    expect(restored).toMatchObject({ foerste: 1, sidste: 3 });
    expect(restored.epoke).not.toBe(first.epoke);
    const { epoke: epoch } = first;
    for (const query of [{ after: 5 }, { after: 5, epoch }, { after: 3, epoch }, { after: 0, epoch }])
      await expect(reader.read(caller, query)).rejects.toMatchObject({ status: 409, kode: 'epoke' });
    expect((await reader.read(caller, { after: 0, epoch: restored.epoke })).events).toHaveLength(3);
  });
  const told = log.lines.filter(({ message }) => message.startsWith('feed: the database has been restored'));
  expect(told).toHaveLength(1);
}, 300_000);
