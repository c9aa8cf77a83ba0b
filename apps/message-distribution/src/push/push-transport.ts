import type { Outcome, Outgoing, OutgoingMailbox, Transport } from '../delivery/outgoing';
import { LONGEST_PUT_OFF, nextDelay, putOffBy } from '../standard-webhooks/retry-schedule';
import { signWebhook, webhookId } from '../standard-webhooks/signature';
import { LRUCache } from 'lru-cache';
import { CallFailed } from './call-failed';
import { Circuit, type Passage } from './circuit';
import { CONTENT } from './push-content';
import type { PushKeys } from './push-keys';
import type { PushMetrics } from './push-metrics';
import type { ReceiverCalls } from './receiver-calls';

const SECOND = 1000;
const RETRY_LATER = new Set([429, 503]);
const AGENT = 'Beskedfordeler';
const REMEMBERED = 10_000;

export interface PushParts {
  readonly calls: ReceiverCalls;
  readonly keys: PushKeys;
  readonly metrics: PushMetrics;
  /** Whether the receiver has allowed that messages are sent to it. */
  readonly isAllowed: (mailbox: OutgoingMailbox) => boolean;
  /** For specs. */
  readonly now?: () => Date;
  readonly random?: () => number;
}

/** What a call came to: an outcome; null when we ended it ourselves. */
interface Tried {
  readonly outcome: Outcome | null;
  /** Milliseconds that the receiver asked for. */
  readonly putOff: number | null;
}

/** Calls a receiver's URL with one message at a time of each subject, as Standard Webhooks says. */
export class PushTransport implements Transport {
  readonly delivery = 'push';
  readonly atOnce = 16;
  readonly batch = 64;
  /** Longer than it takes when each of them runs out of time. */
  readonly lease = 240;
  /** Milliseconds after which a run goes no further: the rest is leased anew. */
  private readonly longestRun = 60 * SECOND;
  private readonly circuits = new LRUCache<string, Circuit>({ max: REMEMBERED });
  private readonly now: () => Date;

  constructor(private readonly parts: PushParts) {
    this.now = parts.now ?? (() => new Date());
    parts.metrics.followHeld(() => [...this.circuits.values()].filter(({ isDown }) => isDown).length);
  }

  room(mailbox: OutgoingMailbox): number {
    return this.parts.isAllowed(mailbox) ? this.circuitOf(mailbox).room(this.atOnce) : 0;
  }

  async carry(
    mailbox: OutgoingMailbox,
    run: readonly Outgoing[],
    signal: AbortSignal,
  ): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    const last = performance.now() + this.longestRun;
    for (const outgoing of run) {
      if (signal.aborted || performance.now() > last || !this.parts.isAllowed(mailbox)) break;
      const passage = this.circuitOf(mailbox).enter();
      if (!passage) break;
      const outcome = await this.through(passage, mailbox, outgoing, signal);
      if (!outcome) break;
      outcomes.push(outcome);
      if (outcome.kind === 'retry' || outcome.kind === 'closed') break;
    }
    return outcomes;
  }

  private async through(
    passage: Passage,
    mailbox: OutgoingMailbox,
    outgoing: Outgoing,
    signal: AbortSignal,
  ): Promise<Outcome | null> {
    const started = performance.now();
    try {
      const { outcome, putOff } = await this.attempt(mailbox, outgoing, signal);
      if (!outcome) return null;
      this.parts.metrics.observe(outcome.kind, performance.now() - started);
      if (outcome.kind === 'delivered') passage.succeeded();
      else passage.failed(outgoing.subject, putOff);
      return outcome;
    } finally {
      passage.cutOff();
    }
  }

  private async attempt(mailbox: OutgoingMailbox, outgoing: Outgoing, signal: AbortSignal): Promise<Tried> {
    const content = CONTENT[mailbox.envelope];
    const body = Buffer.from(content.write(outgoing.event));
    const signed = signWebhook(
      { id: webhookId(outgoing.event), body, at: this.now() },
      this.parts.keys.of(mailbox),
    );
    const headers = { 'content-type': content.type, 'user-agent': AGENT, ...signed };
    try {
      const call = { method: 'POST', headers, body, reads: content.isRead } as const;
      const answer = await this.parts.calls.call(mailbox.receiver ?? '', call, signal);
      const { verdict, reason } = content.judge(answer);
      if (verdict === 'delivered') return { outcome: { kind: 'delivered' }, putOff: null };
      if (verdict === 'closed') return { outcome: { kind: 'closed', reason }, putOff: null };
      const putOff = RETRY_LATER.has(answer.status)
        ? putOffBy(answer.headers['retry-after'], this.now())
        : null;
      return this.later(outgoing, reason, putOff);
    } catch (cause) {
      if (!(cause instanceof CallFailed)) throw cause;
      return cause.failure === 'afbrudt'
        ? { outcome: null, putOff: null }
        : this.later(outgoing, cause.failure, null);
    }
  }

  private later({ attempts }: Outgoing, reason: string, asked: number | null): Tried {
    const putOff = asked === null ? null : Math.min(asked, LONGEST_PUT_OFF);
    const delay = nextDelay(attempts + 1, {
      putOff,
      ...(this.parts.random ? { random: this.parts.random } : {}),
    });
    const outcome: Outcome =
      delay === null
        ? { kind: 'dead', reason }
        : { kind: 'retry', reason, after: new Date(this.now().getTime() + delay) };
    return { outcome, putOff };
  }

  private circuitOf({ uuid }: OutgoingMailbox): Circuit {
    let circuit = this.circuits.get(uuid);
    if (!circuit) {
      circuit = new Circuit(this.parts.now ? { now: () => this.now().getTime() } : {});
      this.circuits.set(uuid, circuit);
    }
    return circuit;
  }
}
