import type { KeyObject } from 'node:crypto';
import type { Statement } from '@stoettesystemer/postgres';
import type { Caller } from './caller';
import { pseudonymise } from './pseudonym';

/** One line of the security log: who did what to which objects, why, and whether it was allowed (O1). */
export interface AuditEntry {
  readonly caller: Caller;
  /** x-TransaktionsId, a UUID. */
  readonly transaction: string | null;
  /** `laes`, `soeg`, `ret`, … */
  readonly operation: string;
  readonly type: string | null;
  /** UUIDs. */
  readonly objects?: readonly string[];
  /** What was searched for; CPR numbers in it become pseudonyms. */
  readonly criteria?: unknown;
  /** Texts in it that are names of citizens, and become pseudonyms as well: the log is kept when they are forgotten. */
  readonly names?: ReadonlySet<string> | undefined;
  /** Why a person is looked up (O2). */
  readonly purpose?: string | null;
  /** How many objects were given. */
  readonly count?: number | null;
  readonly allowed: boolean;
  /** Which rule refused. */
  readonly rule?: string | null;
}

const text = `insert into audit (owner, transaction, system, subject, assurance, agreement, operation, type, objects,
    criteria, purpose, count, allowed, rule)
  values ($1::int, $2::uuid, $3::uuid, $4, $5, $6::uuid, $7, $8, $9::uuid[], $10::json, $11, $12::int, $13, $14)`;

/**
 * To be run in the transaction that reads or changes: without the row, nothing is given and nothing is done.
 * @param key for the pseudonyms of citizens; the same in all services, or one citizen's rows cannot be found again.
 */
export const auditRow = (entry: AuditEntry, key: KeyObject): Statement => {
  const {
    caller,
    transaction,
    operation,
    type,
    objects = [],
    criteria,
    names,
    purpose,
    count,
    allowed,
    rule,
  } = entry;
  return {
    name: 'audit-add',
    text,
    values: [
      caller.owner,
      transaction,
      caller.system,
      caller.subject,
      caller.assurance,
      caller.agreement,
      operation,
      type,
      objects,
      criteria === undefined ? null : JSON.stringify(pseudonymise(criteria, key, names)),
      purpose ?? null,
      count ?? null,
      allowed,
      rule ?? null,
    ],
  };
};
