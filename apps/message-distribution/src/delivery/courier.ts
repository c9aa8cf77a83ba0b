import { setMaxListeners } from 'node:events';
import { holds } from '@stoettesystemer/access';
import { pause } from '@stoettesystemer/feed';
import { Besked } from '@stoettesystemer/model';
import { codeOf, ROLES } from '@stoettesystemer/postgres';
import type { Decisions } from '../authorisation/decisions';
import type { Waiting } from '../mailbox/waiting';
import type { Mailbox } from '../matching/registered-objects';
import { Carrier, type CarrierParts } from './carrier';
import type { Delivery, Lease } from './leases';
import type { Transport } from './outgoing';
import { Runs } from './runs';

/** Milliseconds, but for the last. */
const WAITS = {
  /** Between two looks at all dueslag, for what no notice tells of. */
  round: 1_000,
  /** Before a dueslag is tried again whose run was given back, or whose right could not be found out. */
  again: 2_000,
  /** Before it is asked again whether a receiver has an agreement. */
  barred: 10_000,
  /** At most, however long it is until the next is due. */
  longest: 60_000,
  /** After which one that is served is left to make room for one that waits for it. */
  turn: 2_000,
  /** Dueslag served at the same time. */
  mailboxes: 50,
} as const;

/** Deliveries of one subject, in order, and the lease that they are in. */
interface Held {
  readonly lease: Lease;
  readonly run: readonly Delivery[];
}

interface Claimed {
  readonly lease: Lease | null;
  /** Whether nothing else waits in the dueslag, free or not. */
  readonly isAll: boolean;
  /** Without a lease: milliseconds until it is worth asking again. */
  readonly rest: number;
}

export interface CourierParts extends CarrierParts {
  readonly decisions: Decisions;
  readonly waiting: Waiting;
}

/**
 * Has deliveries brought out by a transport, as `outgoing.ts` says: it finds the dueslag in which something waits, and
 * serves each in its turn. Several may run at once, in any number of processes.
 */
export class Courier {
  private readonly stopping = new AbortController();
  private readonly serving = new Map<string, Promise<void>>();
  /** When a dueslag is worth looking at again, unless a notice of it comes before: one beyond what was heard of then. */
  private readonly resting = new Map<string, { readonly until: number; readonly heard: number }>();
  private readonly carrier: Carrier;
  private isCrowded = false;
  private running: Promise<void> | undefined;

  constructor(
    private readonly parts: CourierParts,
    private readonly transport: Transport,
  ) {
    this.carrier = new Carrier(parts, transport, this.stopping.signal);
    // Everything that is under way listens, and the round.
    setMaxListeners(WAITS.mailboxes * transport.atOnce + 2, this.stopping.signal);
  }

  start(): void {
    this.running ??= this.run();
  }

  /** What is under way is finished and written down. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.all(this.serving.values());
  }

  private async run(): Promise<void> {
    const { waiting, log } = this.parts;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const heard = waiting.position;
      try {
        await this.round();
        await waiting.until(null, heard, WAITS.round, signal);
      } catch (cause) {
        log.warn({ code: codeOf(cause) || (cause as Error).name }, 'delivery: this round was not finished');
        await pause(WAITS.round, signal);
      }
    }
  }

  private async round(): Promise<void> {
    await this.parts.registered.refresh();
    const free = [...this.parts.registered.all()]
      .filter(
        ({ uuid, delivery, isPaused }) =>
          delivery === this.transport.delivery && !isPaused && !this.serving.has(uuid) && !this.rests(uuid),
      )
      .filter((mailbox) => this.roomOf(mailbox) > 0);
    const byUuid = new Map(free.map((mailbox) => [mailbox.uuid, mailbox]));
    for (const uuid of await this.due(free)) {
      await this.place();
      if (this.stopping.signal.aborted) return;
      const serving = this.serve(byUuid.get(uuid)!).finally(() => this.serving.delete(uuid));
      this.serving.set(uuid, serving);
    }
  }

  /** Until one more can be served: each that has something gets its turn before any gets its next. */
  private async place(): Promise<void> {
    this.isCrowded = this.serving.size >= WAITS.mailboxes;
    while (this.serving.size >= WAITS.mailboxes) await Promise.race(this.serving.values());
    this.isCrowded = false;
  }

  private rests(uuid: string): boolean {
    const rest = this.resting.get(uuid);
    return (
      rest !== undefined && rest.until > performance.now() && !this.parts.waiting.hasNews(uuid, rest.heard)
    );
  }

  /** Those in which something waits, and whose receiver has not closed them. */
  private async due(mailboxes: readonly Mailbox[]): Promise<readonly string[]> {
    if (mailboxes.length === 0) return [];
    const { rows } = await this.parts.database.run(
      { owner: null, role: ROLES.feed },
      {
        name: 'delivery-due',
        text: `select g.id from unnest($1::int[], $2::uuid[], $3::int[]) g (owner, id, number)
            join mailbox b on b.owner = g.owner and b.id = g.id
           where b.refused_number is distinct from g.number
             and exists (select from delivery d where d.owner = g.owner and d.mailbox = g.id and d.state = 'w')`,
        values: [
          mailboxes.map(({ owner }) => Number(owner)),
          mailboxes.map(({ uuid }) => uuid),
          mailboxes.map(({ registration }) => registration),
        ],
      },
    );
    return rows.map(({ id }) => id as string);
  }

  /** Until nothing of the dueslag is free, or under way. Never rejects. */
  private async serve(mailbox: Mailbox): Promise<void> {
    const { waiting, log } = this.parts;
    let isLeft = false;
    const runs = new Runs<Held>(this.transport.atOnce, async ({ lease, run }) => {
      const end = await this.carrier.carry(mailbox, lease, run);
      if (end !== 'ended') isLeft = true;
      return end !== 'unwell';
    });
    let heard = waiting.position;
    const wait = (ms: number) => {
      this.resting.set(mailbox.uuid, { until: performance.now() + ms, heard });
    };
    const turn = performance.now() + WAITS.turn;
    const goesOn = () => !this.stopping.signal.aborted && !(this.isCrowded && performance.now() > turn);
    try {
      while (goesOn() && runs.areWell && this.carrier.isStill(mailbox)) {
        heard = waiting.position;
        isLeft = false;
        // Before it looks: what ends meanwhile may have given something back.
        const isIdle = runs.areDone;
        const { lease, isAll, rest } = await this.claim(mailbox);
        if (lease) runs.add([...bySubject(lease.deliveries)].map((run) => ({ lease, run })));
        else if (isIdle) return wait(rest);
        // One that takes long holds up nothing but what comes after it of its subject.
        if (lease && !isAll) await runs.room();
        else await this.change(runs, mailbox, heard, rest);
        const isQuiet = () => isAll && !isLeft && !waiting.hasNews(mailbox.uuid, heard);
        while (isQuiet() && !runs.areDone) await this.change(runs, mailbox, heard, rest);
        // All that there was has been brought out, and nothing has come: no need to look.
        if (isQuiet()) return wait(0);
      }
      if (!runs.areWell) wait(WAITS.again);
    } catch (cause) {
      const code = codeOf(cause) || (cause as Error).name;
      log.warn({ code, dueslag: mailbox.uuid }, 'delivery: to be tried again');
      wait(WAITS.again);
    } finally {
      await runs.end();
    }
  }

  /** What is free and may be had. */
  private async claim(mailbox: Mailbox): Promise<Claimed> {
    const { batch, lease: seconds, atOnce } = this.transport;
    const nothing = { lease: null, isAll: false };
    const room = this.roomOf(mailbox);
    if (room === 0) return { ...nothing, rest: 0 };
    const caller = await this.parts.decisions.of(mailbox.system, mailbox.owner);
    // Without an agreement it all stays where it is; within one, what it does not give is passed over.
    if (!holds(caller, Besked, 'laes')) return { ...nothing, rest: WAITS.barred };
    const limit = room < atOnce ? room : batch;
    const { lease, wait, isAll } = await this.parts.leases.claim(mailbox, caller, { limit, seconds });
    return {
      lease,
      isAll: lease !== null && isAll,
      rest: wait === null ? 0 : Math.min(wait * 1000, WAITS.longest),
    };
  }

  private roomOf(mailbox: Mailbox): number {
    return this.transport.room?.(mailbox) ?? this.transport.atOnce;
  }

  /** Until a run has ended, or there is news, or something may have become free. */
  private async change(runs: Runs<Held>, { uuid }: Mailbox, heard: number, rest: number): Promise<void> {
    const over = new AbortController();
    const news = this.parts.waiting.until([uuid], heard, Math.max(rest, WAITS.round), over.signal);
    await Promise.race([runs.next(), news]);
    over.abort();
  }
}

function* bySubject(deliveries: readonly Delivery[]): Iterable<readonly Delivery[]> {
  const runs = new Map<string, Delivery[]>();
  for (const delivery of deliveries) {
    const run = runs.get(delivery.subject);
    if (run) run.push(delivery);
    else runs.set(delivery.subject, [delivery]);
  }
  yield* runs.values();
}
