import { setTimeout as pause } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { codeOf, isBroken, type Result, runBatch, type Statement } from './batch';
import { Gathering } from './gathering';
import { limits } from './limits';

/** Who the database believes is asking: row-level security shows the rows of `owner` (a CVR) and the common ones. */
export interface Context {
  readonly owner: string | null;
  /** A named role with policies of its own (`stoette_feed`, `stoette_sletning`), for this transaction only. */
  readonly role?: string;
}

const begin: Statement = { name: 'begin', text: 'begin' };
const commit: Statement = { name: 'commit', text: 'commit' };
const rollback: Statement = { name: 'rollback', text: 'rollback' };
const contextOf = ({ owner, role }: Context): Statement[] => [
  { name: 'context', text: `select set_config('app.cvr', $1, true)`, values: [owner ?? ''] },
  ...(role ? [{ name: 'role', text: `select set_config('role', $1, true)`, values: [role] }] : []),
];

/** Serialization failure and deadlock: the database asks for another try, and nothing was written. */
const TRY_AGAIN = new Set(['40001', '40P01']);

/** An open transaction. Statements given together travel together. */
export class Transaction {
  private opened = false;
  private closed = false;
  private underway: Promise<unknown> | null = null;

  constructor(
    private readonly client: PoolClient,
    private readonly context: Context,
  ) {}

  /** Runs the statements in one round trip; the first call also begins and sets the context. */
  async batch(statements: readonly Statement[]): Promise<Result[]> {
    if (this.closed) throw new Error('The transaction has ended');
    if (this.opened) return this.inTurn(statements);
    this.opened = true;
    const opening = [begin, ...contextOf(this.context)];
    return (await this.inTurn([...opening, ...statements])).slice(opening.length);
  }

  /** A connection has one batch at a time: one that is given while another is under way goes after it. */
  private async inTurn(statements: readonly Statement[]): Promise<Result[]> {
    while (this.underway) await this.underway.catch(() => undefined);
    const running = runBatch(this.client, statements);
    this.underway = running;
    try {
      return await running;
    } finally {
      if (this.underway === running) this.underway = null;
    }
  }

  async run(statement: Statement): Promise<Result> {
    return (await this.batch([statement]))[0]!;
  }

  /** Runs the last statements and commits, in one round trip. */
  async finish(statements: readonly Statement[] = []): Promise<Result[]> {
    const results = await this.batch([...statements, commit]);
    this.closed = true;
    // PostgreSQL answers the commit of a failed transaction with a rollback, and calls that no error.
    if (results.at(-1)?.command !== 'COMMIT') throw new Error('The transaction had failed and was undone');
    return results.slice(0, -1);
  }

  async end(): Promise<void> {
    if (this.opened && !this.closed) await this.finish();
    this.closed = true;
  }

  async undo(): Promise<void> {
    if (this.opened && !this.closed) await runBatch(this.client, [rollback]);
    this.closed = true;
  }
}

/** The way to a service's database: prepared statements in batches, always in somebody's context. */
export class Database {
  private readonly looks = new Gathering((owner, statements) => this.batch({ owner }, statements));

  constructor(readonly pool: Pool) {}

  /** One round trip, one transaction. Results in the order of the statements. */
  async batch(context: Context, statements: readonly Statement[]): Promise<Result[]> {
    const opening = contextOf(context);
    const client = await this.pool.connect();
    try {
      return (await runBatch(client, [...opening, ...statements])).slice(opening.length);
    } finally {
      client.release(isBroken(client));
    }
  }

  async run(context: Context, statement: Statement): Promise<Result> {
    return (await this.batch(context, [statement]))[0]!;
  }

  /** `run` for a statement that only reads: those of the same moment share a round trip. */
  look({ owner }: Pick<Context, 'owner'>, statement: Statement): Promise<Result> {
    return this.looks.add(owner, statement);
  }

  /**
   * Several round trips in one transaction: committed when `work` returns, undone when it throws, and run again,
   * up to three times, when PostgreSQL reports a deadlock or a serialization failure.
   */
  async transaction<T>(context: Context, work: (tx: Transaction) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const client = await this.pool.connect();
      const tx = new Transaction(client, context);
      try {
        const result = await work(tx);
        await tx.end();
        return result;
      } catch (cause) {
        // A failed undo marks the connection as broken, and dropping it undoes the transaction.
        if (!isBroken(client)) await tx.undo().catch(() => undefined);
        if (attempt === limits.transaction.tries || !TRY_AGAIN.has(codeOf(cause))) throw cause;
      } finally {
        client.release(isBroken(client));
      }
      await pause(Math.random() * attempt * limits.transaction.pause);
    }
  }
}
