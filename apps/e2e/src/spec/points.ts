import { setTimeout } from 'node:timers/promises';
import { Client } from 'pg';

/** Points inside a transaction at which the database itself can hold it, with no help from the program. */
export const POINTS = {
  /** A change has its object's lock, and has written nothing. */
  'after lock': 'trigger hold_here before update on object for each statement',
  'after facts': 'trigger hold_here after insert on fact for each statement',
  /** Everything is written, the answer to be remembered too, and the commit has been asked for. */
  'before commit':
    'constraint trigger hold_here after insert on outbox deferrable initially deferred for each row',
} as const;
export type Point = keyof typeof POINTS;

const LOCK = 4711;
const HELD = `select pid from pg_locks where locktype = 'advisory' and not granted and objid = ${LOCK}
  and database = (select oid from pg_database where datname = current_database())`;

/** Holds transactions of one database at a point. */
export class Holding {
  private table = '';

  private constructor(private readonly client: Client) {}

  static async open(url: string): Promise<Holding> {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`
      create or replace function hold_here() returns trigger language plpgsql set lock_timeout = 0 as $$
      begin
        perform pg_advisory_lock_shared(${LOCK});
        perform pg_advisory_unlock_shared(${LOCK});
        return new;
      end $$`);
    return new Holding(client);
  }

  async at(point: Point): Promise<void> {
    this.table = / on (\w+) /.exec(POINTS[point])![1]!;
    await this.client.query(`select pg_advisory_lock(${LOCK})`);
    await this.client.query(`create ${POINTS[point]} execute function hold_here()`);
  }

  /** Until a transaction stands there. Gives its process. */
  async met(): Promise<number> {
    for (;;) {
      const { rows } = await this.client.query<{ pid: number }>(HELD);
      if (rows[0]) return rows[0].pid;
      await setTimeout(5);
    }
  }

  async terminate(pid: number): Promise<void> {
    await this.client.query('select pg_terminate_backend($1)', [pid]);
  }

  /** Lets whoever stands there go on, and waits until no request's session of a program that is gone is left. */
  async release(isGone: boolean): Promise<void> {
    await this.client.query(`select pg_advisory_unlock(${LOCK})`);
    const sessions = `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
      and application_name like 'stoettesystemer%'`;
    while (isGone && (await this.client.query(sessions)).rowCount! > 0) await setTimeout(5);
    await this.client.query(`drop trigger hold_here on ${this.table}`);
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}
