import { codeOf, type Database, ROLES, type Statement } from '@stoettesystemer/postgres';
import { byIndex } from './by-index';
import { type Log, pause } from './direct-connection';
import { type Lane, REGISTRATIONS } from './lane';
import { pace } from './pace';

/**
 * Removes the oldest events up to the first that came into the feed at `$1` or later. The age is that of the place in
 * the feed, not of the registration: an imported history is old when it arrives, and nobody has read it yet.
 * `pos + 0` is what the index over all owners is made of; it is entered at the first position, beyond the entries of
 * what was trimmed before and is not vacuumed yet.
 */
const trimStatement = ({ feed, state }: Lane, olderThan: Date, batch: number): Statement => ({
  name: `${feed}-trim`,
  text: `
    with oldest as (
      select ctid, pos, placed_at from ${feed}
       where pos + 0 >= (select first_pos from ${state}) order by pos + 0 limit $2::int
    ), kept as (
      select coalesce(min(pos) filter (where placed_at >= $1::timestamptz), max(pos) + 1) as first from oldest
    ), removed as (
      delete from ${feed} where ctid = any (array(select ctid from oldest, kept where pos < first)) returning pos
    ), moved as (
      update ${state} set first_pos = greatest(first_pos, kept.first) from kept where first_pos < kept.first
    )
    select count(*) as count from removed`,
  values: [olderThan.toISOString(), batch],
});

/** Takes away what came into the feed before `olderThan`, a batch at a time. Answers how many events that was. */
export async function trim(
  database: Database,
  olderThan: Date,
  {
    batch = pace.retention.batch,
    signal,
    lane = REGISTRATIONS,
  }: { batch?: number; signal?: AbortSignal; lane?: Lane } = {},
): Promise<number> {
  for (let total = 0; ;) {
    const results = await database.batch({ owner: null, role: ROLES.feed }, [
      byIndex,
      trimStatement(lane, olderThan, batch),
    ]);
    const count = results[1]!.rows[0]!['count'] as number;
    total += count;
    if (count < batch || signal?.aborted) return total;
  }
}

export interface RetentionOptions {
  /** Only the process whose sequencer leads trims. */
  readonly sequencer: { readonly leading: boolean };
  readonly log: Log;
  /** How long an event is kept, in milliseconds; 90 days by default. */
  readonly age?: number;
  /** Between two times, in milliseconds; an hour by default. */
  readonly every?: number;
}

/** Keeps the feed to its age. */
export class Retention {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly options: RetentionOptions,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { every = pace.retention.every } = this.options;
    for (const { signal } = this.stopping; !signal.aborted; await pause(every, signal))
      if (this.options.sequencer.leading) await this.trim(signal);
  }

  private async trim(signal: AbortSignal): Promise<void> {
    const { log, age = pace.retention.age } = this.options;
    try {
      const removed = await trim(this.database, new Date(Date.now() - age), { signal });
      if (removed > 0) log.info({ removed }, 'feed: trimmed');
    } catch (cause) {
      log.warn({ code: codeOf(cause) }, 'feed: not trimmed this time');
    }
  }
}
