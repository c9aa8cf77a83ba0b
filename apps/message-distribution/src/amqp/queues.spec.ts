import type { RunningService } from '@stoettesystemer/testing';
import { event, Receiver, TOWN } from '../spec/receiver';
import { runningMessageDistribution } from '../spec/running-message-distribution';
import { AmqpTransport } from './amqp-transport';
import type { Broker } from './broker';
import { Queues } from './queues';

let service: RunningService;
let us: Receiver;
beforeAll(async () => {
  service = await runningMessageDistribution();
  us = new Receiver(service);
});
afterAll(() => service.close());

/** A broker that can be wiped. */
class FakeBroker implements Pick<Broker, 'look' | 'declare' | 'remove' | 'isEmpty' | 'send'> {
  readonly queues = new Set<string>();
  readonly sent: string[] = [];

  look = (queue: string) => Promise.resolve(this.queues.has(queue) ? { ready: 0, consumers: 0 } : null);
  declare = (queue: string) => Promise.resolve(void this.queues.add(queue));
  remove = (queue: string) => Promise.resolve(void this.queues.delete(queue));
  isEmpty = () => Promise.resolve(true);
  send = (_: string, { id }: { id: string }) => Promise.resolve(this.sent.push(id) > 0);
}

test('what was leased before another process filled the queue again waits for it, also in a process that has just begun', async () => {
  const uuid = await us.mailbox([], { levering: 'amqp' });
  const place = { owner: TOWN, uuid };
  await us.published(event({ subject: 'a' }), event({ subject: 'a' }));
  await us.settled(uuid);
  const broker = new FakeBroker();
  const first = new Queues(service.database, broker as never);
  first.connected();
  await first.ensure(place);
  await service.database.run(
    { owner: TOWN },
    {
      name: 'spec-handed',
      text: `update delivery set state = 'a', settled_at = clock_timestamp()
        where owner = $1::int and mailbox = $2::uuid and pos = 1`,
      values: [Number(TOWN), uuid],
    },
  );
  broker.queues.clear();
  const second = new Queues(service.database, broker as never);
  second.connected();
  first.connected();
  await first.ensure(place);
  await second.ensure(place);
  expect(await first.mustWait(place, 1)).toBe(false);
  expect(await first.mustWait(place, 2)).toBe(true);
  expect(await second.mustWait(place, 2)).toBe(true);
});

test('what was on its way when the broker became another one is not sent before that has been filled again', async () => {
  const uuid = await us.bareMailbox({ levering: 'amqp' });
  const mailbox = {
    owner: TOWN,
    uuid,
    system: '',
    delivery: 'amqp',
    receiver: null,
    envelope: 'cloudevents',
  } as const;
  const broker = new FakeBroker();
  const queues = new Queues(service.database, broker as never);
  const run = [{ position: 1, subject: 'a', attempts: 0, event: event() as never }];
  const carry = () =>
    new AmqpTransport(broker as never, queues).carry(mailbox, run, new AbortController().signal);
  jest.spyOn(queues, 'mustWait').mockImplementationOnce(() => {
    queues.connected();
    return Promise.resolve(false);
  });
  await expect(carry()).rejects.toThrow('another one');
  expect(broker.sent).toEqual([]);
  expect(await carry()).toEqual([{ kind: 'delivered' }]);
});
