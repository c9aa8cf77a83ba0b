import { Database, ROLES } from '@stoettesystemer/postgres';
import type { Place } from '../delivery/lease-statements';
import type { Broker } from './broker';
import {
  earlierThan,
  emptiedTo,
  forgetQueue,
  holdQueue,
  queuesAfter,
  refill,
  settledIn,
  youngQueue,
} from './queue-statements';

const PAGE = 500;
/** Milliseconds after which nobody has a lease any more that was taken before a queue was filled again. */
const LEASED = 70_000;
const LOOK = { owner: null, role: ROLES.lookup } as const;

/**
 * The queue of each dueslag, named by its UUID. PostgreSQL knows what is in it; the broker may lose all of it. A queue that
 * is not there is made only when what it had waits again, so that nothing new comes to it before.
 */
export class Queues {
  private readonly known = new Set<string>();
  /** Made anew whatever the broker says of them. */
  private readonly broken = new Set<string>();
  private isAgain = false;
  private connectedAt = performance.now();
  private readonly filledAt = new Map<string, number>();
  private readonly under = new Map<string, Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly broker: Broker,
  ) {}

  /** There is a connection: the broker may be another one, or have lost what it had. */
  connected(): void {
    this.isAgain = this.known.size > 0 || this.isAgain;
    this.connectedAt = performance.now();
    this.known.clear();
  }

  /** Whether what waits again must go before this: the queue has been filled again since it was leased. */
  async mustWait(place: Place, position: number): Promise<boolean> {
    const since = Math.max(this.isAgain ? this.connectedAt : 0, this.filledAt.get(place.uuid) ?? 0);
    if (since === 0 || performance.now() - since > LEASED) return false;
    const { count } = await this.database.run({ owner: place.owner }, earlierThan(place, position));
    return count > 0;
  }

  /** Whether the broker is still the one that the queue was made or found at. */
  isKnown({ uuid }: Place): boolean {
    return this.known.has(uuid);
  }

  /** There is no such queue any more. */
  lost({ uuid }: Place): void {
    this.known.delete(uuid);
  }

  /** There is one, and it takes nothing. */
  isBroken(place: Place): void {
    this.lost(place);
    this.broken.add(place.uuid);
  }

  /** @throws Error when the broker does not answer. */
  async ensure(place: Place): Promise<void> {
    if (this.known.has(place.uuid)) return;
    let making = this.under.get(place.uuid);
    if (!making) {
      making = this.make(place).finally(() => this.under.delete(place.uuid));
      this.under.set(place.uuid, making);
    }
    await making;
  }

  private async make(place: Place): Promise<void> {
    const { owner, uuid } = place;
    await this.database.transaction({ owner }, async (tx) => {
      const [, young] = await tx.batch([
        holdQueue(place),
        youngQueue(place, (performance.now() - this.connectedAt) / 1000),
      ]);
      const isDoubtful = this.broken.has(uuid) || (this.isAgain && young!.count > 0);
      const isThere = (await this.broker.look(uuid)) !== null;
      if (isThere && isDoubtful) await this.broker.remove(uuid);
      if (!isThere || isDoubtful) {
        // In a transaction of its own: it must be seen by all before there is a queue to send to.
        await this.database.run({ owner }, refill(place));
        await this.broker.declare(uuid);
      }
      await tx.finish();
      this.broken.delete(uuid);
    });
    // By us, or a moment ago by another process: what we have leased may be from before.
    this.filledAt.set(uuid, performance.now());
    this.known.add(uuid);
  }

  /** Every queue that was ever made and not given up. */
  async *all(): AsyncGenerator<Place> {
    let last: Place | null = null;
    for (;;) {
      const { rows } = await this.database.run(LOOK, queuesAfter(last, PAGE));
      for (const row of rows)
        yield (last = {
          owner: String(row['owner']).padStart(8, '0'),
          uuid: row['mailbox'] as string,
        });
      if (rows.length < PAGE) return;
    }
  }

  /** Makes it again if it is gone, and otherwise learns how far it has been emptied. */
  async look(place: Place): Promise<void> {
    const { owner, uuid } = place;
    await this.ensure(place);
    // Before the look: what was settled then was at the broker then.
    const { rows } = await this.database.run({ owner }, settledIn(place));
    const state = await this.broker.look(uuid);
    if (!state) {
      this.lost(place);
      return this.ensure(place);
    }
    const [row] = rows;
    if (!row || state.ready > 0) return;
    const [settled, old] = [Number(row['settled']), Number(row['old'])];
    if (state.consumers > 0) await this.database.run({ owner }, emptiedTo(place, Math.min(settled, old)));
    else if (settled > Number(row['emptied']) && (await this.broker.isEmpty(uuid)))
      await this.database.run({ owner }, emptiedTo(place, settled));
  }

  /** What nobody is known to have taken from it goes the way that the dueslag goes now. */
  async giveUp(place: Place): Promise<void> {
    const { owner, uuid } = place;
    this.lost(place);
    await this.database.run({ owner }, refill(place));
    await this.broker.remove(uuid);
    await this.database.run({ owner }, forgetQueue(place));
  }
}
