import { testDatabase, type TestDatabase } from '@stoettesystemer/testing';
import { Client } from './spec/client';
import { freePort, newDataDir, Platform } from './spec/platform';
import { expectWhole } from './spec/whole';
import { Writers } from './spec/writers';

const dataDir = newDataDir();
let db: TestDatabase;
let platforms: [Platform, Platform];

beforeAll(async () => {
  db = await testDatabase({ service: 'crash-sleeper', migrate: async () => {} });
  const port = await freePort();
  // Clients know them by one address, which is in the tokens.
  const settings = { DATABASE_URL: db.url, EKSTERN_URL: `http://localhost:${port}` };
  platforms = [
    await Platform.start(dataDir, port, settings),
    await Platform.start(dataDir, undefined, settings),
  ];
});
afterAll(async () => {
  for (const platform of platforms) await platform.remove();
  await db.drop();
});

/** Until the feed has as many events as there were changes: somebody gives out positions. */
async function caughtUp(client: Client, changes: number): Promise<void> {
  for (;;) {
    const { sidste } = await client.read<{ sidste: number }>('haendelser/tilstand');
    if (sidste >= changes) return;
    await client.read(`haendelser?efter=${sidste}&vent=1`);
  }
}
const sum = (numbers: ReadonlyMap<string, number>): number =>
  [...numbers.values()].reduce((a, b) => a + b, 0);

test('SIGSTOP of the process that gives out positions: another takes over, and it does no harm when it wakes', async () => {
  const [sleeper, other] = platforms;
  const client = (await Client.of(sleeper)).at(other);
  const writers = new Writers(client);
  // The first to start has the lock, and the second stands by.
  sleeper.process.kill('SIGSTOP');
  writers.start(client);
  await writers.more(50);
  await writers.stop();
  await caughtUp(client, sum(writers.acknowledged));

  sleeper.process.kill('SIGCONT');
  const both = [writers, new Writers(client)];
  both[0]!.start(client);
  both[1]!.start(client.at(sleeper));
  for (const each of both) await each.more(50);
  for (const each of both) await each.stop();
  const acknowledged = new Map(both.flatMap((each) => [...each.acknowledged]));
  await expectWhole(client, acknowledged);
  await expectWhole(client.at(sleeper), acknowledged);
});
