import { randomUUID } from 'node:crypto';
import { COMMON_OWNER } from '@stoettesystemer/access';
import { fromDatabase, Refusal } from '@stoettesystemer/object';
import { codeOf, type Result, type Statement, type Transaction } from '@stoettesystemer/postgres';
import type { Ask, BulkItem, BulkResult } from './ask';
import type { Ground, Judged, Line, Work } from './bulk-line';
import { takenStatement } from './common';
import { recordedStatement } from './full-history';
import { byObject, clockStatement, factOf, factStatement, heldOf, lockStatement } from './held';
import { type Barred, judge } from './import-line';
import type { ImportTools } from './import-tools';

/** Milliseconds that an import waits for a lock of its rules: another one holds it for a whole batch. */
export const PATIENCE = 20_000;

/** Undoes a transaction whose results are all that was wanted. */
export class Undone extends Error {
  constructor(readonly results: readonly BulkResult[]) {
    super('nothing was to be written');
  }
}

export const rejected = (item: BulkItem, refusal: Refusal): BulkResult => ({
  line: item.line,
  uuid: item.uuid ?? '',
  status: refusal.status,
  outcome: 'afvist',
  fejl: refusal.fejl.length > 0 ? refusal.fejl : [{ sti: '', kode: refusal.kode, besked: refusal.detail }],
});

/** Somebody else made one of the objects first: now it is there, and its line is judged against it. */
export const wasBeaten = (cause: unknown): boolean =>
  codeOf(cause) === '23505' && (cause as { constraint?: string }).constraint === 'object_pkey';

/** The database has refused what a line says. */
export const isOfOneLine = (cause: unknown): boolean => /^(22|23)/.test(codeOf(cause));

/** Lines, and what each comes to: a place in each list for every line. */
export interface Judgement {
  readonly lines: readonly Line[];
  readonly results: readonly BulkResult[];
  /** Undefined where the line is refused, or says nothing new. */
  readonly works: readonly (Work | undefined)[];
}

/** Judges lines, no two of one object, each under the lock of its object. Nothing is written. */
export async function judgeLines(
  { types }: ImportTools,
  tx: Transaction,
  ask: Ask,
  barred: Barred,
  items: readonly BulkItem[],
): Promise<Judgement> {
  const lines = items.map((item): Line => ({ ...item, uuid: item.uuid?.toLowerCase() ?? randomUUID() }));
  const groundOf = await lockedGround(tx, ask.caller.owner, lines);
  const judged = lines.map((line, at): Judged => {
    try {
      return judge(ask, types, barred, line, groundOf(line));
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      return { result: rejected(items[at]!, cause) };
    }
  });
  return { lines, results: judged.map(({ result }) => result), works: judged.map(({ work }) => work) };
}

/** Locks the objects of the lines and reads what each must be judged against. */
async function lockedGround(
  tx: Transaction,
  owner: string,
  lines: readonly Line[],
): Promise<(line: Line) => Ground> {
  const uuids = lines.map(({ uuid }) => uuid).sort();
  const chronicles = lines.filter(({ history }) => history).map(({ uuid }) => uuid);
  const [locked, seen, time, taken, recorded] = (await tx.batch([
    lockStatement(owner, uuids),
    factStatement(owner, uuids, { slots: [], facets: null }),
    clockStatement,
    takenStatement(owner === COMMON_OWNER ? [] : uuids),
    recordedStatement(owner, chronicles),
  ])) as [Result, Result, Result, Result, Result];
  const held = new Map(locked.rows.map((row) => [row['id'] as string, heldOf(row)]));
  const facts = byObject(seen.rows);
  const former = byObject(recorded.rows);
  const common = new Map(taken.rows.map((row) => [row['id'] as string, row]));
  const present = fromDatabase(time.rows[0]!['now'] as string);
  return ({ uuid }) => ({
    held: held.get(uuid) ?? null,
    facts: (facts.get(uuid) ?? []).map(factOf),
    taken: common.get(uuid) ?? null,
    recorded: former.get(uuid) ?? [],
    present,
  });
}

export const isWritten = ({ outcome }: BulkResult): boolean => outcome !== 'afvist' && outcome !== 'uaendret';
const isDenied = ({ status }: BulkResult): boolean => status === 403 || status === 404;

/** What was changed, and what was denied, of each type. */
export function auditOf(
  { types, audit }: ImportTools,
  { caller, transaction, purpose }: Ask,
  items: readonly Pick<BulkItem, 'type'>[],
  results: readonly BulkResult[],
): Statement[] {
  return types.flatMap(({ name }) => {
    const own = results.filter((_, at) => items[at]!.type === name);
    const changed = own.filter(isWritten);
    const denied = own.filter(isDenied);
    const entry = { caller, transaction, purpose, operation: 'importer_mange', type: name };
    const uuidsOf = (some: readonly BulkResult[]) => some.map(({ uuid }) => uuid).filter(Boolean);
    return [
      ...(changed.length > 0
        ? [audit({ ...entry, objects: uuidsOf(changed), count: changed.length, allowed: true })]
        : []),
      ...(denied.length > 0
        ? [audit({ ...entry, objects: uuidsOf(denied), allowed: false, rule: 'adgang' })]
        : []),
    ];
  });
}
