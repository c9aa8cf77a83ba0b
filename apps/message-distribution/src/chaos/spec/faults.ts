import { setTimeout as pause } from 'node:timers/promises';
import type { Landscape } from './landscape';

export type Fault = 'one' | 'other' | 'both' | 'postgres' | 'broker' | 'wiped broker';

/** Milliseconds that a broker is away. */
const AWAY = 1_000;
/** Messages in each queue when it goes. */
const QUEUED = 10;

/** Kills, each with -9, and what was killed comes back as its supervisor brings it back. */
export class Faults {
  readonly count = { distributor: 0, postgres: 0, broker: 0, wiped: 0 };
  /** What is on its way back. One that is not back yet cannot be killed. */
  private readonly coming = new Map<string, Promise<void>>();

  constructor(
    private readonly landscape: Landscape,
    /** Dueslag whose deliveries are leased by the distributors alone. */
    private readonly carried: readonly string[],
  ) {}

  async strike(fault: Fault): Promise<void> {
    switch (fault) {
      case 'one':
      case 'other':
        return this.distributors([fault === 'one' ? 0 : 1]);
      case 'both':
        return this.distributors([0, 1]);
      case 'postgres':
        await this.back('postgres');
        this.count.postgres++;
        this.landscape.postgres.kill();
        return this.comes('postgres', () => this.landscape.postgres.ask('beskedfordeler', 'select'));
      default:
        return this.broker(fault === 'wiped broker');
    }
  }

  /** Until all that was killed is there again. */
  async over(): Promise<void> {
    await Promise.all(this.coming.values());
  }

  private async distributors(which: readonly number[]): Promise<void> {
    await this.back('distributor');
    this.count.distributor++;
    const killed = which.map((each) => this.landscape.distributors[each]!);
    await Promise.all(killed.map((each) => each.kill()));
    this.comes('distributor', async () => {
      if (killed.length === this.landscape.distributors.length) await this.runOut();
      await Promise.all(killed.map((each) => each.start()));
    });
  }

  /** Nobody is left who has a lease: it is as if they had been away until the last had run out. */
  private async runOut(): Promise<void> {
    await this.landscape.postgres.ask(
      'beskedfordeler',
      'update lease set until = clock_timestamp() where mailbox = any ($1::uuid[])',
      [this.carried],
    );
  }

  private async broker(isWiped: boolean): Promise<void> {
    const { broker, queues } = this.landscape;
    await this.back('broker');
    await queues.hold(QUEUED);
    this.count.broker++;
    await broker.kill();
    queues.release();
    if (isWiped) {
      broker.wipe();
      this.count.wiped++;
    }
    this.comes('broker', async () => {
      await pause(AWAY);
      await broker.start();
    });
  }

  private async back(what: string): Promise<void> {
    await this.coming.get(what);
  }

  private comes(what: string, way: () => Promise<unknown>): void {
    const coming = way().then(() => undefined);
    // Whoever waits for it hears of it.
    coming.catch(() => undefined);
    this.coming.set(what, coming);
  }
}
