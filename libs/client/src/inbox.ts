import { type Event, registrationNumber } from './event';

/** A connection of `pg`, or of anything that takes a statement the same way. */
export interface Session {
  query(text: string, values?: unknown[]): Promise<{ readonly rowCount: number | null }>;
}
/** A pool of `pg`. */
export interface Sessions {
  connect(): Promise<Session & { release(isBroken?: boolean): void }>;
}

/** What became of a message. */
export type Taken =
  /** The effect was made, in this transaction. */
  | 'new'
  /** It was made before. */
  | 'known'
  /** A later registration of the same subject has been taken in: there is nothing to do. */
  | 'stale';

export interface InboxOptions {
  /** Name of the consumer: each has its own memory of what has come. */
  readonly consumer: string;
  /** Schema of the tables, made by `inboxSchema`. */
  readonly schema?: string;
  /** What orders the messages about one subject; null for those that are taken in the order that they come in. */
  readonly number?: (message: Event) => number | null;
}

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;
const checked = (schema: string): string => {
  if (!NAME.test(schema)) throw new Error('The name of a schema is lower case letters, digits and _');
  return schema;
};

/** The inbox's tables; to be run as the owner of the consumer's database, as often as one likes. */
export const inboxSchema = (schema = 'public'): string => `
  create table if not exists ${checked(schema)}.inbox (
    consumer text not null,
    source text not null,
    id text not null,
    received_at timestamptz not null default clock_timestamp(),
    primary key (consumer, source, id)
  );
  create index if not exists inbox_by_time on ${checked(schema)}.inbox (consumer, received_at);
  create table if not exists ${checked(schema)}.inbox_subject (
    consumer text not null,
    source text not null,
    subject text not null,
    number bigint,
    primary key (consumer, source, subject)
  )`;

/** PostgreSQL asks for another try: nothing was written. */
const TRY_AGAIN = new Set(['40001', '40P01']);
const TRIES = 5;

/**
 * Makes one effect of a message, however often it comes (R8). What is remembered of it is written in the transaction of
 * the effect, so the two stand or fall together: a consumer that dies between them has done neither, and is given the
 * message again. Messages about one subject are taken one at a time, and one that is older than what has been taken in,
 * by its number, makes no effect.
 */
export class Inbox {
  private readonly schema: string;

  constructor(private readonly options: InboxOptions) {
    this.schema = checked(options.schema ?? 'public');
  }

  /**
   * In a transaction that the caller has begun, and commits. It holds the subject until then; who takes several subjects in
   * one transaction must be ready to be told of a deadlock.
   */
  async take<S extends Session>(
    session: S,
    message: Event,
    effect: (session: S, message: Event) => Promise<unknown>,
  ): Promise<Taken> {
    const { consumer, number = registrationNumber } = this.options;
    const { source, id, subject } = message;
    // Waits for whoever takes the same at this moment, and then knows it.
    const isNew = await session.query(
      `insert into ${this.schema}.inbox (consumer, source, id) values ($1, $2, $3) on conflict do nothing`,
      [consumer, source, id],
    );
    if (isNew.rowCount === 0) return 'known';
    if (subject !== undefined) {
      // The same number by another id is of a source that was put back to an earlier time, and counts.
      const isLast = await session.query(
        `insert into ${this.schema}.inbox_subject as s (consumer, source, subject, number) values ($1, $2, $3, $4)
           on conflict (consumer, source, subject) do update set number = coalesce(excluded.number, s.number)
             where excluded.number is null or s.number is null or s.number <= excluded.number`,
        [consumer, source, subject, number(message)],
      );
      if (isLast.rowCount === 0) return 'stale';
    }
    await effect(session, message);
    return 'new';
  }

  /** In a transaction of its own. It is run again where PostgreSQL asks for that; what fails otherwise has written nothing. */
  async receive<S extends Session & { release(isBroken?: boolean): void }>(
    pool: { connect(): Promise<S> },
    message: Event,
    effect: (session: S, message: Event) => Promise<unknown>,
  ): Promise<Taken> {
    for (let tried = 1; ; tried++) {
      const session = await pool.connect();
      let isBroken = false;
      try {
        await session.query('begin');
        const taken = await this.take(session, message, effect);
        await session.query('commit');
        return taken;
      } catch (cause) {
        await session.query('rollback').catch(() => (isBroken = true));
        const { code = '' } = cause as { code?: string };
        if (tried === TRIES || !TRY_AGAIN.has(code)) throw cause;
      } finally {
        session.release(isBroken);
      }
    }
  }

  /** Forgets what came before: longer ago than anybody sends anything again. Subjects' numbers are kept. */
  async forget(session: Session, before: Date): Promise<number> {
    const { rowCount } = await session.query(
      `delete from ${this.schema}.inbox where consumer = $1 and received_at < $2`,
      [this.options.consumer, before],
    );
    return rowCount ?? 0;
  }
}
