import type { Bench } from '../bench';
import type { Cost, Distributor } from '../distributor';
import { type Figure, timesCost } from '../figure';
import type { Installation } from '../installation';
import { type EventKind, mailboxLine, subscriptionLine, topicFilters, WAYS_TO_ASK } from '../made-up-event';

const [FEW, MANY] = [100, 10_000];
const MESSAGES = 3_000;
const MEGABYTE = 1_000_000;

/** Every topic is asked for once in each way, to a dueslag of that way: so a message comes to as many, however many ask. */
const eventsFor = (subscriptions: number): EventKind => ({
  topics: subscriptions / WAYS_TO_ASK,
  subjects: 10_000,
});

function* subscriptionLines(count: number): Generator<string> {
  for (let n = 0; n < count; n++) {
    const way = n % WAYS_TO_ASK;
    yield subscriptionLine(n, way, topicFilters(Math.floor(n / WAYS_TO_ASK), way));
  }
}

async function withSubscriptions(installation: Installation, name: string, count: number) {
  const distributor = await installation.distributor(name);
  const mailboxes = Array.from({ length: WAYS_TO_ASK }, (_, way) => mailboxLine(way));
  await distributor.register(mailboxes, subscriptionLines(count));
  return distributor;
}

/** The cost of a message follows those that it is for, and not how many there are. */
export async function matching({ size }: Bench, installation: Installation): Promise<Figure[]> {
  const few = await withSubscriptions(installation, 'faa', FEW);
  const many = await withSubscriptions(installation, 'mange', MANY);
  const round = async (distributor: Distributor, subscriptions: number): Promise<Cost> =>
    distributor.costOfMatching(MESSAGES, eventsFor(subscriptions));
  const [ours, theirs]: [Cost[], Cost[]] = [[], []];
  await round(few, FEW);
  await round(many, MANY);
  for (let turn = 0; turn < size.rounds; turn++) {
    theirs.push(await round(few, FEW));
    ours.push(await round(many, MANY));
  }
  const [{ rss }, { rss: base }] = [await many.server.usage(), await few.server.usage()];
  await few.end();
  await many.end();
  const pair = (read: (cost: Cost) => number) => ({ ours: ours.map(read), theirs: theirs.map(read) });
  const name = `a message matched, ${MANY} subscriptions against ${FEW}, ${WAYS_TO_ASK} dueslag for it`;
  return [
    timesCost(
      { name: `${name}: CPU of server and database`, unit: 'µs', target: 2 },
      pair(({ server, database }) => server + database),
    ),
    timesCost(
      { name: `${name}: CPU of the server`, unit: 'µs' },
      pair(({ server }) => server),
    ),
    timesCost(
      { name: `${name}: time`, unit: 'ms' },
      pair(({ ms }) => ms),
    ),
    timesCost(
      { name: `memory of Beskedfordeler, ${MANY} subscriptions against ${FEW}`, unit: 'MB' },
      { ours: [rss / MEGABYTE], theirs: [base / MEGABYTE] },
    ),
  ];
}
