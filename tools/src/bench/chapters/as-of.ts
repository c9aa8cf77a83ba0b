import { type Figure, timesCost } from '../figure';
import { FIRST_REGISTRATION, historyLineOf, PATH } from '../made-up-thing';
import type { Contestant, Sample } from '../rounds';
import { sendLines } from '../send-lines';
import type { Chapter } from './chapter';

const YOUNG = { first: 2_200_000_000, count: 32, registrations: 1 };
const OLD = { first: 2_300_000_000, count: 32, registrations: 1000 };
const EARLY = `?registreringstid=${new Date(FIRST_REGISTRATION + 1_800_000).toISOString()}`;
const NOW = '';

function* linesOf({ first, count, registrations }: typeof OLD): Generator<string> {
  for (let n = first; n < first + count; n++) yield historyLineOf(n, registrations);
}

/** A long history must not make an object slow to read, neither as it is nor as it was. */
export const asOf: Chapter = {
  name: 'as-of',
  async run(bench) {
    const large = await bench.large();
    for (const range of [YOUNG, OLD]) await sendLines(large.server, linesOf(range));
    await large.settle();
    const nameOf = ({ registrations }: typeof OLD, query: string): string =>
      `read ${query === EARLY ? 'at its first registration' : 'as it is now'}, ${registrations} registration${registrations === 1 ? '' : 's'}`;
    const contestants = [NOW, EARLY].flatMap((query) =>
      [YOUNG, OLD].map((range): Contestant => ({
        name: nameOf(range, query),
        server: large.server,
        workload: { kind: 'read', path: PATH, query, first: range.first, count: range.count },
      })),
    );
    const samples = await bench.rounds.run(contestants);
    return [NOW, EARLY].flatMap((query): Figure[] => {
      const pair = (read: (sample: Sample) => number) => ({
        ours: samples[nameOf(OLD, query)]!.map(read),
        theirs: samples[nameOf(YOUNG, query)]!.map(read),
      });
      const name = `${nameOf(OLD, query)} against ${YOUNG.registrations}`;
      return [
        timesCost(
          { name: `${name}: CPU of server and database`, unit: 'µs', target: 1.5 },
          pair(({ serverCpu, databaseCpu }) => serverCpu + databaseCpu),
        ),
        timesCost(
          { name: `${name}: CPU of the database`, unit: 'µs' },
          pair(({ databaseCpu }) => databaseCpu),
        ),
        timesCost(
          { name: `${name}: p50`, unit: 'ms' },
          pair(({ p50 }) => p50),
        ),
      ];
    });
  },
};
