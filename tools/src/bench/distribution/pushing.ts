import { setTimeout as pause } from 'node:timers/promises';
import type { Bench } from '../bench';
import type { Child } from '../child';
import type { Distributor } from '../distributor';
import { alone, type Figure, quantile } from '../figure';
import type { Installation } from '../installation';
import { eventOf, mailboxLine, subscriptionLine, topicFilters } from '../made-up-event';
import type { ReceiverCalls } from '../webhook-receiver';

const SUBSCRIPTIONS = 1_000;
const MATCHING = 200;
const TARGET = 1_000;
const SECOND = 1000;
/** Seconds that it is done, at the usual pace; and before it counts. */
const TIMES = 10;
const WARM = 5;
/** Milliseconds that the last may be late. */
const PATIENCE = 60 * SECOND;
const LOOK = 50;

/** The first `MATCHING` have each a dueslag that messages are sent from, and ask for the same topic; the others have one together. */
const subscriptionLines = (): string[] =>
  Array.from({ length: SUBSCRIPTIONS }, (_, n) => {
    const isMatching = n < MATCHING;
    return subscriptionLine(n, Math.min(n, MATCHING), topicFilters(isMatching ? 0 : n, n));
  });

/** An event a second, each for all of them: so many deliveries a second, all of them due at once. */
async function publish(distributor: Distributor, from: number, seconds: number): Promise<void> {
  const begin = performance.now();
  const sent: Promise<void>[] = [];
  for (let n = 0; n < seconds; n++) {
    await pause(Math.max(0, begin + n * SECOND - performance.now()));
    const event = eventOf(from + n, { topics: 1, subjects: 1_000_000 });
    sent.push(distributor.post('/beskeder', event, 'application/cloudevents+json'));
  }
  await Promise.all(sent);
}

async function arrived(receiver: Child<ReceiverCalls>, count: number): Promise<void> {
  const end = performance.now() + PATIENCE;
  while ((await receiver.call('count')) < count) {
    if (performance.now() > end)
      throw new Error(`only ${await receiver.call('count')} of ${count} messages were pushed`);
    await pause(LOOK);
  }
}

/** From an event is sent until the receivers' URLs are called. */
export async function pushing({ place, size }: Bench, installation: Installation): Promise<Figure[]> {
  const receiver = await place.receiver();
  const port = await receiver.call('port');
  const distributor = await installation.distributor('push');
  const pushed = Array.from({ length: MATCHING }, (_, n) =>
    mailboxLine(n, `http://127.0.0.1:${port}/besked/${n}`),
  );
  await distributor.register([...pushed, mailboxLine(MATCHING)], subscriptionLines());
  // Each has said that it wants messages when one has come.
  await publish(distributor, 0, 1);
  await arrived(receiver, MATCHING);
  await publish(distributor, 1, WARM);
  await arrived(receiver, MATCHING * (1 + WARM));
  await receiver.call('arrivals');
  const seconds = Math.round(size.seconds * TIMES);
  const count = seconds * MATCHING;
  const stop = await distributor.meter();
  await publish(distributor, 1 + WARM, seconds);
  await arrived(receiver, count);
  const { server, database } = await stop(count);
  const { times, repeated } = await receiver.call('arrivals');
  if (repeated > 0) throw new Error(`${repeated} messages were pushed twice`);
  const { rss } = await distributor.server.usage();
  await distributor.end();
  await receiver.end();
  const sorted = [...times].sort((a, b) => a - b);
  const name = `from an event is sent until a receiver is called, ${SUBSCRIPTIONS} subscriptions, ${MATCHING} deliveries/s`;
  return [
    alone({ name: `${name}: p95`, unit: 'ms', target: TARGET }, [quantile(sorted, 0.95)]),
    alone({ name: `${name}: p50`, unit: 'ms' }, [quantile(sorted, 0.5)]),
    alone({ name: `a message pushed: CPU of server and database`, unit: 'µs' }, [server + database]),
    alone({ name: `memory of Beskedfordeler that pushes to ${MATCHING} receivers`, unit: 'MB' }, [
      rss / 1_000_000,
    ]),
  ];
}
