import { setTimeout } from 'node:timers/promises';
import type { Client } from './client';
import type { Event } from './event';
import { NoAnswer, Problem } from './problem';

const SECOND = 1000;
const SERVICE = 'beskedfordeler';
/** A lease is not worked on for the last of its time, nor for more than so much of it. */
const MARGIN = { most: 5 * SECOND, part: 1 / 4 };
const LEASE = 60;
const REST = { first: 1 * SECOND, longest: 60 * SECOND };

export interface Lease {
  readonly id: string;
  readonly until: Date;
  readonly messages: readonly Event[];
}

/** Thrown by a handler for a message that will never go well: it goes to the fejlkø, with the reason, and the next follows. */
export class Rejected extends Error {
  /** @param reason a few words, with nothing about persons. */
  constructor(readonly reason: string) {
    super(reason);
    this.name = 'Rejected';
  }
}

export interface Consuming {
  readonly signal: AbortSignal;
  /** Messages in one lease, and its seconds. */
  readonly count?: number;
  readonly seconds?: number;
  /** Told of what went wrong and is tried again: a handler's error, or an installation that does not answer. */
  readonly failed?: (cause: unknown, message: Event | null) => void;
}

/** A dueslag that is read by leases (contract §8): of several consumers, none gets what another one has, or more of its subject. */
export class Mailbox {
  constructor(
    private readonly client: Client,
    readonly uuid: string,
  ) {}

  /** Null when there is nothing, after `wait` seconds. */
  async claim({
    count = 100,
    seconds = LEASE,
    wait = 25,
    signal,
  }: {
    count?: number;
    seconds?: number;
    wait?: number;
    signal?: AbortSignal;
  } = {}): Promise<Lease | null> {
    const { body } = await this.client.send<{
      krav: string | null;
      udloeber: string | null;
      beskeder: readonly Event[];
    }>({
      service: SERVICE,
      method: 'POST',
      path: `/v1/dueslag/${this.uuid}/krav`,
      body: { antal: count, sekunder: seconds, vent: wait },
      poll: wait * SECOND,
      ...(signal ? { signal } : {}),
    });
    const { krav: id, udloeber: until, beskeder: messages } = body;
    return id === null || until === null ? null : { id, until: new Date(until), messages };
  }

  /** False when the lease was over: the messages are given to somebody else. */
  async acknowledge(
    lease: Pick<Lease, 'id'>,
    received: readonly string[],
    rejected: readonly { readonly id: string; readonly reason: string }[] = [],
  ): Promise<boolean> {
    const afvist = rejected.map(({ id, reason: aarsag }) => ({ id, aarsag }));
    try {
      await this.client.send({
        service: SERVICE,
        method: 'POST',
        path: `/v1/dueslag/${this.uuid}/kvitteringer`,
        body: { krav: lease.id, modtaget: received, afvist },
      });
      return true;
    } catch (cause) {
      if (cause instanceof Problem && cause.status === 409) return false;
      throw cause;
    }
  }

  /**
   * Hands messages to `handle` one at a time, in order, and acknowledges those that went well, until `signal` aborts. When
   * one does not, the rest of its subject waits until the lease is over, and comes again; other subjects go on. A message
   * may come more than once: `Inbox` makes one effect of it.
   */
  async consume(handle: (message: Event) => Promise<void>, consuming: Consuming): Promise<void> {
    const { signal, count, seconds, failed } = consuming;
    const wish = { ...(count ? { count } : {}), ...(seconds ? { seconds } : {}), signal };
    for (let failures = 0; !signal.aborted;) {
      try {
        const lease = await this.claim(wish);
        if (lease) await this.work(lease, handle, consuming);
        failures = 0;
      } catch (cause) {
        if (signal.aborted) return;
        if (!(cause instanceof NoAnswer) && !(cause instanceof Problem && cause.isPassing)) throw cause;
        failed?.(cause, null);
        const rest = Math.min(REST.first * 2 ** failures++, REST.longest) * (0.5 + Math.random() / 2);
        await setTimeout(rest, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private async work(
    lease: Lease,
    handle: (message: Event) => Promise<void>,
    { signal, failed, seconds = LEASE }: Consuming,
  ): Promise<void> {
    const last = lease.until.getTime() - Math.min(MARGIN.most, seconds * SECOND * MARGIN.part);
    const received: string[] = [];
    const rejected: { id: string; reason: string }[] = [];
    const stopped = new Set<string>();
    for (const message of lease.messages) {
      if (signal.aborted || Date.now() > last) break;
      const subject = message.subject ?? '';
      if (subject !== '' && stopped.has(subject)) continue;
      try {
        await handle(message);
        received.push(message.id);
      } catch (cause) {
        if (cause instanceof Rejected) rejected.push({ id: message.id, reason: cause.reason });
        else {
          stopped.add(subject);
          failed?.(cause, message);
        }
      }
    }
    if (received.length + rejected.length > 0) await this.acknowledge(lease, received, rejected);
  }
}
