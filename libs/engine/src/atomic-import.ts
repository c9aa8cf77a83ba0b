import { invalid, now as clock, Refusal } from '@stoettesystemer/object';
import type { Transaction } from '@stoettesystemer/postgres';
import type { Ask, BulkItem, BulkResult } from './ask';
import type { Work } from './bulk-line';
import { auditOf, isOfOneLine, judgeLines, PATIENCE, rejected, Undone, wasBeaten } from './import-batch';
import type { Barred } from './import-line';
import type { ImportTools } from './import-tools';
import { recordStatements } from './recording';
import { Contended, type Foreseen, RuleLocks } from './rule-locks';

/** Registrations written by one set of statements. */
const CHUNK = 500;

export interface TogetherOptions {
  readonly validateOnly: boolean;
  /** Finds the lines that only the database refuses; writes nothing, and asks no rule. */
  late(items: readonly BulkItem[]): Promise<readonly BulkResult[]>;
}

const patience = {
  name: 'together-patience',
  text: `select set_config('lock_timeout', $1, true)`,
  values: [`${PATIENCE}`],
};

/**
 * Writes all of the lines or none. The rules are asked when everything is written, and of every line, so that all that is
 * wrong is told at once; not where a line is refused by itself, for what is then missing would be found missing by others.
 * Results are in the order of the lines: each line's own, as if it had been written.
 */
export async function writeTogether(
  tools: ImportTools,
  ask: Ask,
  barred: Barred,
  items: readonly BulkItem[],
  { validateOnly, late }: TogetherOptions,
): Promise<readonly BulkResult[]> {
  const repeated = repetitionsIn(items);
  const once = items.filter((item) => !repeated.has(item));
  const isKept = !validateOnly && repeated.size === 0;
  const judged = await attempt(tools, ask, barred, once, isKept, late);
  const results = judged[Symbol.iterator]();
  return items.map((item) => repeated.get(item) ?? results.next().value!);
}

/** The lines about an object that an earlier line is about. */
function repetitionsIn(items: readonly BulkItem[]): ReadonlyMap<BulkItem, BulkResult> {
  const seen = new Set<string>();
  const repeated = new Map<BulkItem, BulkResult>();
  for (const item of items) {
    const uuid = item.uuid?.toLowerCase();
    if (uuid === undefined) continue;
    if (seen.has(uuid))
      repeated.set(
        item,
        rejected(item, invalid('gentaget', '/uuid', 'Samlingen har allerede en linje om det samme objekt.')),
      );
    seen.add(uuid);
  }
  return repeated;
}

async function attempt(
  tools: ImportTools,
  ask: Ask,
  barred: Barred,
  items: readonly BulkItem[],
  isKept: boolean,
  late: TogetherOptions['late'],
  foreseen: Foreseen = new Map(),
): Promise<readonly BulkResult[]> {
  const { owner } = ask.caller;
  const again = (names: Foreseen) => attempt(tools, ask, barred, items, isKept, late, names);
  try {
    return await tools.database.transaction({ owner }, async (tx) => {
      const results = await write(tools, tx, ask, barred, items, foreseen);
      if (!isKept) throw new Undone(results);
      return results;
    });
  } catch (cause) {
    if (cause instanceof Undone) {
      await logDenials(tools, ask, items, cause.results);
      return cause.results;
    }
    if (cause instanceof Contended) return again(new Map([...foreseen, ...cause.names]));
    if (wasBeaten(cause)) return again(new Map());
    if (!isOfOneLine(cause)) throw cause;
    const results = await late(items);
    if (!results.some(({ outcome }) => outcome === 'afvist')) throw cause;
    return results;
  }
}

/** @throws Undone with all results when a line is refused. */
async function write(
  tools: ImportTools,
  tx: Transaction,
  ask: Ask,
  barred: Barred,
  items: readonly BulkItem[],
  foreseen: Foreseen,
): Promise<readonly BulkResult[]> {
  // Another one may hold the objects for a whole set.
  await tx.run(patience);
  const { lines, results, works } = await judgeLines(tools, tx, ask, barred, items);
  if (results.some(({ outcome }) => outcome === 'afvist')) throw new Undone(results);
  await record(
    tools,
    tx,
    ask,
    works.filter((work) => work !== undefined),
  );
  const broken = await brokenRules(tools, tx, works, foreseen);
  if (broken.size > 0)
    throw new Undone(
      results.map((result, at) => (broken.has(at) ? rejected(lines[at]!, broken.get(at)!) : result)),
    );
  await tx.batch(auditOf(tools, ask, lines, results));
  return results;
}

/** In the order of the UUIDs over all the chunks: two sets that make the same objects wait for each other in one order. */
async function record(tools: ImportTools, tx: Transaction, ask: Ask, works: readonly Work[]): Promise<void> {
  const uuidOf = ({ recordings }: Work): string => recordings[0]!.uuid;
  const sorted = [...works].sort((a, b) => (uuidOf(a) < uuidOf(b) ? -1 : 1));
  for (let at = 0; at < sorted.length; at += CHUNK) {
    const recordings = sorted.slice(at, at + CHUNK).flatMap((work) => work.recordings);
    const count = recordings.reduce((sum, { add }) => sum + add.length, 0);
    await tx.batch(recordStatements(ask, recordings, await tools.ids.take(tx, count), clock()));
  }
}

/** The refusals of the rules, by line. @throws Contended when they cannot be told without waiting. */
async function brokenRules(
  tools: ImportTools,
  tx: Transaction,
  works: readonly (Work | undefined)[],
  foreseen: Foreseen,
): Promise<ReadonlyMap<number, Refusal>> {
  const locks = new RuleLocks(tx);
  await locks.foresee(foreseen, PATIENCE);
  const sight = tools.sightIn(tx, locks);
  const broken = new Map<number, Refusal>();
  for (const [at, work] of works.entries()) {
    if (!work) continue;
    try {
      await tools.checkRules(sight, work);
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      broken.set(at, cause);
    }
  }
  locks.check();
  return broken;
}

/** What was denied in a transaction that was undone was denied all the same (O1). */
async function logDenials(
  tools: ImportTools,
  ask: Ask,
  items: readonly BulkItem[],
  results: readonly BulkResult[],
): Promise<void> {
  const denied = results.map((result): BulkResult =>
    result.outcome === 'afvist' ? result : { ...result, outcome: 'uaendret' },
  );
  const rows = auditOf(tools, ask, items, denied);
  if (rows.length > 0) await tools.database.batch({ owner: ask.caller.owner }, rows);
}
