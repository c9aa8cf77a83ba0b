import { limits } from '@stoettesystemer/postgres';
import type { Declaration } from '@stoettesystemer/object';
import type { Client } from 'pg';
import { cvrOf, toCloudEvent } from './cloud-event';
import { keepConnected, type Log, pause } from './direct-connection';
import type { Listener } from './listener';
import { pace } from './pace';
import { arrived, type Lag, lags, type Next, nextOf } from './publication';
import { NotPublished, type Publisher } from './publisher';
import { sessionOf } from './session';

export interface PumpOptions {
  /** Address of the service's database, without a pooler between. */
  readonly url: string;
  readonly log: Log;
  readonly listener: Listener;
  /** Prefix of the service: `klassifikation`. */
  readonly service: string;
  readonly types: readonly Declaration[];
  readonly publisher: Publisher;
  /** Events in one batch. */
  readonly batch?: number;
  /** Milliseconds before the second try. */
  readonly firstRetry?: number;
}

/** One municipality's events that could not be handed over. */
interface PutOff {
  readonly failures: number;
  readonly until: number;
}

/**
 * Hands a service's events to a publisher, each municipality's in their order, from where it stopped. Start one in every
 * process: the one that holds the database's lock works, the others stand by. It reads what is committed and has its
 * place, on a connection of its own, so nobody who writes waits for it. A municipality whose events are not taken is tried
 * again later, and holds no other back.
 */
export class Pump {
  private readonly stopping = new AbortController();
  private readonly types: ReadonlyMap<string, Declaration>;
  private readonly putOff = new Map<number, PutOff>();
  private running: Promise<void> | undefined;
  private isLeading = false;
  private refusedSoFar = 0;

  constructor(private readonly options: PumpOptions) {
    this.types = new Map(options.types.map((type) => [type.name, type]));
  }

  /** Whether this process holds the lock, as far as it knows. */
  get leading(): boolean {
    return this.isLeading;
  }

  /** Events that this process has handed over in vain, and went on. */
  get refused(): number {
    return this.refusedSoFar;
  }

  /** Begins, and comes back by itself after any loss; never throws. */
  start(): void {
    const { url, log } = this.options;
    const answer = limits.session.statementTimeout + limits.session.networkGrace;
    this.running ??= keepConnected(
      { url, name: 'publisher', answer, log },
      this.stopping.signal,
      (client, over) => this.work(client, over),
    );
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async work(client: Client, over: AbortSignal): Promise<void> {
    // A process that has been stopped loses its lock, as a sequencer does; it must have time to wait for an answer.
    await client.query(sessionOf(pace.pump.silence));
    while (!over.aborted && !(await this.hasLock(client))) await pause(pace.pump.standby, over);
    this.isLeading = !over.aborted;
    try {
      while (!over.aborted) await this.round(client, over);
    } finally {
      this.isLeading = false;
    }
  }

  /** One batch of each municipality that is behind; or the wait for something to do. */
  private async round(client: Client, over: AbortSignal): Promise<void> {
    const { listener, publisher } = this.options;
    // Before the look: what comes during it is heard of.
    const heard = listener.position;
    const behind = await lags(client, publisher.destination);
    const now = performance.now();
    const due = behind.filter(({ owner }) => (this.putOff.get(owner)?.until ?? 0) <= now);
    if (due.length > 0) {
      for (let at = 0; at < due.length && !over.aborted; at += pace.pump.atOnce)
        await this.advance(client, due.slice(at, at + pace.pump.atOnce), over);
      return;
    }
    const times = behind.map(({ owner }) => this.putOff.get(owner)!.until - now);
    await listener.wait(null, heard, Math.min(pace.pump.idle, ...times), over);
    await pause(pace.pump.rest, over);
  }

  /** Of several municipalities together: the answers are what takes time, and the connection does one thing at a time. */
  private async advance(client: Client, behind: readonly Lag[], over: AbortSignal): Promise<void> {
    const { publisher, batch = pace.pump.batch } = this.options;
    const given: { lag: Lag; next: readonly Next[] }[] = [];
    for (const lag of behind) {
      const next = await nextOf(client, lag, batch);
      // What has been trimmed away meanwhile is nobody's any more.
      if (next.length > 0) given.push({ lag, next });
    }
    const taken = await Promise.all(given.map(({ lag, next }) => this.handOver(lag, next, over)));
    for (const [at, { lag, next }] of given.entries())
      if (taken[at]) await arrived(client, publisher.destination, lag, next.at(-1)!.pos);
  }

  private async handOver(lag: Lag, next: readonly Next[], over: AbortSignal): Promise<boolean> {
    const { publisher, service, log } = this.options;
    const owner = cvrOf(lag.owner);
    if (lag.before !== null && lag.before !== lag.epoch)
      log.warn({ service, owner, position: lag.position }, 'feed: restored, published again from there');
    const events = next.filter((row) => row.published).flatMap((row) => this.eventsOf(row));
    try {
      const refused = events.length === 0 ? 0 : await publisher.publish(owner, events, over);
      this.refusedSoFar += refused;
      if (refused > 0) log.warn({ service, owner, refused }, 'feed: events were refused');
    } catch (cause) {
      if (!over.aborted) this.putOffUntilLater(lag.owner, cause);
      return false;
    }
    if (this.putOff.delete(lag.owner)) log.info({ service, owner }, 'feed: published again');
    return true;
  }

  private eventsOf(row: Next) {
    const type = this.types.get(row.type);
    return type ? [toCloudEvent(this.options.service, type, row)] : [];
  }

  private putOffUntilLater(owner: number, cause: unknown): void {
    const { service, log, firstRetry = pace.pump.firstRetry } = this.options;
    const failures = (this.putOff.get(owner)?.failures ?? 0) + 1;
    const asked = cause instanceof NotPublished ? cause.retryAfter : 0;
    const usual = Math.min(firstRetry * 2 ** (failures - 1), pace.pump.lastRetry) * (0.5 + Math.random() / 2);
    const until = performance.now() + Math.min(Math.max(usual, asked), pace.pump.longestRetry);
    this.putOff.set(owner, { failures, until });
    if (failures > 1) return;
    const reason = cause instanceof NotPublished ? cause.reason : (cause as Error).name;
    log.warn({ service, owner: cvrOf(owner), reason }, 'feed: not published, tried again');
  }

  private async hasLock(client: Client): Promise<boolean> {
    const { rows } = await client.query<{ taken: boolean }>(
      'select pg_try_advisory_lock($1, hashtext($2)) as taken',
      [pace.pump.lock, this.options.publisher.destination],
    );
    return rows[0]?.taken === true;
  }
}
