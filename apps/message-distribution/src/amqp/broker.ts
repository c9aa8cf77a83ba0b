import type { Logger } from '@stoettesystemer/server';
import { Connection, type Publisher } from 'rabbitmq-client';

/** Milliseconds, but for the heartbeat (seconds): a broker that is gone is noticed before a lease runs out. */
const LIMITS = {
  connect: 5_000,
  channel: 5_000,
  retry: { first: 200, last: 5_000 },
  heartbeat: 10,
  /** A queue without a leader takes messages and never confirms them. */
  answer: 10_000,
};

/** What is in a queue, and who takes from it. What a consumer has and has not acknowledged is in neither. */
export interface QueueState {
  readonly ready: number;
  readonly consumers: number;
}

export interface QueueMessage {
  /** Tells it from all others that are under way. */
  readonly mark: string;
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: Buffer;
}

/** What has not answered by then may still do what it was asked to. @throws Error */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the broker does not answer')), LIMITS.answer);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

const isMissing = (cause: unknown): boolean => (cause as { code?: unknown }).code === 'NOT_FOUND';

/** A broker by AMQP 0-9-1, on one connection that comes back by itself. */
export class Broker {
  private readonly connection: Connection;
  private readonly publisher: Publisher;
  private readonly returned = new Set<string>();

  /** @param connected called each time that there is a connection anew: nothing is known of the broker then. */
  constructor(url: string, log: Logger, connected: () => void) {
    this.connection = new Connection({
      url,
      connectionName: 'beskedfordeler',
      connectionTimeout: LIMITS.connect,
      acquireTimeout: LIMITS.channel,
      retryLow: LIMITS.retry.first,
      retryHigh: LIMITS.retry.last,
      heartbeat: LIMITS.heartbeat,
    });
    this.connection.on('connection', connected);
    this.connection.on('error', (cause: { code?: string }) =>
      log.warn({ code: cause.code }, 'broker: not to be reached'),
    );
    this.publisher = this.connection.createPublisher({ confirm: true });
    this.publisher.on('basic.return', ({ correlationId }) => this.returned.add(correlationId ?? ''));
  }

  /** Null where there is no such queue. @throws Error when the broker does not answer. */
  async look(queue: string): Promise<QueueState | null> {
    try {
      const { messageCount, consumerCount } = await inTime(
        this.connection.queueDeclare({ queue, passive: true }),
      );
      return { ready: messageCount, consumers: consumerCount };
    } catch (cause) {
      if (isMissing(cause)) return null;
      throw cause;
    }
  }

  /** On a majority of the cluster's disks, and there after a restart. */
  async declare(queue: string): Promise<void> {
    const settings = { 'x-queue-type': 'quorum' } as const;
    await inTime(this.connection.queueDeclare({ queue, durable: true, arguments: settings }));
  }

  async remove(queue: string): Promise<void> {
    await inTime(this.connection.queueDelete({ queue }));
  }

  /** Asked of the queue itself: the numbers that `look` gives are also given of a queue that has lost its leader. */
  async isEmpty(queue: string): Promise<boolean> {
    const channel = await inTime(this.connection.acquire());
    try {
      // Given back to its old place when the channel closes.
      return (await inTime(channel.basicGet({ queue }))) === undefined;
    } finally {
      await inTime(channel.close()).catch(() => undefined);
    }
  }

  /**
   * Resolves when the broker has it safe (R1): true; or false where there is no such queue.
   * @throws Error when that is not known.
   */
  async send(queue: string, { mark, id, body, ...properties }: QueueMessage): Promise<boolean> {
    // The publisher would wait for the next, which need not be the same broker.
    if (!this.connection.ready) throw new Error('there is no broker');
    await inTime(
      this.publisher.send(
        {
          routingKey: queue,
          mandatory: true,
          durable: true,
          messageId: id,
          correlationId: mark,
          timestamp: Math.floor(Date.now() / 1000),
          ...properties,
        },
        body,
      ),
    );
    // What could not be placed comes back before it is confirmed.
    return !this.returned.delete(mark);
  }

  async close(): Promise<void> {
    // Without a connection there is nothing to say goodbye to.
    if (!this.connection.ready) return this.connection.unsafeDestroy();
    await this.publisher.close();
    await this.connection.close();
  }
}
