import { timesCost } from '../figure';
import { lineOf, PATH } from '../made-up-thing';
import type { Contestant, Sample } from '../rounds';
import { sendLines } from '../send-lines';
import type { Chapter } from './chapter';

const SLIM = { first: 2_000_000_000, count: 64, facts: 10 };
const STOUT = { first: 2_100_000_000, count: 64, facts: 1000 };

function* linesOf({ first, count, facts }: typeof SLIM): Generator<string> {
  for (let n = first; n < first + count; n++) yield lineOf(n, facts);
}

/** Law 2: a Ret of one attribute costs what it changes, whatever else the object holds. */
export const changeCost: Chapter = {
  name: 'ret',
  async run(bench) {
    const large = await bench.large();
    for (const range of [SLIM, STOUT]) await sendLines(large.server, linesOf(range));
    await large.settle();
    const contestants = [SLIM, STOUT].map(({ first, count, facts }): Contestant => ({
      name: `Ret of one attribute on an object with ${facts} facts`,
      server: large.server,
      workload: { kind: 'change', path: PATH, first, count },
    }));
    const samples = await bench.rounds.run(contestants);
    const [slim = [], stout = []] = contestants.map(({ name }) => samples[name]!);
    const pair = (read: (sample: Sample) => number) => ({ ours: stout.map(read), theirs: slim.map(read) });
    const name = `Ret of one attribute, object with ${STOUT.facts} facts against one with ${SLIM.facts}`;
    return [
      timesCost(
        { name: `${name}: CPU of server and database`, unit: 'µs', target: 1.3 },
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
  },
};
