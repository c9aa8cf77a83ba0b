import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cli, Client } from './spec/client';
import { newDataDir, Platform } from './spec/platform';

const dataDir = newDataDir();
let platform: Platform | undefined;
afterAll(() => platform?.remove());

/** The embedded server's own process, as it says itself. */
function postmasterOf(folder: string): number {
  const found = readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .find((file) => file.endsWith('/postmaster.pid'));
  if (!found) throw new Error('There is no postmaster.pid');
  return Number(readFileSync(found, 'utf8').split('\n')[0]);
}

/** Eight writers, until they are cut off: the keys of all that was acknowledged. */
async function writeUntil(client: Client, cut: () => Promise<unknown>): Promise<string[]> {
  const acknowledged: string[] = [];
  let isCut = false;
  const write = async () => {
    while (!isCut) {
      const key = randomUUID();
      const answer = await client.createFacet(key).catch(() => null);
      if (answer?.status === 201) acknowledged.push(key);
    }
  };
  const writers = Array.from({ length: 8 }, write);
  while (acknowledged.length < 100) await new Promise((go) => setTimeout(go, 10));
  await cut();
  isCut = true;
  await Promise.all(writers);
  return acknowledged;
}

async function expectAllThere(client: Client, keys: readonly string[]): Promise<void> {
  const found = new Map<string, string>();
  let cursor: string | null = null;
  do {
    const page: {
      data: { uuid: string; attributter: { egenskaber: [{ brugervendtNoegle: string }] } }[];
      naeste: string | null;
    } = await client.read(
      `facetter?limit=500${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    for (const { uuid, attributter } of page.data)
      found.set(attributter.egenskaber[0].brugervendtNoegle, uuid);
    cursor = page.naeste;
  } while (cursor !== null);
  expect(keys.filter((key) => !found.has(key))).toEqual([]);

  // The sequencer may still be at work with what was committed last.
  const { sidste } = await client.read<{ sidste: number }>('haendelser/tilstand');
  if (sidste < found.size) await client.read(`haendelser?efter=${sidste}&vent=25`);
  const events = await client.events();
  expect(events.map(({ sequence }) => Number(sequence))).toEqual(events.map((_, at) => at + 1));
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  expect(new Set(events.map(({ subject }) => subject))).toEqual(new Set(found.values()));
}

test('kill -9 of the platform, and of the database: what was acknowledged is there, and the feed has no hole', async () => {
  platform = await Platform.start(dataDir);
  const client = await Client.of(platform);

  const first = await writeUntil(client, () => platform!.end('SIGKILL'));
  platform = await Platform.start(dataDir);
  await expectAllThere(client.at(platform), first);

  const second = await writeUntil(client.at(platform), async () => {
    process.kill(postmasterOf(dataDir), 'SIGKILL');
    await platform!.end('SIGKILL');
  });
  platform = await Platform.start(dataDir);
  await expectAllThere(client.at(platform), [...first, ...second]);

  const revised = await cli(platform, 'revisor');
  expect([revised.code, revised.stderr]).toEqual([0, '']);
  expect(await platform.end()).toBe(0);
  expect(() => postmasterOf(dataDir)).toThrow('There is no postmaster.pid');
});
