import type { PoolClient } from 'pg';
import { prepareValue } from 'pg/lib/utils';

/** A prepared statement: `name` is unique per `text` in the process; parameters are `$1`, `$2`, … with casts in the text. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/**
 * Values by column name. bigint and integer come as number (as text where a number would round them), boolean as
 * boolean; all else, JSON and ranges too, as PostgreSQL's text.
 */
export type Row = Record<string, string | number | boolean | null>;

export interface Result {
  readonly rows: Row[];
  readonly count: number;
  /** What PostgreSQL says it did: `INSERT 0 1`, `COMMIT`, and `ROLLBACK` for the commit of a failed transaction. */
  readonly command: string;
}

interface Column {
  readonly name: string;
  readonly dataTypeID: number;
}
/** The driver's protocol layer, as far as a batch speaks to it; @types/pg knows it less well. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  parse(message: { name: string; text: string; types: number[] }): void;
  describe(message: { type: 'S'; name: string }): void;
  close(message: { type: 'S'; name: string }): void;
  bind(message: object): void;
  execute(message: { portal: string; rows: number }): void;
  sync(): void;
  sendCopyFail(reason: string): void;
}
interface Prepared {
  readonly wireName: string;
  columns: Column[];
  /** It was first given in a batch that failed, perhaps before it was prepared. */
  isDoubtful: boolean;
}

const BOOL = 16;
const INTEGERS = new Set([20, 21, 23, 26]);
const read = (raw: string, type: number): string | number | boolean =>
  INTEGERS.has(type) ? integer(raw) : type === BOOL ? raw === 't' : raw;
const integer = (raw: string): string | number => {
  const value = Number(raw);
  return Number.isSafeInteger(value) ? value : raw;
};

/** What each connection has prepared. Held beside the driver's own list because a batch names many statements. */
const preparedOn = new WeakMap<Wire, Map<string, Prepared>>();
let wireNames = 0;

/**
 * Several prepared statements in one round trip, before one Sync: PostgreSQL runs them as one transaction unless
 * they say begin themselves. The driver has nothing for this; its pipeline mode syncs, and so commits, after each.
 */
export class Batch {
  callback?: (error: Error | null) => void;
  readonly results: Result[] = [];
  /** Statements in the order they were given, and those among them that this batch prepares. */
  private readonly prepared: Prepared[] = [];
  private readonly fresh = new Set<number>();
  private rows: Row[] = [];
  private cut?: Error;

  constructor(private readonly statements: readonly Statement[]) {}

  submit(connection: Wire): Error | null {
    connection.stream.cork();
    try {
      for (const [at, statement] of this.statements.entries()) {
        const prepared = this.prepare(connection, at, statement);
        connection.bind({
          portal: '',
          statement: prepared.wireName,
          values: statement.values as unknown[],
          binary: false,
          valueMapper: prepareValue,
        });
        connection.execute({ portal: '', rows: 0 });
      }
    } catch (cause) {
      // A value that cannot be written: nothing may commit, so the batch is cut with a statement that fails.
      connection.parse({ text: 'batch cut short', name: '', types: [] });
      this.cut = cause as Error;
    } finally {
      connection.sync();
      connection.stream.uncork();
    }
    return null;
  }

  private prepare(connection: Wire, at: number, { name, text }: Statement): Prepared {
    let known = preparedOn.get(connection);
    if (!known) preparedOn.set(connection, (known = new Map<string, Prepared>()));
    let prepared = known.get(name);
    if (!prepared || prepared.isDoubtful) {
      // To close what does not exist is no error.
      if (prepared) connection.close({ type: 'S', name: prepared.wireName });
      prepared = { wireName: prepared?.wireName ?? `s${++wireNames}`, columns: [], isDoubtful: false };
      known.set(name, prepared);
      this.fresh.add(at);
      connection.parse({ text, name: prepared.wireName, types: [] });
      connection.describe({ type: 'S', name: prepared.wireName });
    }
    this.prepared[at] = prepared;
    return prepared;
  }

  handleRowDescription(message: { fields: Column[] }): void {
    this.prepared[this.results.length]!.columns = message.fields;
  }

  handleDataRow(message: { fields: (string | null)[] }): void {
    const { columns } = this.prepared[this.results.length]!;
    const row: Row = {};
    for (let at = 0; at < columns.length; at++) {
      const raw = message.fields[at]!;
      const column = columns[at]!;
      row[column.name] = raw === null ? null : read(raw, column.dataTypeID);
    }
    this.rows.push(row);
  }

  handleCommandComplete(message: { text: string }): void {
    const command = message.text;
    this.results.push({ rows: this.rows, count: Number(/(\d+)$/.exec(command)?.[1] ?? 0), command });
    this.rows = [];
  }

  handleEmptyQuery(): void {
    this.results.push({ rows: [], count: 0, command: '' });
  }

  handleError(error: Error): void {
    // Whether a statement first given at or after the failure was prepared is unknown: the next batch does it anew.
    for (const at of this.fresh) if (at >= this.results.length) this.prepared[at]!.isDoubtful = true;
    const callback = this.callback;
    this.callback = undefined;
    callback?.(this.cut ?? error);
  }

  handleReadyForQuery(): void {
    const callback = this.callback;
    this.callback = undefined;
    callback?.(null);
  }

  handlePortalSuspended(): void {
    throw new Error('A batch reads every row');
  }

  handleCopyInResponse(connection: Wire): void {
    connection.sendCopyFail('A batch does not copy');
    // While it waited for data PostgreSQL threw the first one away.
    connection.sync();
  }

  handleCopyData(): void {
    // COPY OUT has no place in a batch.
  }
}

/** Connections not to be used again. */
const broken = new WeakSet<PoolClient>();
export const isBroken = (client: PoolClient): boolean => broken.has(client);

/** SQLSTATE of an error that PostgreSQL sent, '' for any other. */
export const codeOf = (cause: unknown): string => {
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : '';
};

/** The session ends (by an administrator, a crash or a timeout), or has lost the order of its messages. */
const ENDING = /^(57P|08|25P0[34])/;
/** A statement was lost, or the tables were migrated under it: what this session has prepared is no longer known. */
const isOutdated = (cause: { code?: unknown; routine?: unknown }): boolean =>
  cause.code === '26000' || (cause.code === '0A000' && cause.routine === 'RevalidateCachedQuery');
/** Whether the connection is not to be used again: what its transaction came to is then unknown. */
export const breaks = (error: Error): boolean =>
  codeOf(error) === '' || ENDING.test(codeOf(error)) || isOutdated(error as { code?: unknown });

/** Runs the statements in one round trip and returns one result for each, in order. */
export function runBatch(client: PoolClient, statements: readonly Statement[]): Promise<Result[]> {
  return new Promise((resolve, reject) => {
    const batch = new Batch(statements);
    batch.callback = (error) => {
      if (!error) return resolve(batch.results);
      if (breaks(error)) broken.add(client);
      reject(error);
    };
    client.query(batch as never);
  });
}
