import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { cli, Client } from './client';
import { newDataDir, Platform } from './platform';
import { expectWhole } from './whole';
import { type No, Writers } from './writers';

/** What is said while the database is away. */
const AWAY: No = {
  status: 503,
  type: 'application/problem+json; charset=utf-8',
  retryAfter: '2',
  kode: 'utilgaengelig',
};

/** The embedded server's own process, as it says itself. */
function postmasterOf(folder: string): number {
  const found = readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .find((file) => file.endsWith('/postmaster.pid'));
  if (!found) throw new Error('There is no postmaster.pid');
  return Number(readFileSync(found, 'utf8').split('\n')[0]);
}

/**
 * Kills with -9 under the load of eight writers: `s` the service, `d` PostgreSQL. After each: everything that was
 * acknowledged is there, the feed is whole, the revisor finds nothing; and whoever was answered while the database was
 * away was told when to come again.
 */
export async function killAgainAndAgain(kills: readonly ('s' | 'd')[]): Promise<void> {
  const dataDir = newDataDir();
  let platform = await Platform.start(dataDir);
  try {
    let client = await Client.of(platform);
    const writers = new Writers(client);
    for (const [at, what] of kills.entries()) {
      // A token lasts five minutes.
      if (at % 5 === 4) client = await Client.of(platform);
      writers.start(client);
      await writers.more(40);
      await setTimeout(Math.random() * 30);
      if (what === 's') {
        await Promise.all([platform.end('SIGKILL'), writers.stop()]);
        platform = await Platform.start(dataDir, platform.port);
        client = client.at(platform);
      } else {
        const noes = writers.noes.length;
        process.kill(postmasterOf(dataDir), 'SIGKILL');
        // The same process goes on, and finds its database again by itself.
        while (writers.noes.length === noes) await setTimeout(5);
        await writers.more(40);
        await writers.stop();
      }
      await expectWhole(client, writers.acknowledged);
      const revised = await cli(platform, 'revisor');
      expect([revised.code, revised.stderr]).toEqual([0, '']);
    }
    expect(new Set(writers.noes.map((no) => JSON.stringify(no)))).toEqual(new Set([JSON.stringify(AWAY)]));
    expect(await platform.end()).toBe(0);
    expect(() => postmasterOf(dataDir)).toThrow('There is no postmaster.pid');
  } finally {
    await platform.remove();
  }
}
