import { Connection, type Consumer } from 'rabbitmq-client';
import type { Json } from '../../spec/receiver';
import type { Journal } from './journal';

/** Programs that take what comes in queues and acknowledge it, and connect again when the broker is back. */
export class QueueConsumers {
  private readonly connection: Connection;
  private readonly consumers: Consumer[] = [];

  constructor(url: string) {
    this.connection = new Connection({ url, retryLow: 100, retryHigh: 500 });
    this.connection.on('error', () => undefined);
  }

  add(queue: string, journal: Journal): void {
    const consumer = this.connection.createConsumer(
      { queue, queueOptions: { passive: true }, qos: { prefetchCount: 50 } },
      ({ body }: { body: unknown }) => {
        const text = Buffer.isBuffer(body) ? body.toString() : body;
        journal.take((typeof text === 'string' ? JSON.parse(text) : text) as Json);
      },
    );
    // Until the queue is there it is told that it is not.
    consumer.on('error', () => undefined);
    this.consumers.push(consumer);
  }

  /** How much lies in a queue; null while there is none, or no broker. */
  async depth(queue: string): Promise<number | null> {
    const state = await this.connection.queueDeclare({ queue, passive: true }).catch(() => null);
    return state && state.messageCount;
  }

  close(): void {
    this.connection.unsafeDestroy();
  }
}
