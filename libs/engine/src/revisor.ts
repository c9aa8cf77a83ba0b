import type { Declaration } from '@stoettesystemer/object';
import { poolFor, ROLES } from '@stoettesystemer/postgres';
import type { PoolClient } from 'pg';
import { CHECKS, type Finding } from './revisor-checks';
import { derivedFindings } from './revisor-derived';

export interface Revision {
  readonly findings: readonly Finding[];
  /** Rows that were looked at, by table. */
  readonly counted: Readonly<Record<string, number>>;
}

export interface RevisionOptions {
  /** The service's types; with them what is derived from facts (search terms, data restrictions) is worked out anew. */
  readonly types?: readonly Declaration[];
  /** Findings of one kind at most. */
  readonly most?: number;
}

const TABLES = ['object', 'registration', 'fact', 'term', 'prose', 'outbox', 'feed', 'audit', 'idempotency'];

/**
 * Checks a service's database for what must never be (trust §3.4: I1-I7, I10, I11), all of it as it was at one moment.
 * Reads every row, and nobody waits for it. `url` is the login's, who owns the tables or may take on `stoette_opslag`.
 */
export async function revise(
  url: string,
  { types = [], most = 100 }: RevisionOptions = {},
): Promise<Revision> {
  const pool = poolFor(url, { size: 1, statementTimeout: 0 });
  const client = await pool.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query(`set local idle_in_transaction_session_timeout = 0; set local role ${ROLES.lookup}`);
    const counted: Record<string, number> = {};
    for (const table of TABLES) counted[table] = await count(client, table);
    const findings: Finding[] = [];
    for (const { invariant, what, sql } of CHECKS) {
      const { rows } = await client.query<Finding['keys']>(`${sql} limit $1`, [most]);
      findings.push(...rows.map((keys) => ({ invariant, what, keys })));
    }
    if (types.length > 0) findings.push(...(await derivedFindings(client, types, most)));
    return { findings, counted };
  } finally {
    client.release(true);
    await pool.end();
  }
}

const count = async (client: PoolClient, table: string): Promise<number> =>
  (await client.query<{ n: number }>(`select count(*)::float8 as n from ${table}`)).rows[0]?.n ?? 0;
