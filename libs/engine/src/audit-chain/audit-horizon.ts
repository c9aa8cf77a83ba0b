import type { Client } from 'pg';

const LATEST = `select case when is_called then last_value else 0 end as latest from audit_id_seq`;
/** Whoever has taken a number of the log holds this lock until the end of the transaction. */
const WRITERS = `
  select virtualtransaction as writer from pg_locks
   where locktype = 'relation' and relation = 'audit'::regclass and mode = 'RowExclusiveLock' and granted
     and database = (select oid from pg_database where datname = current_database())`;

async function writersOf(client: Client): Promise<Set<string>> {
  const { rows } = await client.query<{ writer: string }>({ name: 'audit-writers', text: WRITERS });
  return new Set(rows.map(({ writer }) => writer));
}

/**
 * The number up to which no audit row can come any more, so that the chainer need not look there again.
 *
 * A row takes its number before it is to be seen, and transactions end in any order. So the last number given out is
 * noted, and after it who holds the lock that every writer takes before its number and keeps until its end. When all of
 * those have ended, whatever was numbered so far is to be seen or undone; a look that begins then and finds everything
 * chained makes the noted number the floor. Transaction numbers would not do: a row is numbered before its transaction
 * has one, and they would wait for transactions that have nothing to do with the log.
 */
export class AuditHorizon {
  private noted: { readonly number: number; readonly writers: ReadonlySet<string> } | undefined;

  constructor(private settled: number) {}

  get floor(): number {
    return this.settled;
  }

  /** To be asked before a look: whether there can be anything new, and whether the look can settle the noted number. */
  async before(client: Client): Promise<{ isQuiet: boolean; settles: boolean }> {
    const { rows } = await client.query<{ latest: string }>({ name: 'audit-latest', text: LATEST });
    const latest = Number(rows[0]!.latest);
    if (latest === this.settled) return { isQuiet: true, settles: false };
    const writers = await writersOf(client);
    this.noted ??= { number: latest, writers };
    return { isQuiet: false, settles: [...this.noted.writers].every((each) => !writers.has(each)) };
  }

  /** A look that could settle found everything chained. */
  async settle(client: Client): Promise<void> {
    const { number } = this.noted!;
    await client.query('update audit_floor set number = $1', [number]);
    this.settled = number;
    this.noted = undefined;
  }
}
