import { setMaxListeners } from 'node:events';
import { holds } from '@stoettesystemer/access';
import { pause, type Log } from '@stoettesystemer/feed';
import { Besked } from '@stoettesystemer/model';
import { codeOf, type Database, ROLES } from '@stoettesystemer/postgres';
import type { Decisions } from '../authorisation/decisions';
import type { Waiting } from '../mailbox/waiting';
import type { Registered } from '../matching/registered';
import type { Mailbox } from '../matching/registered-objects';
import type { Settled } from './lease-statements';
import type { Delivery, Lease, Leases } from './leases';
import type { Outcome, Transport } from './outgoing';
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
  /** Dueslag served at the same time. */
  mailboxes: 50,
} as const;

/** Deliveries of one subject, in order, and the lease that they are in. */
interface Held {
  readonly lease: Lease;
  readonly run: readonly Delivery[];
}

export interface CourierParts {
  readonly database: Database;
  readonly registered: Registered;
  readonly leases: Leases;
  readonly decisions: Decisions;
  readonly waiting: Waiting;
  readonly log: Log;
}

/** Brings deliveries out by a transport, as `outgoing.ts` says. Several may run at once, in any number of processes. */
export class Courier {
  private readonly stopping = new AbortController();
  private readonly serving = new Map<string, Promise<void>>();
  /** When a dueslag is worth looking at again, unless a notice of it comes before: one beyond what was heard of then. */
  private readonly resting = new Map<string, { readonly until: number; readonly heard: number }>();
  /** Registrations whose receiver wants no more: known here before it has been written down. */
  private readonly closed = new Set<string>();
  private running: Promise<void> | undefined;

  constructor(
    private readonly parts: CourierParts,
    private readonly transport: Transport,
  ) {
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
    const due = await this.due(free);
    const room = this.roomForRound();
    for (const uuid of due) {
      if (!(await room()) || this.stopping.signal.aborted) return;
      const mailbox = free.find((each) => each.uuid === uuid);
      if (mailbox)
        this.serving.set(
          uuid,
          this.serve(mailbox).finally(() => this.serving.delete(uuid)),
        );
    }
  }

  /**
   * Answers when one more dueslag may be served: as soon as any of those that are is done. False when that has taken a
   * round's time, and it is to be seen what has been registered meanwhile.
   */
  private roomForRound(): () => Promise<boolean> {
    let over: Promise<void> | null = null;
    let isOver = false;
    return async () => {
      while (this.serving.size >= WAITS.mailboxes && !isOver) {
        over ??= pause(WAITS.round, this.stopping.signal).then(() => {
          isOver = true;
        });
        await Promise.race([over, ...this.serving.values()]);
      }
      return !isOver;
    };
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
    // Whether all that waited is in runs, or has been, and nothing of it waits again.
    let hasAll = false;
    const runs = new Runs<Held>(this.transport.atOnce, async ({ lease, run }) => {
      const { isWell, isGone } = await this.carry(mailbox, lease, run);
      hasAll &&= isGone;
      return isWell;
    });
    let heard = waiting.position;
    const wait = (ms: number) => {
      this.resting.set(mailbox.uuid, { until: performance.now() + ms, heard });
    };
    try {
      while (!this.stopping.signal.aborted && runs.areWell && this.isStill(mailbox)) {
        // Before it looks: what ends meanwhile may have given something back.
        const isIdle = runs.areDone;
        if (hasAll && isIdle && !waiting.hasNews(mailbox.uuid, heard)) return wait(0);
        heard = waiting.position;
        const { lease, rest, isAll } = await this.claim(mailbox);
        hasAll = isAll;
        if (lease) runs.add([...bySubject(lease.deliveries)].map((run) => ({ lease, run })));
        else if (isIdle) return wait(rest);
        // One that takes long holds up nothing but what comes after it of its subject.
        await this.roomOrNews(runs, lease && !isAll ? null : { mailbox, heard, rest });
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

  /** What is free and may be had; without a lease, milliseconds until it is worth asking again. */
  private async claim(mailbox: Mailbox): Promise<{ lease: Lease | null; rest: number; isAll: boolean }> {
    const { batch, lease: seconds, atOnce } = this.transport;
    const room = this.roomOf(mailbox);
    if (room === 0) return { lease: null, rest: 0, isAll: false };
    const caller = await this.parts.decisions.of(mailbox.system, mailbox.owner);
    // Without an agreement it all stays where it is; within one, what it does not give is passed over.
    if (!holds(caller, Besked, 'laes')) return { lease: null, rest: WAITS.barred, isAll: false };
    const limit = room < atOnce ? room : batch;
    const { lease, wait, isAll } = await this.parts.leases.claim(mailbox, caller, { limit, seconds });
    return { lease, rest: wait === null ? 0 : Math.min(wait * 1000, WAITS.longest), isAll };
  }

  private roomOf(mailbox: Mailbox): number {
    return this.transport.room?.(mailbox) ?? this.transport.atOnce;
  }

  /** Until a run can begin; where nothing more was free, also until there is news or something may have become free. */
  private async roomOrNews(
    runs: Runs<Held>,
    idle: { mailbox: Mailbox; heard: number; rest: number } | null,
  ): Promise<void> {
    if (!idle) return runs.room();
    const { mailbox, heard, rest } = idle;
    const over = new AbortController();
    const ms = Math.max(rest, WAITS.round);
    await Promise.race([runs.next(), this.parts.waiting.until([mailbox.uuid], heard, ms, over.signal)]);
    over.abort();
  }

  /** A dueslag that was paused, moved or deleted meanwhile is served no more. */
  private isStill({ owner, uuid, registration }: Mailbox): boolean {
    if (this.closed.has(`${uuid} ${registration}`)) return false;
    return this.parts.registered.mailbox(owner, uuid)?.registration === registration;
  }

  /** `isWell`: it was not given back as it was. `isGone`: nothing of it goes on waiting. */
  private async carry(
    mailbox: Mailbox,
    lease: Lease,
    run: readonly Delivery[],
  ): Promise<{ isWell: boolean; isGone: boolean }> {
    const { signal } = this.stopping;
    const isOver = signal.aborted || !this.isStill(mailbox);
    const outcomes = isOver ? [] : await this.tried(mailbox, run, signal);
    const closed = outcomes?.find(({ kind }) => kind === 'closed');
    if (closed) this.closed.add(`${mailbox.uuid} ${mailbox.registration}`);
    const settled = run.map((delivery, at) => settledBy(delivery, outcomes?.[at]));
    await this.parts.leases.settle(mailbox, lease.id, settled);
    if (closed?.kind === 'closed') await this.close(mailbox, closed.reason);
    return { isWell: outcomes !== null && !closed, isGone: settled.every(({ state }) => state !== 'w') };
  }

  /** Null: the transport itself has failed, and nothing is known. */
  private async tried(
    mailbox: Mailbox,
    run: readonly Delivery[],
    signal: AbortSignal,
  ): Promise<readonly Outcome[] | null> {
    try {
      return await this.transport.carry(mailbox, run, signal);
    } catch (cause) {
      this.parts.log.warn(
        { code: (cause as Error).name, dueslag: mailbox.uuid },
        'delivery: the transport failed',
      );
      return null;
    }
  }

  private async close({ owner, uuid, registration }: Mailbox, reason: string): Promise<void> {
    await this.parts.database.run(
      { owner },
      {
        name: 'mailbox-refused',
        text: `update mailbox set refused_number = $3::int, refused_reason = $4 where owner = $1::int and id = $2::uuid`,
        values: [Number(owner), uuid, registration, reason],
      },
    );
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

/** What was not come to is given back untried. */
function settledBy({ position }: Delivery, outcome: Outcome | undefined): Settled {
  switch (outcome?.kind) {
    case 'delivered':
      return { position, state: 'a', tried: true };
    case 'dead':
      return { position, state: 'f', reason: outcome.reason, tried: true };
    case 'retry':
      return { position, state: 'w', reason: outcome.reason, nextAt: outcome.after, tried: true };
    default:
      return { position, state: 'w', reason: outcome?.reason ?? null };
  }
}
