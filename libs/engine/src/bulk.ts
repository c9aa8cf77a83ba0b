import { randomUUID } from 'node:crypto';
import { allows, type AuditEntry, type Verb } from '@stoettesystemer/access';
import {
  type Declaration,
  fromDatabase,
  invalid,
  type Instant,
  now as clock,
  parseInstant,
  Refusal,
} from '@stoettesystemer/object';
import { codeOf, type Database, type Statement, type Transaction } from '@stoettesystemer/postgres';
import type { Ask, BulkItem, BulkResult, FormerRegistration } from './ask';
import { after, type Draft, draftWhole } from './draft';
import type { FactIds } from './fact-ids';
import { clockStatement, factOf, factStatement, type Held, heldOf, lockStatement } from './held';
import type { Fact, Piece } from './piece';
import { actorOf, type Lifecycle, type Recording, recordStatements } from './recording';
import { checkRequirements, requiredFacets } from './requirements';
import type { RuleSight } from './rule-sight';
import { scopesOf } from './scopes';

/** What an import asks of the store it belongs to. */
export interface ImportTools {
  readonly database: Database;
  readonly audit: (entry: AuditEntry) => Statement;
  readonly ids: FactIds;
  readonly types: readonly Declaration[];
  sightIn(tx: Transaction): RuleSight;
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
  const results: BulkResult[] = [];
  // A UUID that comes twice is two registrations, so the second waits for the first.
  for (const batch of withoutRepetition(items))
    results.push(...(await attempt(tools, ask, batch, validateOnly)));
  const written = results.filter(({ outcome }) => outcome !== 'afvist' && outcome !== 'uaendret').length;
  if (!validateOnly && written > 0) await tools.committed(written);
  return results;
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

async function attempt(
  tools: ImportTools,
  ask: Ask,
  items: readonly BulkItem[],
  validateOnly: boolean,
): Promise<BulkResult[]> {
  try {
    return await tools.database.transaction({ owner: ask.caller.owner }, async (tx) => {
      const results = await writeBatch(tools, tx, ask, items);
      if (validateOnly) throw new OnlyValidated(results);
      return results;
    });
  } catch (cause) {
    if (cause instanceof OnlyValidated) return cause.results;
    const isOfOneLine = cause instanceof Refusal || /^(22|23)/.test(codeOf(cause));
    if (!isOfOneLine) throw cause;
    if (items.length === 1) return [rejected(items[0]!, refusalOf(cause))];
    const middle = items.length >> 1;
    return [
      ...(await attempt(tools, ask, items.slice(0, middle), validateOnly)),
      ...(await attempt(tools, ask, items.slice(middle), validateOnly)),
    ];
  }
}

const refusalOf = (cause: unknown): Refusal =>
  cause instanceof Refusal
    ? cause
    : invalid(codeOf(cause) === '23P01' ? 'overlap' : 'konflikt', '', 'Databasen afviste objektet.');

interface Work {
  readonly recordings: readonly Recording[];
  readonly before: readonly Fact[];
  readonly afterwards: readonly Piece[];
}

async function writeBatch(
  tools: ImportTools,
  tx: Transaction,
  ask: Ask,
  items: readonly BulkItem[],
): Promise<BulkResult[]> {
  const { owner } = ask.caller;
  const named = items.map((item) => ({ ...item, uuid: item.uuid?.toLowerCase() ?? randomUUID() }));
  const uuids = named.map(({ uuid }) => uuid).sort();
  const [locked, seen, time] = await tx.batch([
    lockStatement(owner, uuids),
    factStatement(owner, uuids, { slots: [], facets: null }),
    clockStatement,
  ]);
  const held = new Map(locked!.rows.map((row) => [row['id'] as string, heldOf(row)]));
  const facts = new Map<string, Fact[]>();
  for (const row of seen!.rows) {
    const list = facts.get(row['object_id'] as string);
    if (list) list.push(factOf(row));
    else facts.set(row['object_id'] as string, [factOf(row)]);
  }
  const present = fromDatabase(time!.rows[0]!['now'] as string);
  const works: Work[] = [];
  const results: BulkResult[] = [];
  for (const item of named) {
    try {
      const { result, work } = await prepare(
        tools,
        ask,
        item,
        held.get(item.uuid) ?? null,
        facts.get(item.uuid) ?? [],
        present,
      );
      results.push(result);
      if (work) works.push(work);
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      results.push(rejected(item, cause));
    }
  }
  const recordings = works.flatMap((work) => work.recordings);
  if (recordings.length === 0) return results;
  const ids = await tools.ids.take(recordings.reduce((sum, { add }) => sum + add.length, 0));
  const uuidsWritten = [...new Set(recordings.map(({ uuid }) => uuid))];
  await tx.batch([
    ...recordStatements(ask, recordings, ids, clock()),
    tools.audit({
      type: null,
      caller: ask.caller,
      transaction: ask.transaction,
      operation: 'importer_mange',
      objects: uuidsWritten,
      allowed: true,
      count: uuidsWritten.length,
    }),
  ]);
  const sight = tools.sightIn(tx);
  for (const { recordings: written, before, afterwards } of works)
    await tools.checkRules(sight, written.at(-1)!, before, afterwards);
  return results;
}

async function prepare(
  tools: ImportTools,
  ask: Ask,
  item: BulkItem & { uuid: string },
  held: Held | null,
  facts: readonly Fact[],
  present: Instant,
): Promise<{ result: BulkResult; work?: Work }> {
  const type = tools.types.find(({ name }) => name === item.type);
  if (!type) throw invalid('objekttype', '/objekttype', 'Tjenesten har ikke objekttypen.');
  await tools.must(type, 'importer');
  if (held && held.type !== type.name)
    throw new Refusal(409, 'uuid_optaget', 'UUID er i brug til et objekt af anden type.');
  if (held && !allows(ask.caller, type, 'importer', { owner: ask.caller.owner, scopes: held.scopes }))
    throw new Refusal(404, 'findes_ikke', 'Objektet findes ikke.');
  const line = { line: item.line, uuid: item.uuid };
  if (item.history) {
    await tools.must(type, 'historik');
    if (held)
      throw new Refusal(
        409,
        'livscyklus',
        'Fuld historik kan kun lægges ind for et objekt, der ikke findes.',
      );
    const work = historyOf(ask, type, item.uuid, item.history, present);
    mayStand(ask, type, work.recordings);
    return { result: { ...line, status: 201, outcome: 'oprettet' }, work };
  }
  const isDead = held?.lifecycle === 'Passiveret' || held?.lifecycle === 'Slettet';
  const draft = draftWhole(type, item.input, facts);
  if (held && !isDead && draft.changed.length === 0)
    return { result: { ...line, status: 200, outcome: 'uaendret' } };
  const afterwards = after(facts, draft);
  checkRequirements(type, new Set([...draft.changed, ...requiredFacets(type)]), afterwards);
  const recording: Recording = {
    type,
    uuid: item.uuid,
    isNew: held === null,
    number: (held?.number ?? 0) + 1,
    at: held && present <= held.recordedAt ? held.recordedAt + 1n : present,
    lifecycle: held && !isDead ? 'Rettet' : 'Importeret',
    actor: actorOf(ask, item.input),
    note: item.input.note ?? null,
    sourceTime: item.input.tidspunkt ?? null,
    close: draft.close,
    add: draft.add,
    scopes: scopesOf(type, afterwards),
    changed: draft.changed,
  };
  mayStand(ask, type, [recording]);
  const result: BulkResult = held
    ? { ...line, status: 200, outcome: isDead ? 'importeret' : 'rettet' }
    : { ...line, status: 201, outcome: 'oprettet' };
  return { result, work: { recordings: [recording], before: facts, afterwards } };
}

function mayStand({ caller }: Ask, type: Declaration, recordings: readonly Recording[]): void {
  for (const { scopes } of recordings)
    if (!allows(caller, type, 'importer', { owner: caller.owner, scopes }))
      throw new Refusal(403, 'dataafgraensning', 'Objektet ligger uden for aftalens dataafgrænsning.');
}

const LIFECYCLES: readonly Lifecycle[] = ['Opstaaet', 'Importeret', 'Rettet', 'Passiveret', 'Slettet'];

/** A new object with every registration it had in the system it comes from; each becomes an event (contract §7). */
function historyOf(
  ask: Ask,
  type: Declaration,
  uuid: string,
  history: readonly FormerRegistration[],
  present: Instant,
): Work {
  if (history.length === 0) throw invalid('historik', '/registreringer', 'Historikken er tom.');
  const times = history.map(({ fra }) => parseInstant(fra));
  const ends = new Map<Piece, Instant>();
  const recordings: Recording[] = [];
  let live: Piece[] = [];
  history.forEach((registration, n) => {
    const sti = `/registreringer/${n}`;
    const at = times[n] ?? null;
    if (at === null)
      throw invalid('tidspunkt', `${sti}/fra`, 'Registreringens fra er ikke et tidspunkt med tidszone.');
    if (n > 0 && at <= times[n - 1]!)
      throw invalid('raekkefoelge', `${sti}/fra`, 'Registreringerne skal stå i rækkefølge.');
    if (at > present) throw invalid('fremtid', `${sti}/fra`, 'En registrering kan ikke ligge i fremtiden.');
    const draft: Draft = draftWhole(type, registration, live as Fact[]);
    for (const piece of draft.close) ends.set(piece, at);
    live = after(live as Fact[], draft);
    checkRequirements(type, requiredFacets(type), live);
    const lifecycle = (registration.livscyklus ?? (n === 0 ? 'Importeret' : 'Rettet')) as Lifecycle;
    if (!LIFECYCLES.includes(lifecycle))
      throw invalid('livscyklus', `${sti}/livscyklus`, 'Livscyklus kendes ikke.');
    recordings.push({
      type,
      uuid,
      isNew: true,
      number: n + 1,
      at,
      lifecycle,
      actor: actorOf(ask, registration),
      note: registration.note ?? null,
      sourceTime: registration.tidspunkt ?? null,
      // Facts of a history are written with their end, so nothing is left to close.
      close: [],
      add: draft.add,
      scopes: scopesOf(type, live),
      changed: draft.changed,
      ends,
      born: times[0]!,
      isLast: n === history.length - 1,
    });
  });
  return { recordings, before: [], afterwards: live };
}
