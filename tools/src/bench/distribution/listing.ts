import { ProgressBar } from '../../progress-bar';
import type { Bench } from '../bench';
import type { Distributor } from '../distributor';
import { alone, type Figure } from '../figure';
import { type EventKind, listLine, listUuid, mailboxLine, subscriptionLine } from '../made-up-event';
import { uuidOf } from '../made-up-thing';

const VALUES = 1_000_000;
/** As many as may be sent in one request. */
const TOGETHER = 100_000;
const MAILBOX = 1;
const SUBSCRIPTION = 1;
const MESSAGES = 3_000;
const SECOND = 1000;

/** Every second subject that there can be is on the list. */
const EVENTS: EventKind = { topics: 100, subjects: 2 * VALUES };

async function fill(distributor: Distributor): Promise<number> {
  const bar = new ProgressBar(`værdiliste med ${VALUES} værdier`);
  const begin = performance.now();
  for (let at = 0; at < VALUES; at += TOGETHER) {
    bar.show(at, VALUES);
    const tilfoej = Array.from({ length: TOGETHER }, (_, n) => uuidOf(2 * (at + n)));
    await distributor.post(`/vaerdilister/${listUuid(0)}/vaerdier`, { tilfoej });
  }
  bar.show(VALUES, VALUES);
  return (performance.now() - begin) / SECOND;
}

/** A subscription to what is about somebody on a long list. */
export async function listing({ size }: Bench, distributor: Distributor): Promise<Figure[]> {
  await distributor.register([mailboxLine(MAILBOX), listLine(0)]);
  const seconds = await fill(distributor);
  const vaerdiliste = { attribut: 'subject', uuid: listUuid(0) };
  await distributor.register([subscriptionLine(SUBSCRIPTION, MAILBOX, [{ vaerdiliste }])]);
  await distributor.costOfMatching(MESSAGES, EVENTS);
  const costs = [];
  for (let round = 0; round < size.rounds; round++)
    costs.push(await distributor.costOfMatching(MESSAGES, EVENTS));
  const name = `a message matched against a værdiliste of ${VALUES} values`;
  return [
    alone(
      { name, unit: 'ms', target: 1 },
      costs.map(({ ms }) => ms),
    ),
    alone(
      { name: `${name}: CPU of server and database`, unit: 'µs' },
      costs.map(({ server, database }) => server + database),
    ),
    alone({ name: `${VALUES} values put on a værdiliste, ${TOGETHER} a request`, unit: 's' }, [seconds]),
  ];
}
