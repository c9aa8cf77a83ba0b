import { randomUUID } from 'node:crypto';
import {
  allows,
  type Caller,
  conditionFor,
  DenyList,
  DEVELOPMENT_ISSUER,
  developmentKeysFile,
  KeySource,
  LEVELS,
  type PrivilegeGroup,
  TokenVerifier,
} from '@stoettesystemer/access';
import { callerOf, Journal, Ting } from '@stoettesystemer/testing';
import { alone, timesCost } from '../figure';
import { OWNER, SERVICE } from '../made-up-thing';
import type { Chapter } from './chapter';

const TIMES = 200_000;
const GROUPS = 200;
const DECISIONS = 20_000;
const BARE = 'bare http + prepared pg';

/** Microseconds of processor time that it takes once. */
async function costOf(work: () => Promise<unknown>): Promise<number> {
  for (let n = 0; n < TIMES / 10; n++) await work();
  const before = process.cpuUsage();
  for (let n = 0; n < TIMES; n++) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / TIMES;
}

const two = (n: number): string => String(n % 100).padStart(2, '0');

/** A person with many job functions: each a KLE group and a level. */
const groups = (): PrivilegeGroup[] =>
  Array.from({ length: GROUPS }, (_, n) => ({
    kind: 'system',
    privileges: ['journal:laes'],
    constraints: { kle: [`${two(n)}.${two(n * 7)}.*`], foelsomhed: LEVELS[n % LEVELS.length]! },
  }));

const someone = (): Caller =>
  callerOf({ service: SERVICE, owner: OWNER, types: [Journal], groups: groups() });

/** Milliseconds of each decision about an object, in order of size. Every hundredth is the first of a new token. */
function decisions(): number[] {
  const times: number[] = [];
  let caller = someone();
  for (let n = 0; n < DECISIONS; n++) {
    if (n % 100 === 99) caller = someone();
    const owned = {
      owner: OWNER,
      scopes: [
        {
          fra: 0,
          til: null,
          kle: `${two(n)}.${two(n * 3)}.01`,
          foelsomhed: LEVELS[n % LEVELS.length]!,
        },
      ],
    };
    const begin = performance.now();
    allows(caller, Journal, 'laes', owned);
    times.push(performance.now() - begin);
  }
  return times.sort((a, b) => a - b);
}

/** What it costs to know who asks, and to say what they may. */
export const judging: Chapter = {
  name: 'judge',
  async run(bench) {
    const large = await bench.large();
    await large.makePlain();
    const bare = await bench.place.bare(large.url);
    const samples = await bench.rounds.run([
      { name: BARE, server: bare, workload: { kind: 'read', first: 0, count: large.size, path: '' } },
    ]);
    const keys = await KeySource.open({ from: developmentKeysFile(bench.place.folder) });
    const verifier = new TokenVerifier({
      profile: 'udvikling',
      issuer: DEVELOPMENT_ISSUER,
      service: SERVICE,
      types: [Ting],
      keys: keys.find,
      revoked: new DenyList(),
      proofs: { claim: () => Promise.resolve(true) },
      externalUrl: 'http://localhost',
    });
    const headers = { authorization: `Bearer ${await bench.place.token()}` };
    const request = { headers, method: 'GET', url: `/${SERVICE}/v1/ting/${randomUUID()}` };
    const verified = await costOf(async () => {
      const asking = await verifier.verify(request as never);
      const values: unknown[] = [];
      const bind = (value: unknown): string => `$${values.push(value)}`;
      conditionFor(asking, Ting, 'laes', { object: 'o', moment: () => bind(0), bind });
    });
    keys.close();
    const times = decisions();
    return [
      timesCost(
        {
          name: `verifying a token and writing its predicate, against a whole read by ${BARE}`,
          unit: 'µs',
          target: 0.4,
        },
        {
          ours: samples[BARE]!.map(() => verified),
          theirs: samples[BARE]!.map(({ serverCpu }) => serverCpu),
        },
      ),
      alone({ name: `a decision about an object, ${GROUPS} groups: p99`, unit: 'ms', target: 1 }, [
        times[Math.floor(times.length * 0.99)]!,
      ]),
    ];
  },
};
