import { setTimeout as pause } from 'node:timers/promises';
import { type Figure, shareOfCost, shareOfRate, timesCost } from '../figure';
import { againstLoRa } from '../lora';
import { bodyOf, KINDS, PATH } from '../made-up-thing';
import type { Contestant, Sample, Server } from '../rounds';
import type { Chapter } from './chapter';

const SEQUENCE = 'the same rows by hand-written SQL, a statement a table';
const STATEMENT = 'the same rows by hand-written SQL, all in one statement';
/** From here on the numbers of the things that the hand-written SQL learns from. */
const SAMPLES = 2_900_000_000;

async function make({ port, token }: Server, n: number, facts: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}${PATH}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${(await token()) ?? ''}`, 'content-type': 'application/json' },
    body: JSON.stringify(bodyOf(n, facts)),
  });
  const body = await answer.text();
  if (answer.status !== 201) throw new Error(body);
  return (JSON.parse(body) as { uuid: string }).uuid;
}

/** Opret and Ret one at a time, against a program that writes the very same rows into the very same tables. */
export const writing: Chapter = {
  name: 'write',
  async run(bench) {
    const large = await bench.large();
    const { server, facts } = large;
    const hand = await bench.place.bare(large.url);
    const samples: string[] = [];
    const first = SAMPLES - (SAMPLES % KINDS);
    for (let kind = 0; kind < KINDS; kind++) samples.push(await make(server, first + kind, facts));
    // Until the sequencer has put them into the feed.
    await pause(1000);
    await hand.learn(samples);
    const contestants: Contestant[] = [
      { name: SEQUENCE, server: hand, workload: { kind: 'create', path: '/sequence', facts } },
      { name: STATEMENT, server: hand, workload: { kind: 'create', path: '/statement', facts } },
      { name: 'create', server, workload: { kind: 'create', path: PATH, facts } },
      { name: 'patch', server, workload: { kind: 'change', path: PATH, first: 0, count: large.size } },
    ];
    const measured = await bench.rounds.run(contestants);
    const of = (name: string, read: (sample: Sample) => number): number[] => measured[name]!.map(read);
    const pair = (baseline: string, read: (sample: Sample) => number) => ({
      ours: of('create', read),
      theirs: of(baseline, read),
    });
    const whole = ({ serverCpu, databaseCpu }: Sample): number => serverCpu + databaseCpu;
    const against = (baseline: string, target?: number): Figure[] => {
      const versus = `create, against ${baseline}`;
      return [
        shareOfCost(
          {
            name: `${versus}: CPU of server and database`,
            unit: 'µs',
            ...(target === undefined ? {} : { target }),
          },
          pair(baseline, whole),
        ),
        shareOfCost(
          { name: `${versus}: CPU of the server`, unit: 'µs' },
          pair(baseline, ({ serverCpu }) => serverCpu),
        ),
        shareOfRate(
          { name: `${versus}: requests`, unit: '/s' },
          pair(baseline, ({ perSecond }) => perSecond),
        ),
        timesCost(
          { name: `${versus}: p50`, unit: 'ms' },
          pair(baseline, ({ p50 }) => p50),
        ),
        timesCost(
          { name: `${versus}: p99`, unit: 'ms' },
          pair(baseline, ({ p99 }) => p99),
        ),
      ];
    };
    return [
      ...against(SEQUENCE, 0.5),
      ...against(STATEMENT),
      ...againstLoRa(
        'create',
        of('create', ({ perSecond }) => perSecond),
        large.size,
      ),
      ...againstLoRa(
        'patch',
        of('patch', ({ perSecond }) => perSecond),
        large.size,
      ),
    ];
  },
};
