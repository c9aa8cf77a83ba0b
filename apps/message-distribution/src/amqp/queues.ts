import { Database, ROLES } from '@stoettesystemer/postgres';
import type { Place } from '../delivery/lease-statements';
import type { Broker } from './broker';
import { emptiedTo, forgetQueue, holdQueue, queuesAfter, refill, settledIn } from './queue-statements';

const PAGE = 500;
const LOOK = { owner: null, role: ROLES.lookup } as const;

/**
 * The queue of each dueslag, named by its UUID. PostgreSQL knows what is in it; the broker may lose all of it. A queue that
 * is not there is made only when what it had waits again, so that nothing new comes to it before.
 */
export class Queues {
  private readonly known = new Set<string>();
  private readonly under = new Map<string, Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly broker: Broker,
  ) {}

  /** The broker may be another one, or have lost what it had. */
  doubt(): void {
    this.known.clear();
  }

  /** There is no such queue any more. */
  lost({ uuid }: Place): void {
    this.known.delete(uuid);
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
      await tx.run(holdQueue(place));
      if (!(await this.broker.look(uuid))) {
        // In a transaction of its own: it must be seen by all before there is a queue to send to.
        await this.database.run({ owner }, refill(place));
        await this.broker.declare(uuid);
      }
      await tx.finish();
    });
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
    const emptied = state.consumers === 0 ? settled : Math.min(settled, old);
    await this.database.run({ owner }, emptiedTo(place, emptied));
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
