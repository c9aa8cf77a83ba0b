import type { Bench } from '../bench';
import { BATCH, type Distributor } from '../distributor';
import { alone, type Figure } from '../figure';
import { type EventKind, mailboxLine, subscriptionLine } from '../made-up-event';

/** The dueslag that all messages are for. */
const ALL = 0;
export const EVENTS: EventKind = { topics: 100, subjects: 10_000 };

/** Messages asked for at a time, the most that may be; in a round; and before it counts. */
const LIMIT = 500;
const ROUND = 6_000;
const WARM = 3_000;

/** Events in at the one end, and messages out at the other, of a dueslag that takes them all. */
export async function inAndOut({ rounds, size }: Bench, distributor: Distributor): Promise<Figure[]> {
  await distributor.register([mailboxLine(ALL)], [subscriptionLine(0, ALL, [])]);
  const name = `beskedfordeler: intake of ${BATCH} events`;
  const samples = (await rounds.run([distributor.sending(name, EVENTS)]))[name]!;
  const needed = WARM + size.rounds * ROUND;
  const missing = needed - (await distributor.settled());
  if (missing > 0) await distributor.send(missing, EVENTS);
  await distributor.settled();
  await distributor.drain(ALL, LIMIT, WARM);
  const rates: number[] = [];
  const costs: number[] = [];
  for (let round = 0; round < size.rounds; round++) {
    const stop = await distributor.meter();
    const { count, seconds } = await distributor.drain(ALL, LIMIT, ROUND);
    const { server, database } = await stop(count);
    rates.push(count / seconds);
    costs.push(server + database);
  }
  const cpu = 'CPU of server and database';
  return [
    alone(
      {
        name: `events taken in, in batches of ${BATCH}, matched meanwhile`,
        unit: '/s',
        target: 1_000,
        atLeast: true,
      },
      samples.map(({ perSecond }) => perSecond * BATCH),
    ),
    alone(
      { name: `an event taken in and matched: ${cpu}`, unit: 'µs' },
      samples.map(({ serverCpu, databaseCpu }) => (serverCpu + databaseCpu) / BATCH),
    ),
    alone(
      {
        name: `messages pulled and acknowledged, ${LIMIT} at a time`,
        unit: '/s',
        target: 5_000,
        atLeast: true,
      },
      rates,
    ),
    alone({ name: `a message pulled and acknowledged: ${cpu}`, unit: 'µs' }, costs),
  ];
}
