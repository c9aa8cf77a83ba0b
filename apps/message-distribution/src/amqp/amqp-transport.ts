import type { Outcome, Outgoing, OutgoingMailbox, Transport } from '../delivery/outgoing';
import { writeMessage } from '../envelope/xml/write-message';
import type { Broker, QueueMessage } from './broker';
import type { Queues } from './queues';

const CONTENT = {
  cloudevents: (event: Outgoing['event']) => ({
    contentType: 'application/cloudevents+json; charset=utf-8',
    text: JSON.stringify(event),
  }),
  xml: (event: Outgoing['event']) => ({ contentType: 'application/xml', text: writeMessage(event) }),
} as const;

function messageOf({ uuid, envelope }: OutgoingMailbox, { position, event }: Outgoing): QueueMessage {
  const { contentType, text } = CONTENT[envelope](event);
  return {
    mark: `${uuid} ${position}`,
    id: event.id,
    type: event.type,
    contentType,
    headers: { dueslag: uuid, position },
    body: Buffer.from(text),
  };
}

/** Into the dueslag's queue at the broker. It never gives a message up: that a broker is away is no fault of the message. */
export class AmqpTransport implements Transport {
  readonly delivery = 'amqp';
  readonly atOnce = 100;
  readonly batch = 500;
  readonly lease = 60;

  constructor(
    private readonly broker: Broker,
    private readonly queues: Queues,
  ) {}

  /** @throws Error when the broker cannot be reached, or had lost the queue: all is as it was. */
  async carry(
    mailbox: OutgoingMailbox,
    run: readonly Outgoing[],
    signal: AbortSignal,
  ): Promise<readonly Outcome[]> {
    const delivered: Outcome[] = [];
    try {
      await this.queues.ensure(mailbox);
      if (run[0] && (await this.queues.mustWait(mailbox, run[0].position)))
        throw new Error('the queue has been filled again');
      for (const outgoing of run) {
        if (signal.aborted) break;
        // It would go to the new broker before what the old one has lost.
        if (!this.queues.isKnown(mailbox)) throw new Error('the broker is another one');
        // One after the other: one that the broker will not have must not be overtaken.
        const isThere = await this.broker
          .send(mailbox.uuid, messageOf(mailbox, outgoing))
          .catch((cause: unknown) => {
            this.queues.isBroken(mailbox);
            throw cause;
          });
        if (!isThere) {
          this.queues.lost(mailbox);
          throw new Error('the queue is gone');
        }
        delivered.push({ kind: 'delivered' });
      }
    } catch (cause) {
      if (delivered.length === 0) throw cause;
    }
    return delivered;
  }
}
