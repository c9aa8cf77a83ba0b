import { pause, type Log } from '@stoettesystemer/feed';
import { codeOf, type Database } from '@stoettesystemer/postgres';
import type { Registered } from '../matching/registered';
import type { Mailbox } from '../matching/registered-objects';
import type { Settled } from './lease-statements';
import type { Delivery, Lease, Leases } from './leases';
import type { Outcome, Transport } from './outgoing';

/** Milliseconds before what has been brought out is written down once more, when the database was away. */
const SETTLE_AGAIN = 500;

export interface CarrierParts {
  readonly database: Database;
  readonly registered: Registered;
  readonly leases: Leases;
  readonly log: Log;
}

/** Brings out what is in a lease, and writes down what became of it. */
export class Carrier {
  /** Registrations whose receiver wants no more: known here before it has been written down. */
  private readonly closed = new Set<string>();

  constructor(
    private readonly parts: CarrierParts,
    private readonly transport: Transport,
    private readonly stopping: AbortSignal,
  ) {}

  /** A dueslag that was paused, moved or deleted meanwhile is served no more. */
  isStill({ owner, uuid, registration }: Mailbox): boolean {
    if (this.closed.has(`${uuid} ${registration}`)) return false;
    return this.parts.registered.mailbox(owner, uuid)?.registration === registration;
  }

  /** `left` when some of it still waits; `unwell` when the dueslag had better be left alone for a while. */
  async carry(
    mailbox: Mailbox,
    lease: Lease,
    run: readonly Delivery[],
  ): Promise<'ended' | 'left' | 'unwell'> {
    const isOver = this.stopping.aborted || !this.isStill(mailbox);
    const outcomes = isOver ? [] : await this.tried(mailbox, run);
    const closed = outcomes?.find(({ kind }) => kind === 'closed');
    if (closed) this.closed.add(`${mailbox.uuid} ${mailbox.registration}`);
    const settled = run.map((delivery, at) => settledBy(delivery, outcomes?.[at]));
    const isOurs = await this.settle(mailbox, lease, settled);
    if (closed?.kind === 'closed') await this.close(mailbox, closed.reason);
    if (outcomes === null || closed) return 'unwell';
    return isOurs && settled.every(({ state }) => state !== 'w') ? 'ended' : 'left';
  }

  /** Tried for as long as the lease lasts: what the database has not heard of is brought out again after it. */
  private async settle(mailbox: Mailbox, lease: Lease, settled: readonly Settled[]): Promise<boolean> {
    const { leases, log } = this.parts;
    for (;;) {
      try {
        return await leases.settle(mailbox, lease.id, settled);
      } catch (cause) {
        if (this.stopping.aborted || Date.now() > Date.parse(lease.until)) throw cause;
        const code = codeOf(cause) || (cause as Error).name;
        log.warn({ code, dueslag: mailbox.uuid }, 'delivery: to be written down again');
        await pause(SETTLE_AGAIN, this.stopping);
      }
    }
  }

  /** Null: the transport itself has failed, and nothing is known. */
  private async tried(mailbox: Mailbox, run: readonly Delivery[]): Promise<readonly Outcome[] | null> {
    try {
      return await this.transport.carry(mailbox, run, this.stopping);
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
