import type { Verb } from '@stoettesystemer/access';
import { invalid, now as clock, Refusal } from '@stoettesystemer/object';
import { codeOf, type Transaction } from '@stoettesystemer/postgres';
import type { Ask, BulkItem, BulkResult } from './ask';
import { writeTogether } from './atomic-import';
import type { Work } from './bulk-line';
import {
  auditOf,
  isOfOneLine,
  isWritten,
  judgeLines,
  PATIENCE,
  rejected,
  Undone,
  wasBeaten,
} from './import-batch';
import { type Barred, verbsOf } from './import-line';
import type { ImportTools } from './import-tools';
import { recordStatements } from './recording';
import { Contended, type Foreseen, RuleLocks } from './rule-locks';

export interface ImportOptions {
  readonly validateOnly?: boolean;
  /** All or nothing: one transaction, in which the rules see every line written. */
  readonly atomic?: boolean;
}

/**
 * Writes many objects. All in one transaction when all are good; where one is refused late, by a rule or by the
 * database, the batch is halved until the bad line stands alone, unless they are to stand together. Re-sending a line
 * that says nothing new writes nothing.
 */
export async function importMany(
  tools: ImportTools,
  ask: Ask,
  items: readonly BulkItem[],
  { validateOnly = false, atomic = false }: ImportOptions,
): Promise<BulkResult[]> {
  const barred = await barredFrom(tools, items);
  const results: BulkResult[] = [];
  if (atomic) {
    const searching = { ...tools, checkRules: async () => undefined };
    const late = (some: readonly BulkItem[]) => attempt(searching, ask, barred, some, true);
    results.push(...(await writeTogether(tools, ask, barred, items, { validateOnly, late })));
  } else {
    // A UUID that comes twice is two registrations, so the second waits for the first.
    for (const batch of withoutRepetition(items))
      results.push(...(await attempt(tools, ask, barred, batch, validateOnly)));
  }
  const isKept = !validateOnly && !(atomic && results.some(({ outcome }) => outcome === 'afvist'));
  const written = isKept ? results.filter(isWritten).length : 0;
  if (written > 0) await tools.committed(written);
  return results;
}

/** Asked once for a type, and before there is a transaction: the log of a refusal needs a connection of its own. */
async function barredFrom(tools: ImportTools, items: readonly BulkItem[]): Promise<Barred> {
  const refusals = new Map<string, Refusal>();
  const needed = new Set(items.flatMap((item) => verbsOf(item).map((verb) => `${item.type} ${verb}`)));
  for (const type of tools.types)
    for (const verb of VERBS.filter((each) => needed.has(`${type.name} ${each}`)))
      await tools.must(type, verb).catch((cause: unknown) => {
        if (!(cause instanceof Refusal)) throw cause;
        refusals.set(`${type.name} ${verb}`, cause);
      });
  return ({ name }, verb) => refusals.get(`${name} ${verb}`);
}

const VERBS: readonly Verb[] = ['importer', 'historik', 'skriv', 'slet'];

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

async function attempt(
  tools: ImportTools,
  ask: Ask,
  barred: Barred,
  items: readonly BulkItem[],
  validateOnly: boolean,
  foreseen: Foreseen = new Map(),
): Promise<readonly BulkResult[]> {
  try {
    return await tools.database.transaction({ owner: ask.caller.owner }, async (tx) => {
      const results = await writeBatch(tools, tx, ask, barred, items, foreseen);
      if (validateOnly) throw new Undone(results);
      return results;
    });
  } catch (cause) {
    if (cause instanceof Undone) return cause.results;
    if (cause instanceof Contended)
      return attempt(tools, ask, barred, items, validateOnly, new Map([...foreseen, ...cause.names]));
    if (wasBeaten(cause)) return attempt(tools, ask, barred, items, validateOnly);
    if (!(cause instanceof Refusal) && !isOfOneLine(cause)) throw cause;
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
): Promise<readonly BulkResult[]> {
  const { lines, results, works } = await judgeLines(tools, tx, ask, barred, items);
  const written = works.filter((work) => work !== undefined);
  const recordings = written.flatMap((work) => work.recordings);
  const count = recordings.reduce((sum, { add }) => sum + add.length, 0);
  const ids = await tools.ids.take(tx, count);
  const statements = [
    ...(recordings.length > 0 ? recordStatements(ask, recordings, ids, clock()) : []),
    ...auditOf(tools, ask, lines, results),
  ];
  if (statements.length > 0) await tx.batch(statements);
  await keepRules(tools, tx, written, foreseen);
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
  for (const work of works) await locks.judge(() => tools.checkRules(sight, work));
  locks.check();
}
