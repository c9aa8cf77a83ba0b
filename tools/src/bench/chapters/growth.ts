import { alone, type Figure, timesCost } from '../figure';
import { PATH } from '../made-up-thing';
import { asOwner } from '../place';
import type { Contestant, Sample } from '../rounds';
import type { Stock } from '../stock';
import type { Bench } from '../bench';
import type { Chapter } from './chapter';

const INDEX_SIZE = `select sum(pg_indexes_size(c.oid))::float8 as bytes from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'plain'`;

const indexBytes = (stock: Stock): Promise<number> =>
  asOwner(stock.url, async (client) => {
    const { rows } = await client.query<{ bytes: number }>(INDEX_SIZE);
    return (rows[0]?.bytes ?? 0) / stock.size;
  });

/** Milliseconds until another process of the service answers on this database. */
async function startOf(bench: Bench, { url }: Stock): Promise<number> {
  const begin = performance.now();
  const server = await bench.place.service(url);
  const passed = performance.now() - begin;
  await server.end();
  return passed;
}

async function compare(bench: Bench, small: Stock, large: Stock): Promise<Figure[]> {
  // Without copies: what fits in memory at one size and not at the other would hide how the database grows.
  const stocks = await Promise.all(
    [small, large].map(async (stock) => ({
      stock,
      server: await bench.place.service(stock.url, { copies: 0 }),
    })),
  );
  const contestants = stocks.flatMap(({ stock, server }): Contestant[] => {
    const things = { path: PATH, first: 0, count: stock.size };
    const at = `at ${stock.size} objects, one connection`;
    const one = { server, connections: 1 };
    return [
      { name: `read ${at}`, ...one, workload: { kind: 'read', ...things } },
      { name: `search ${at}`, ...one, workload: { kind: 'search', ...things } },
      { name: `Ret ${at}`, ...one, server: stock.server, workload: { kind: 'change', ...things } },
    ];
  });
  const samples = await bench.rounds.run(contestants);
  for (const { server } of stocks) await server.end();
  const half = contestants.length / 2;
  const times = contestants.slice(half).map(({ name }, at): Figure => {
    const pair = (read: (sample: Sample) => number) => ({
      ours: samples[name]!.map(read),
      theirs: samples[contestants[at]!.name]!.map(read),
    });
    const isRead = name.startsWith('read');
    return timesCost(
      { name: `${name}, against ${small.size}: p50`, unit: 'ms', ...(isRead ? { target: 1.3 } : {}) },
      pair(({ p50 }) => p50),
    );
  });
  const beside = (what: string, unit: string, ours: number, theirs: number): Figure =>
    timesCost(
      { name: `${what} at ${large.size} objects, against ${small.size}`, unit },
      { ours: [ours], theirs: [theirs] },
    );
  return [
    ...times,
    beside('index bytes an object', 'B', await indexBytes(large), await indexBytes(small)),
    beside('start of the service', 'ms', await startOf(bench, large), await startOf(bench, small)),
  ];
}

/** How reading, searching, Ret, loading, index size and start-up grow with the number of objects. */
export const growth: Chapter = {
  name: 'growth',
  async run(bench) {
    const { small, large } = await bench.open();
    const figures: Figure[] = [];
    await small.growTo(bench.size.small);
    for (const step of bench.size.steps) {
      const from = large.size;
      const perSecond = await large.growTo(step);
      if (large.size > from)
        figures.push(
          alone({ name: `load from ${from} to ${step} objects`, unit: '/s', atLeast: true }, [perSecond]),
        );
      figures.push(...(await compare(bench, small, large)));
    }
    return figures;
  },
};
