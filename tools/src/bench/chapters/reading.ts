import { type Figure, shareOfCost, shareOfRate, timesCost } from '../figure';
import { againstLoRa } from '../lora';
import { PATH } from '../made-up-thing';
import type { Contestant, Sample } from '../rounds';
import type { Chapter } from './chapter';

const BARE = 'bare http + prepared pg';
/** As by a service that has just started, or whose objects are more than it has room for. */
const ANEW = 'put together anew';

/**
 * One object by its UUID and by its user key, against the least that answers the same number of bytes. The service has
 * run for a while: it has read every object once.
 */
export const reading: Chapter = {
  name: 'read',
  async run(bench) {
    const large = await bench.large();
    await large.makePlain();
    const bare = await bench.place.bare(large.url);
    const forgetful = await bench.place.service(large.url, { copies: 0 });
    await bench.rounds.visit(large.server, PATH, large.size);
    const things = { first: 0, count: large.size, path: PATH };
    const contestants: Contestant[] = [
      { name: BARE, server: bare, workload: { kind: 'read', ...things, path: '' } },
      { name: 'read', server: large.server, workload: { kind: 'read', ...things } },
      {
        name: 'search by user key, whole object',
        server: large.server,
        workload: { kind: 'search', ...things },
      },
      {
        name: 'search by user key',
        server: large.server,
        workload: { kind: 'search', ...things, query: '&vis=uuid' },
      },
      { name: `read, ${ANEW}`, server: forgetful, workload: { kind: 'read', ...things } },
      {
        name: `search by user key, whole object, ${ANEW}`,
        server: forgetful,
        workload: { kind: 'search', ...things },
      },
    ];
    const samples = await bench.rounds.run(contestants);
    const of = (name: string, read: (sample: Sample) => number): number[] => samples[name]!.map(read);
    const against = (name: string, target?: number): Figure[] => {
      const pair = (read: (sample: Sample) => number) => ({ ours: of(name, read), theirs: of(BARE, read) });
      const versus = `${name}, against ${BARE}`;
      return [
        shareOfCost(
          { name: `${versus}: CPU of the server`, unit: 'µs', ...(target ? { target } : {}) },
          pair(({ serverCpu }) => serverCpu),
        ),
        shareOfCost(
          { name: `${versus}: CPU of server and database`, unit: 'µs' },
          pair(({ serverCpu, databaseCpu }) => serverCpu + databaseCpu),
        ),
        shareOfRate(
          { name: `${versus}: requests`, unit: '/s' },
          pair(({ perSecond }) => perSecond),
        ),
        timesCost(
          { name: `${versus}: p50`, unit: 'ms' },
          pair(({ p50 }) => p50),
        ),
        timesCost(
          { name: `${versus}: p99`, unit: 'ms' },
          pair(({ p99 }) => p99),
        ),
      ];
    };
    const rate = (name: string): number[] => of(name, ({ perSecond }) => perSecond);
    return [
      ...against('read', 0.5),
      ...against('search by user key, whole object', 0.4),
      ...against(`read, ${ANEW}`),
      ...against(`search by user key, whole object, ${ANEW}`),
      ...againstLoRa('read', rate('read'), large.size),
      ...againstLoRa('search by user key', rate('search by user key'), large.size),
      ...againstLoRa('whole objects by search', rate('search by user key, whole object'), large.size),
    ];
  },
};
