import { createPublicKey, createSecretKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuditEntry, auditRow, type Caller } from '@stoettesystemer/access';
import type { Transaction } from '@stoettesystemer/postgres';
import { callerOf, Journal, type TestDatabase, Ting } from '@stoettesystemer/testing';
import type { Client } from 'pg';
import { AuditChainer, type AuditChainerOptions } from '../audit-chainer';
import { type AuditCheck, checkAudit } from '../audit-check';

export const SERVICE = 'proeve';
export const OWNERS = ['12345678', '87654321', '19435075'] as const;
export const pseudonymKey = createSecretKey(Buffer.alloc(32, 1));

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const signingKey = pair.privateKey;
export const publicKey = createPublicKey(pair.privateKey);

const silent = { info: () => undefined, warn: () => undefined };
export const rootFolderOfTest = (): string => mkdtempSync(join(tmpdir(), 'roedder-'));

export const chainer = (url: string, more: Partial<AuditChainerOptions> = {}): AuditChainer =>
  new AuditChainer({ url, log: silent, pseudonymKey, types: [Ting, Journal], idle: 5, ...more });

export const whoever = (owner: string, subject?: string): Caller =>
  callerOf({ service: SERVICE, owner, types: [Journal], ...(subject === undefined ? {} : { subject }) });

/** Writes a line of the log in a transaction; answers its transaction id. */
export async function note(
  tx: Pick<Transaction, 'run'>,
  caller: Caller,
  more: Partial<AuditEntry> = {},
): Promise<string> {
  const transaction = randomUUID();
  const entry = { caller, transaction, operation: 'laes', type: 'Ting', allowed: true, count: 1, ...more };
  await tx.run(auditRow(entry, pseudonymKey));
  return transaction;
}

/** A line of its own, committed. */
export const noted = (db: TestDatabase, caller: Caller, more?: Partial<AuditEntry>): Promise<string> =>
  db.database.transaction({ owner: caller.owner }, (tx) => note(tx, caller, more));

/** Waits for something that is to come about by itself; the time is a backstop, not a demand. */
export async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + 30_000; !(await holds()); await new Promise((next) => setTimeout(next, 5)))
    if (Date.now() > end) throw new Error(`Never came about: ${what}`);
}

/** Until every row has its place and nothing can come below the floor. */
export const chained = (owner: Client): Promise<void> =>
  until(async () => {
    const { rows } = await owner.query<{ left: number; settled: boolean }>(
      `select (select count(*)::int from audit a where not exists
          (select from audit_chain c where c.owner = a.owner and c.id = a.id)) as left,
        (select number from audit_floor) = (select case when is_called then last_value else 0 end from audit_id_seq) as settled`,
    );
    return rows[0]!.left === 0 && rows[0]!.settled;
  }, 'a whole chain');

export const checkOf = (url: string, folder?: string): Promise<AuditCheck> =>
  checkAudit(url, { service: SERVICE, keys: [publicKey], ...(folder === undefined ? {} : { folder }) });

/** As a superuser does it who does not want to be noticed. */
export async function behindTheBack(owner: Client, sql: string, values: unknown[] = []): Promise<void> {
  await owner.query('set session_replication_role = replica');
  await owner.query(sql, values);
  await owner.query('set session_replication_role = origin');
}
