import { randomUUID } from 'node:crypto';
import { type AuditEntry, COMMON_OWNER, type Verb } from '@stoettesystemer/access';
import { type Declaration, fromDatabase, invalid, now as clock, Refusal } from '@stoettesystemer/object';
import {
  codeOf,
  type Database,
  type Result,
  type Statement,
  type Transaction,
} from '@stoettesystemer/postgres';
import type { Ask, BulkItem, BulkResult } from './ask';
import { takenStatement } from './common';
import type { FactIds } from './fact-ids';
import { recordedStatement } from './full-history';
import { byObject, clockStatement, factOf, factStatement, heldOf, lockStatement } from './held';
import { type Barred, type Ground, judge, type Line, type Work } from './import-line';
import type { Piece } from './piece';
import { type Recording, recordStatements } from './recording';
import { Contended, type Foreseen, RuleLocks } from './rule-locks';
import type { RuleSight } from './rule-sight';

/** Milliseconds that an import waits for a lock of its rules: another one holds it for a whole batch. */
const PATIENCE = 20_000;

/** What an import asks of the store it belongs to. */
export interface ImportTools {
  readonly database: Database;
  readonly audit: (entry: AuditEntry) => Statement;
  readonly ids: FactIds;
  readonly types: readonly Declaration[];
  sightIn(tx: Transaction, locks: RuleLocks): RuleSight;
  checkRules(
    sight: RuleSight,
    recording: Recording,
    before: readonly Piece[],
    afterwards: readonly Piece[],
  ): Promise<void>;
  must(type: Declaration, verb: Verb): Promise<void>;
  /** Called after each import that was committed. */
  committed(written: number): Promise<void>;
}

/** Undoes a transaction whose results are all that was wanted. */
class OnlyValidated extends Error {
  constructor(readonly results: BulkResult[]) {
    super('only validated');
  }
}

const rejected = (item: BulkItem, refusal: Refusal): BulkResult => ({
  line: item.line,
  uuid: item.uuid ?? '',
  status: refusal.status,
  outcome: 'afvist',
  fejl: refusal.fejl.length > 0 ? refusal.fejl : [{ sti: '', kode: refusal.kode, besked: refusal.detail }],
});

/**
 * Writes many objects. All in one transaction when all are good; where one is refused late, by a rule or by the
 * database, the batch is halved until the bad line stands alone. Re-sending a line that says nothing new writes nothing.
 */
export async function importMany(
  tools: ImportTools,
  ask: Ask,
  items: readonly BulkItem[],
  validateOnly: boolean,
): Promise<BulkResult[]> {
  const barred = await barredFrom(tools, items);
  const results: BulkResult[] = [];
  // A UUID that comes twice is two registrations, so the second waits for the first.
  for (const batch of withoutRepetition(items))
    results.push(...(await attempt(tools, ask, barred, batch, validateOnly)));
  const written = results.filter(({ outcome }) => outcome !== 'afvist' && outcome !== 'uaendret').length;
  if (!validateOnly && written > 0) await tools.committed(written);
  return results;
}

/** Asked once for a type, and before there is a transaction: the log of a refusal needs a connection of its own. */
async function barredFrom(tools: ImportTools, items: readonly BulkItem[]): Promise<Barred> {
  const refusals = new Map<string, Refusal>();
  const named = new Set(items.map((item) => item.type));
  const withHistory = new Set(items.filter(({ history }) => history).map((item) => item.type));
  for (const type of tools.types) {
    const verbs: Verb[] = named.has(type.name) ? ['importer'] : [];
    if (withHistory.has(type.name)) verbs.push('historik');
    for (const verb of verbs)
      await tools.must(type, verb).catch((cause: unknown) => {
        if (!(cause instanceof Refusal)) throw cause;
        refusals.set(`${type.name} ${verb}`, cause);
      });
  }
  return ({ name }, verb) => refusals.get(`${name} ${verb}`);
}

function withoutRepetition(items: readonly BulkItem[]): BulkItem[][] {
  const batches: BulkItem[][] = [];
  let seen = new Set<string>();
  for (const item of items) {
    const uuid = item.uuid?.toLowerCase();
    if (batches.length === 0 || (uuid !== undefined && seen.has(uuid))) {
      batches.push([]);
      seen = new Set();
    }
    if (uuid !== undefined) seen.add(uuid);
    batches.at(-1)!.push(item);
  }
  return batches;
}

/** Somebody else made one of the objects first: now it is there, and its line is judged against it. */
const wasBeaten = (cause: unknown): boolean =>
  codeOf(cause) === '23505' && (cause as { constraint?: string }).constraint === 'object_pkey';

async function attempt(
  tools: ImportTools,
  ask: Ask,
  barred: Barred,
  items: readonly BulkItem[],
  validateOnly: boolean,
  foreseen: Foreseen = new Map(),
): Promise<BulkResult[]> {
  try {
    return await tools.database.transaction({ owner: ask.caller.owner }, async (tx) => {
      const results = await writeBatch(tools, tx, ask, barred, items, foreseen);
      if (validateOnly) throw new OnlyValidated(results);
      return results;
    });
  } catch (cause) {
    if (cause instanceof OnlyValidated) return cause.results;
    if (cause instanceof Contended)
      return attempt(tools, ask, barred, items, validateOnly, new Map([...foreseen, ...cause.names]));
    if (wasBeaten(cause)) return attempt(tools, ask, barred, items, validateOnly);
    const isOfOneLine = cause instanceof Refusal || /^(22|23)/.test(codeOf(cause));
    if (!isOfOneLine) throw cause;
    if (items.length === 1) return [rejected(items[0]!, refusalOf(cause))];
    const middle = items.length >> 1;
    return [
      ...(await attempt(tools, ask, barred, items.slice(0, middle), validateOnly)),
      ...(await attempt(tools, ask, barred, items.slice(middle), validateOnly)),
    ];
  }
}

const refusalOf = (cause: unknown): Refusal =>
  cause instanceof Refusal
    ? cause
    : invalid(codeOf(cause) === '23P01' ? 'overlap' : 'konflikt', '', 'Databasen afviste objektet.');

async function writeBatch(
  tools: ImportTools,
  tx: Transaction,
  ask: Ask,
  barred: Barred,
  items: readonly BulkItem[],
  foreseen: Foreseen,
): Promise<BulkResult[]> {
  const lines = items.map((item): Line => ({ ...item, uuid: item.uuid?.toLowerCase() ?? randomUUID() }));
  const groundOf = await lockedGround(tx, ask.caller.owner, lines);
  const works: Work[] = [];
  const results: BulkResult[] = [];
  for (const [at, line] of lines.entries()) {
    try {
      const { result, work } = judge(ask, tools.types, barred, line, groundOf(line));
      results.push(result);
      if (work) works.push(work);
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      results.push(rejected(items[at]!, cause));
    }
  }
  const recordings = works.flatMap((work) => work.recordings);
  const ids = await tools.ids.take(
    tx,
    recordings.reduce((sum, { add }) => sum + add.length, 0),
  );
  const statements = [
    ...(recordings.length > 0 ? recordStatements(ask, recordings, ids, clock()) : []),
    ...auditOf(tools, ask, lines, results),
  ];
  if (statements.length > 0) await tx.batch(statements);
  await keepRules(tools, tx, works, foreseen);
  return results;
}

/** @throws Refusal of the first line that breaks a rule; Contended when that cannot be told without waiting. */
async function keepRules(
  tools: ImportTools,
  tx: Transaction,
  works: readonly Work[],
  foreseen: Foreseen,
): Promise<void> {
  const locks = new RuleLocks(tx);
  await locks.foresee(foreseen, PATIENCE);
  const sight = tools.sightIn(tx, locks);
  for (const { recordings, before, afterwards } of works)
    await locks.judge(() => tools.checkRules(sight, recordings.at(-1)!, before, afterwards));
  locks.check();
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

const isDenied = ({ status }: BulkResult): boolean => status === 403 || status === 404;

/** What was changed, and what was denied, of each type. */
function auditOf(
  { types, audit }: ImportTools,
  { caller, transaction, purpose }: Ask,
  lines: readonly Line[],
  results: readonly BulkResult[],
): Statement[] {
  return types.flatMap(({ name }) => {
    const own = results.filter((_, at) => lines[at]!.type === name);
    const changed = own.filter(({ outcome }) => outcome !== 'afvist' && outcome !== 'uaendret');
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
