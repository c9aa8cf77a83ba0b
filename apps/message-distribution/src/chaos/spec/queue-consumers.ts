import { setTimeout as pause } from 'node:timers/promises';
import { Connection, type Consumer } from 'rabbitmq-client';
import type { Json } from '../../spec/receiver';
import type { Journal } from './journal';

/** Milliseconds for each message, so that there is something in the queues when the broker goes. */
const SLOW = 20;

/** Programs that take what comes in queues and acknowledge it, and connect again when the broker is back. */
export class QueueConsumers {
  private readonly connection: Connection;
  private readonly consumers = new Map<string, Consumer>();
  /** Resolves when they work, or work again. */
  private working: Promise<void> = Promise.resolve();
  private work: () => void = () => undefined;

  constructor(url: string) {
    this.connection = new Connection({ url, retryLow: 100, retryHigh: 500 });
    this.connection.on('error', () => undefined);
  }

  add(queue: string, journal: Journal): void {
    const consumer = this.connection.createConsumer(
      { queue, concurrency: 1, queueOptions: { passive: true }, qos: { prefetchCount: 10 } },
      async ({ body }: { body: unknown }) => {
        await this.working;
        const text = Buffer.isBuffer(body) ? body.toString() : body;
        journal.take((typeof text === 'string' ? JSON.parse(text) : text) as Json);
        await pause(SLOW);
      },
    );
    // Until the queue is there it is told that it is not.
    consumer.on('error', () => undefined);
    this.consumers.set(queue, consumer);
  }

  /** They take no more until they are released; resolves when so much lies in each queue, the broker's to lose. */
  async hold(least: number): Promise<void> {
    this.working = new Promise((resolve) => (this.work = resolve));
    for (const queue of this.consumers.keys())
      while (((await this.depth(queue)) ?? 0) < least) await pause(50);
  }

  release(): void {
    this.work();
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
