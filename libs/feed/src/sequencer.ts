import { limits } from '@stoettesystemer/postgres';
import type { Client } from 'pg';
import { Bell } from './bell';
import { keepConnected, type Log, pause } from './direct-connection';
import { announceEpoch } from './epoch';
import { Floor } from './floor';
import { type Lane, REGISTRATIONS } from './lane';
import { move } from './move';
import { pace } from './pace';
import { sessionOf } from './session';

export interface SequencerOptions {
  /** Address of the service's database, without a pooler between. */
  readonly url: string;
  readonly log: Log;
  /** What it gives an order; the service's registrations when left out. */
  readonly lane?: Lane;
  /** Events in one batch. */
  readonly batch?: number;
  /** Milliseconds between two looks for what other processes have committed. */
  readonly idle?: number;
  /** Milliseconds beyond that after which a process that says nothing loses its place to another. */
  readonly silence?: number;
}

/**
 * Gives every committed event its position, dense and in an order that keeps each object's changes apart (R3). Start one
 * in every process: the one that holds the database's lock works, the others stand by. The lock belongs to the
 * connection that also writes, so one that has lost its lock has nothing left to write with.
 */
export class Sequencer {
  private readonly bell = new Bell();
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private isLeading = false;
  private reached = 0;
  private readonly lane: Lane;

  constructor(private readonly options: SequencerOptions) {
    this.lane = options.lane ?? REGISTRATIONS;
  }

  /** Whether this process holds the lock, as far as it knows. */
  get leading(): boolean {
    return this.isLeading;
  }

  /** The last position this process has given out. */
  get position(): number {
    return this.reached;
  }

  /** Begins, and comes back by itself after any loss; never throws. */
  start(): void {
    const { url, log } = this.options;
    const answer = limits.session.statementTimeout + limits.session.networkGrace;
    this.running ??= keepConnected(
      { url, name: 'sequencer', answer, log },
      this.stopping.signal,
      (client, over) => this.work(client, over),
    );
  }

  /** Something was committed in this process: look now. */
  wake(): void {
    this.bell.ring();
  }

  /** Finishes the batch under way and frees the lock. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async work(client: Client, over: AbortSignal): Promise<void> {
    const { idle = pace.sequencer.idle, silence = pace.sequencer.silence } = this.options;
    await client.query(sessionOf(idle + silence));
    while (!over.aborted && !(await hasLock(client, this.lane))) await pause(pace.sequencer.standby, over);
    try {
      if (!over.aborted) await this.lead(client, over);
    } finally {
      this.isLeading = false;
    }
  }

  private async lead(client: Client, over: AbortSignal): Promise<void> {
    const { log, batch = pace.sequencer.batch, idle = pace.sequencer.idle } = this.options;
    const { epoch, isNew } = await announceEpoch(client, this.reached, this.lane);
    if (isNew) log.warn({ epoch }, 'feed: the database has been restored, readers must start over');
    this.isLeading = true;
    for (const floor = new Floor(); !over.aborted;) {
      const moved = await move(client, batch, floor.value, this.lane);
      floor.learn(moved, batch);
      this.reached = moved.position ?? this.reached;
      if (moved.count === 0) await this.bell.wait(idle, over);
      else if (moved.count < batch) await pause(pace.sequencer.linger, over);
    }
  }
}

async function hasLock(client: Client, { lock }: Lane): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [lock]);
  return rows[0]?.taken === true;
}
