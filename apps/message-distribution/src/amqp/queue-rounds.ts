import { Bell, pause } from '@stoettesystemer/feed';
import type { Logger } from '@stoettesystemer/server';
import { Registered } from '../matching/registered';
import type { Queues } from './queues';

/** Milliseconds between two rounds. */
const WAIT = 10_000;

/** Looks after the queues: what the broker has lost is sent again, and what no dueslag wants any more is taken away. */
export class QueueRounds {
  private readonly stopping = new AbortController();
  private readonly bell = new Bell();
  private running: Promise<void> | undefined;

  constructor(
    private readonly queues: Queues,
    private readonly registered: Registered,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** There is a broker anew. */
  wake(): void {
    this.bell.ring();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.round(signal);
      } catch (cause) {
        this.log.warn({ code: (cause as { code?: string }).code }, 'queues: to be looked at again');
        await pause(1_000, signal);
      }
      await this.bell.wait(WAIT, signal);
    }
  }

  private async round(signal: AbortSignal): Promise<void> {
    await this.registered.refresh();
    for await (const place of this.queues.all()) {
      if (signal.aborted) return;
      const mailbox = this.registered.mailbox(place.owner, place.uuid);
      if (mailbox?.delivery === 'amqp') await this.queues.look(place);
      else await this.queues.giveUp(place);
    }
  }
}
