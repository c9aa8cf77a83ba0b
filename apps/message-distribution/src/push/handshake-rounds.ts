import { setMaxListeners } from 'node:events';
import { pause } from '@stoettesystemer/feed';
import { codeOf } from '@stoettesystemer/postgres';
import type { Logger } from '@stoettesystemer/server';
import type { Registered } from '../matching/registered';
import type { Mailbox } from '../matching/registered-objects';
import { askReceiver, delayAfter } from './handshake';
import type { ReceiverCalls } from './receiver-calls';
import type { Due, Receivers } from './receivers';

const SECOND = 1000;
/** Milliseconds between two looks; receivers asked at the same time. */
const ROUND = { rest: 1 * SECOND, atOnce: 20 } as const;

export interface HandshakeParts {
  readonly registered: Registered;
  readonly receivers: Receivers;
  readonly calls: ReceiverCalls;
  /** The DNS name that we go by. */
  readonly origin: string;
  readonly log: Logger;
}

/** Asks those receivers that have been registered, and have not yet said that they want messages. */
export class HandshakeRounds {
  private readonly stopping = new AbortController();
  private readonly asking = new Map<string, Promise<unknown>>();
  private running: Promise<void> | undefined;

  constructor(private readonly parts: HandshakeParts) {
    // Those that are asked, and the round.
    setMaxListeners(ROUND.atOnce + 1, this.stopping.signal);
  }

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.all(this.asking.values());
  }

  /** Receivers that have not said yes. */
  get unallowed(): number {
    return this.pushed().filter((mailbox) => !this.parts.receivers.isAllowed(mailbox)).length;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const isMore = await this.round().catch((cause: unknown) => this.warn(cause));
      if (isMore) await Promise.race(this.asking.values());
      else await pause(ROUND.rest, signal);
    }
  }

  /** One that takes its time to answer does not keep the others waiting. Whether there are more to ask than may be at once. */
  private async round(): Promise<boolean> {
    await this.parts.registered.refresh();
    const room = ROUND.atOnce - this.asking.size;
    const due = await this.parts.receivers.take(this.pushed(), room);
    for (const each of due) {
      const { uuid } = each.mailbox;
      const asked = this.ask(each)
        .catch((cause: unknown) => this.warn(cause))
        .finally(() => this.asking.delete(uuid));
      this.asking.set(uuid, asked);
    }
    return due.length === room;
  }

  private async ask({ mailbox, attempts }: Due): Promise<void> {
    const { receivers, calls, origin } = this.parts;
    const consent = await askReceiver(calls, mailbox.receiver ?? '', origin, this.stopping.signal);
    if (consent) await receivers.record(mailbox, consent, delayAfter(attempts + 1));
  }

  private pushed(): Mailbox[] {
    return [...this.parts.registered.all()].filter(({ delivery }) => delivery === 'push');
  }

  private warn(cause: unknown): false {
    const code = codeOf(cause) || (cause as Error).name;
    this.parts.log.warn({ code }, 'push: receivers are to be asked again');
    return false;
  }
}
