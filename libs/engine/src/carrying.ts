import type { AuditEntry } from '@stoettesystemer/access';
import { now as clock } from '@stoettesystemer/object';
import type { Result, Row, Statement, Transaction } from '@stoettesystemer/postgres';
import type { AsOf, Written } from './ask';
import { standingOf, type Wanted, type Work, workOf } from './change-work';
import type { ChangingTools } from './changing';
import { eraseStatements } from './erasure';
import { veiled, withheldFrom } from './guarded';
import { rememberAnswer } from './idempotency';
import { operationOf, VERBS } from './plan';
import { type Recording, recordStatements } from './recording';
import { type Foreseen, RuleLocks } from './rule-locks';
import { RuleSight } from './rule-sight';
import { objectColumns, snapshotOf } from './snapshot';
import { Binder } from './statement';

const AS_IT_IS: AsOf = { virkning: 'alle', registrering: 'nu' };

/**
 * Law 4 for requests of one owner, no two about one object: lock, may-before, record, rules, may-after, audit, outbox;
 * then what is remembered, and commit.
 * @param alone what the rules' locks are waited for, by one request that waits for what others hold, and learns why it is
 * refused; null for several, of which none waits and one that is refused is left out, to be carried alone.
 * @throws Refusal, Contended, or the database's error: then nothing was done of any.
 */
export async function carry(
  tools: ChangingTools,
  tx: Transaction,
  wanted: readonly Wanted[],
  alone: Foreseen | null,
): Promise<readonly (Written | undefined)[]> {
  const { owner } = wanted[0]!.ask.caller;
  const standing = await standingOf(tx, owner, wanted, alone !== null);
  const judged: (Work | undefined)[] = [];
  for (const [at, each] of wanted.entries())
    try {
      judged.push(await workOf({ ...tools, tx }, each, standing[at]!));
    } catch (cause) {
      if (alone) throw cause;
      judged.push(undefined);
    }
  const works = judged.filter((work) => work !== undefined);
  const changes = works.filter(({ recordings }) => recordings.length > 0);
  const recording = await recordingStatements(tools, tx, changes);
  const ruled = changes.filter(({ type, plan }) => (plan.rules ?? tools.rulebook.of(type)).length > 0);
  if (ruled.length > 0) {
    await tx.batch(recording);
    await keepRules(tools, tx, ruled, alone ?? new Map());
  }
  const shown = works.filter(isShown);
  const last = [
    ...(ruled.length > 0 ? [] : recording),
    ...(changes.length > 0 ? [tools.reach.auditAll(changes.map(auditOf))] : []),
    ...(shown.length > 0 ? [presenting(owner, shown)] : []),
  ];
  const isRemembered = works.some(({ ask }) => ask.idempotency && ask.answer);
  const results = isRemembered ? await tx.batch(last) : await tx.finish(last);
  const told = toldBy(shown.length > 0 ? results.at(-1)! : null);
  if (isRemembered) await tx.finish(works.flatMap((work) => remembering(work, told(work))));
  return judged.map((work) => work && told(work));
}

async function recordingStatements(
  tools: ChangingTools,
  tx: Transaction,
  changes: readonly Work[],
): Promise<Statement[]> {
  if (changes.length === 0) return [];
  const { ask } = changes[0]!;
  const { owner } = ask.caller;
  const recordings = changes.flatMap((work) =>
    work.recordings.map((recording): Recording => ({ ...recording, ask: work.ask })),
  );
  const count = recordings.reduce((sum, { add }) => sum + add.length, 0);
  const ids = await tools.ids.take(tx, count);
  const erased = changes.filter(
    ({ type, plan, first }) => !first && plan.action === 'slet' && type.deletion === 'physical',
  );
  return [
    ...changes.flatMap(({ first = [] }) => first),
    ...(erased.length > 0
      ? eraseStatements(
          owner,
          erased.map(({ uuid }) => uuid),
        )
      : []),
    ...recordStatements(ask, recordings, ids, recordings.at(-1)!.at ?? clock()),
  ];
}

/** @throws Refusal, or Contended when that cannot be told without waiting. */
async function keepRules(
  { rulebook, types }: ChangingTools,
  tx: Transaction,
  works: readonly Work[],
  foreseen: Foreseen,
): Promise<void> {
  const locks = new RuleLocks(tx);
  await locks.foresee(foreseen);
  for (const { ask, type, uuid, plan, before, afterwards } of works) {
    const judged = { type, uuid, action: plan.action, before, after: afterwards };
    const sight = new RuleSight(tx, ask.caller, types, locks);
    await locks.judge(() => rulebook.check(sight, ask, judged, plan.rules));
  }
  locks.check();
}

const auditOf = ({ ask, type, plan, recordings }: Work): AuditEntry => ({
  caller: ask.caller,
  transaction: ask.transaction,
  operation: operationOf(plan),
  type: type.name,
  objects: [...new Set(recordings.map((each) => each.uuid))],
  allowed: true,
  purpose: ask.purpose ?? null,
  count: 1,
});

const isShown = ({ ask, recordings }: Work): boolean =>
  ask.represent === true && recordings.at(-1)?.lifecycle !== 'Slettet';

/** Objects as they stand, their whole virkning history, inside the transaction that changed them. */
function presenting(owner: string, works: readonly Work[]): Statement {
  const binder = new Binder();
  const { columns, lateral } = objectColumns({ at: AS_IT_IS }, binder);
  const uuids = works.map(({ uuid }) => uuid);
  return binder.statement(`select ${columns} from object o
    join registration r on r.owner = o.owner and r.object_id = o.id and r.number = o.number ${lateral}
    where o.owner = ${binder.bind(Number(owner))}::int and o.id = any(${binder.bind(uuids)}::uuid[])`);
}

/** What each request is told, with its object as it may be shown to whoever made it. */
function toldBy(present: Result | null): (work: Work) => Written {
  const rows = new Map(present?.rows.map((row): [string, Row] => [row['id'] as string, row]));
  return (work) => {
    const { ask, type, uuid, plan, recordings, number } = work;
    const row = isShown(work) ? rows.get(uuid) : undefined;
    const body = row
      ? veiled(snapshotOf(row).body, withheldFrom(ask.caller, type, VERBS[plan.action]))
      : null;
    return { outcome: outcomeOf(recordings.at(-1), plan.action), uuid, number, body };
  };
}

function outcomeOf(recording: Recording | undefined, action: Work['plan']['action']): Written['outcome'] {
  if (!recording) return 'uaendret';
  if (recording.isNew) return 'oprettet';
  if (action === 'passiver') return 'passiveret';
  if (recording.lifecycle === 'Slettet') return 'slettet';
  return recording.lifecycle === 'Importeret' ? 'importeret' : 'rettet';
}

const remembering = ({ ask }: Work, written: Written): Statement[] =>
  ask.idempotency && ask.answer ? rememberAnswer(ask, written.uuid, ask.answer(written)) : [];
