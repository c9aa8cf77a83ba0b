import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { alone } from '../figure';
import { ended, startProgram } from '../program';
import type { Chapter } from './chapter';

/** Milliseconds from starting the process to its saying that it is ready; then it is stopped. */
async function startOnce(dataDir: string): Promise<number> {
  const begin = performance.now();
  const platform = startProgram('apps/platform/dist/main.js', [], {
    DATA_DIR: dataDir,
    PORT: '0',
    LOGNIVEAU: 'silent',
  });
  const over = ended(platform);
  const ready = new Promise<number>((resolve) => {
    platform.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('klar:')) resolve(performance.now() - begin);
    });
  });
  const passed = await Promise.race([ready, over]);
  platform.kill('SIGTERM');
  await over;
  if (typeof passed !== 'number') throw new Error(`the platform ended: ${passed}`);
  return passed;
}

/** The platform with its own PostgreSQL: the first time, when everything is made, and after that. */
export const startUp: Chapter = {
  name: 'start',
  async run({ place, size }) {
    const dataDir = mkdtempSync(join(place.folder, 'start-'));
    const first = await startOnce(dataDir);
    const warm: number[] = [];
    for (let round = 0; round < size.rounds; round++) warm.push(await startOnce(dataDir));
    return [
      alone({ name: 'start of the platform until »klar«, empty data folder', unit: 'ms' }, [first]),
      alone({ name: 'start of the platform until »klar«, warm data folder', unit: 'ms' }, warm),
    ];
  },
};
