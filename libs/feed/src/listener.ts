import { ROLES } from '@stoettesystemer/postgres';
import type { Client } from 'pg';
import { keepConnected, type Log, pause } from './direct-connection';
import { pace } from './pace';

interface Waiter {
  /** Null: anybody's. */
  readonly owners: readonly string[] | null;
  readonly position: number;
  readonly wake: (news: boolean) => void;
}

export interface ListenerOptions {
  /** Address of the service's database, without a pooler between. */
  readonly url: string;
  readonly log: Log;
  /** Whose notices it hears, and how far they had come when it began; those of the service's registrations when left out. */
  readonly hears?: Heard;
}

export interface Heard {
  readonly channel: string;
  /** Of one row: the last position there is, as `last`. */
  readonly reached: string;
}

const REGISTRATIONS: Heard = { channel: 'feed', reached: 'select last_pos as last from feed_state' };

/** Hears the sequencer's notices for a whole process, on one connection, and wakes the long polls they concern. */
export class Listener {
  private readonly stopping = new AbortController();
  private readonly waiters = new Set<Waiter>();
  /** The highest position heard of, by owner. */
  private readonly latest = new Map<string, number>();
  /** The same for events whose owners are not known here. */
  private ofAnyone = 0;
  /** The highest of all. */
  private highest = 0;
  private isHearing = false;
  private running: Promise<void> | undefined;

  constructor(private readonly options: ListenerOptions) {}

  get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  /** The highest position heard of, whoever's. */
  get position(): number {
    return this.highest;
  }

  /** Long polls that wait just now. */
  get waiting(): number {
    return this.waiters.size;
  }

  start(): void {
    const { url, log } = this.options;
    const connection = { url, name: 'feed-listener', answer: pace.listener.answer, log };
    this.running ??= keepConnected(connection, this.stopping.signal, (client, over) =>
      this.work(client, over),
    );
  }

  /** Ends every wait. */
  async stop(): Promise<void> {
    this.stopping.abort();
    for (const { wake } of this.waiters) wake(false);
    await this.running;
  }

  /**
   * Waits for an event of one of `owners` (CVR; null for anybody) beyond `position`. True: there may be one, look. False: `ms` have
   * passed, the signal aborted or the listener stopped. While no notices can come, true when `ms` have passed.
   */
  wait(
    owners: readonly string[] | null,
    position: number,
    ms: number,
    signal?: AbortSignal,
  ): Promise<boolean> {
    if (this.stopped || signal?.aborted) return Promise.resolve(false);
    if (this.hasNews(owners, position)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const wake = (news: boolean): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        this.waiters.delete(waiter);
        resolve(news);
      };
      const waiter: Waiter = { owners, position, wake };
      const abort = (): void => wake(false);
      const timer = setTimeout(() => wake(!this.isHearing), ms);
      signal?.addEventListener('abort', abort, { once: true });
      this.waiters.add(waiter);
    });
  }

  private async work(client: Client, over: AbortSignal): Promise<void> {
    client.on('notification', ({ payload = '' }) => this.hear(payload));
    await client.query(`select set_config('role', $1, false)`, [ROLES.app]);
    const { channel, reached } = this.options.hears ?? REGISTRATIONS;
    await client.query(`listen ${channel}`);
    // What was moved while nobody listened.
    const { rows } = await client.query<{ last: string }>(reached);
    this.latest.clear();
    this.highest = this.ofAnyone = Number(rows[0]?.last);
    this.wakeAll();
    this.isHearing = true;
    try {
      for (;;) {
        await pause(pace.listener.heartbeat, over);
        if (over.aborted) return;
        await client.query('select');
      }
    } finally {
      this.isHearing = false;
    }
  }

  /** `<highest position> <owner> <owner> …`, or `*` for the owners. */
  private hear(notice: string): void {
    const [position, ...owners] = notice.split(' ');
    const reached = (this.highest = Number(position));
    if (owners.includes('*')) this.ofAnyone = reached;
    else for (const owner of owners) this.latest.set(owner.padStart(8, '0'), reached);
    this.wakeAll();
  }

  private wakeAll(): void {
    for (const { owners, position, wake } of this.waiters) if (this.hasNews(owners, position)) wake(true);
  }

  /** Whether one has been heard of, beyond the position. */
  hasNews(owners: readonly string[] | null, position: number): boolean {
    if (owners === null) return this.highest > position;
    return this.ofAnyone > position || owners.some((owner) => (this.latest.get(owner) ?? 0) > position);
  }
}
