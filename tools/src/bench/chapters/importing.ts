import { setTimeout as pause } from 'node:timers/promises';
import { alone } from '../figure';
import type { Server } from '../rounds';
import type { Chapter } from './chapter';

const MEGABYTE = 1_000_000;
const LOOK = 100;
/** Lines before it counts: the compiler's memory is not the import's. */
const WARM = 2_000;

/** Runs work and tells the most memory that the server had meanwhile. */
async function peakDuring<T>(server: Server, work: Promise<T>): Promise<{ result: T; peak: number }> {
  let peak = 0;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      peak = Math.max(peak, (await server.usage()).rss);
      await pause(LOOK);
    }
  })();
  const result = await work.finally(() => (isOver = true));
  await watching;
  return { result, peak };
}

/** NDJSON over HTTP into an empty service: how fast, and how much memory it takes. */
export const importing: Chapter = {
  name: 'import',
  async run(bench) {
    const { large } = await bench.open();
    const size = bench.size.steps[0]!;
    if (large.size >= size) return [];
    await large.growTo(Math.min(WARM, size >> 1));
    const { rss } = await large.server.usage();
    const { result: perSecond, peak } = await peakDuring(large.server, large.growTo(size));
    const name = `import of ${size} NDJSON lines over HTTP`;
    return [
      alone({ name: `${name}: lines`, unit: '/s', atLeast: true }, [perSecond]),
      alone({ name: `${name}: growth of the server's memory`, unit: 'MB', target: 100 }, [
        (peak - rss) / MEGABYTE,
      ]),
    ];
  },
};
