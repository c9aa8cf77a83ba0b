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

/** Of one municipality: what each of the columns says in all of the rows. */
const textOfMany = `insert into audit (owner, transaction, system, subject, assurance, agreement, operation, type,
    objects, criteria, purpose, count, allowed, rule)
  select $1::int, transaction, system, subject, assurance, agreement, operation, type, objects::uuid[], criteria,
      purpose, count, allowed, rule
    from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::text[], $9::text[],
      $10::json[], $11::text[], $12::int[], $13::boolean[], $14::text[])
      as r (transaction, system, subject, assurance, agreement, operation, type, objects, criteria, purpose, count,
        allowed, rule)`;

const columnsOf = (entry: AuditEntry, key: KeyObject) => {
  const { caller, objects = [], criteria, names, purpose, count, rule } = entry;
  return [
    entry.transaction,
    caller.system,
    caller.subject,
    caller.assurance,
    caller.agreement,
    entry.operation,
    entry.type,
    objects,
    criteria === undefined ? null : JSON.stringify(pseudonymise(criteria, key, names)),
    purpose ?? null,
    count ?? null,
    entry.allowed,
    rule ?? null,
  ] as const;
};
const OBJECTS = 7;

/**
 * To be run in the transaction that reads or changes: without the row, nothing is given and nothing is done.
 * @param key for the pseudonyms of citizens; the same in all services, or one citizen's rows cannot be found again.
 */
export const auditRow = (entry: AuditEntry, key: KeyObject): Statement => ({
  name: 'audit-add',
  text,
  values: [entry.caller.owner, ...columnsOf(entry, key)],
});

/** The rows of several who did something together, at least one, all for the same municipality. */
export function auditRows(entries: readonly AuditEntry[], key: KeyObject): Statement {
  const [first, ...more] = entries;
  if (more.length === 0) return auditRow(first!, key);
  const rows = entries.map((entry) => columnsOf(entry, key));
  const column = (at: number) =>
    rows.map((row) => (at === OBJECTS ? `{${row[OBJECTS].join(',')}}` : row[at]));
  return {
    name: 'audit-add-many',
    text: textOfMany,
    values: [first!.caller.owner, ...rows[0]!.map((_, at) => column(at))],
  };
}
