import { createWriteStream, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { DEMO_OWNERS } from '@stoettesystemer/access';
import { freePort } from '../../free-port';
import { alone } from '../figure';
import { municipalityLines } from '../made-up-municipality';
import { ended, startProgram } from '../program';
import type { Chapter } from './chapter';

const MEGABYTE = 1_000_000;
const LOOK = 250;
const TARGET = 300;

/** What Prometheus reads of the platform's process. */
async function usageAt(port: number): Promise<{ rss: number; cpu: number }> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const read = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return { rss: read('process_resident_memory_bytes'), cpu: read('process_cpu_seconds_total') };
}

/** The platform as it is started, with its own PostgreSQL. */
async function startPlatform(environment: Readonly<Record<string, string>>) {
  const platform = startProgram('apps/platform/dist/main.js', [], { ...environment, LOGNIVEAU: 'warn' });
  const over = ended(platform);
  const ready = new Promise<null>((resolve) => {
    platform.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('klar:')) resolve(null);
    });
  });
  const said = await Promise.race([ready, over]);
  if (said !== null) throw new Error(`the platform ended: ${said}`);
  return async () => {
    platform.kill('SIGTERM');
    await over;
  };
}

/** A large municipality out of a file by the command line: every request over HTTP with a token, all rules kept. */
export const synchronising: Chapter = {
  name: 'synkronisering',
  isLong: true,
  async run({ place }) {
    const dataDir = mkdtempSync(join(place.folder, 'synkronisering-'));
    const file = join(dataDir, 'kommune.ndjson');
    await pipeline(Readable.from(municipalityLines()), createWriteStream(file));
    const [port, metricsPort] = [await freePort(), await freePort()];
    const environment = { DATA_DIR: dataDir, PORT: `${port}` };
    const stop = await startPlatform({ ...environment, METRIKPORT: `${metricsPort}` });
    const args = ['organisation', 'synkroniser', file, '--cvr', DEMO_OWNERS.eksempelkoebing];
    const run = async (...more: string[]) => {
      let isOver = false;
      const before = await usageAt(metricsPort);
      let peak = before.rss;
      const watching = (async () => {
        while (!isOver) {
          peak = Math.max(peak, (await usageAt(metricsPort)).rss);
          await pause(LOOK);
        }
      })();
      const begin = performance.now();
      await ended(startProgram('tools/dist/cli.js', [...args, ...more], environment)).finally(
        () => (isOver = true),
      );
      const seconds = (performance.now() - begin) / 1000;
      await watching;
      const { cpu } = await usageAt(metricsPort);
      return { seconds, growth: (peak - before.rss) / MEGABYTE, cpu: cpu - before.cpu };
    };
    try {
      const first = await run('--udfoer');
      const second = await run('--udfoer');
      const shown = await run();
      const name = 'a municipality of 3,000 units, 20,000 people and 60,000 functions from a file';
      return [
        alone({ name: `${name}: all of it written`, unit: 's', target: TARGET }, [first.seconds]),
        alone({ name: `${name}: processor time of the platform`, unit: 's' }, [first.cpu]),
        alone({ name: `${name}: growth of the platform's memory`, unit: 'MB' }, [first.growth]),
        alone({ name: 'the same file again, nothing written', unit: 's', target: TARGET }, [second.seconds]),
        alone({ name: 'the same file, differences only shown', unit: 's' }, [shown.seconds]),
      ];
    } finally {
      await stop();
    }
  },
};
