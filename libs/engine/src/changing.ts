import { COMMON_OWNER } from '@stoettesystemer/access';
import {
  type Declaration,
  fromDatabase,
  type Instant,
  invalid,
  notFound,
  now as clock,
  Refusal,
} from '@stoettesystemer/object';
import { codeOf, type Result, type Statement, type Transaction } from '@stoettesystemer/postgres';
import { anonymising } from './anonymising';
import type { AsOf, Ask, Written } from './ask';
import { takenStatement } from './common';
import { after, type Draft } from './draft';
import { eraseStatements } from './erasure';
import type { FactIds } from './fact-ids';
import { erasing, type Forgotten } from './forgetting';
import { veiled, withheldFrom } from './guarded';
import { mayOverwrite } from './guarded-change';
import { clockStatement, factOf, factStatement, type Held, heldOf, lockStatement } from './held';
import { recallAnswer, rememberAnswer } from './idempotency';
import { deny, isDead, mayStand, mayStep, mustHold, NotMine, notMineRefusal } from './permission';
import type { Fact, Piece } from './piece';
import { type Action, operationOf, type Plan, VERBS } from './plan';
import type { Reach } from './reading';
import { actorOf, type Lifecycle, type Recording, recordStatements } from './recording';
import { checkRequirements, requiredFacets } from './requirements';
import type { Rule } from './rule';
import { Contended, type Foreseen, RuleLocks } from './rule-locks';
import { RuleSight } from './rule-sight';
import type { Judged, Rulebook } from './rulebook';
import { accessFacets, scopesOf } from './scopes';
import { objectColumns, snapshotOf } from './snapshot';
import { Binder } from './statement';
import type { Statistics } from './statistics';

const AS_IT_IS: AsOf = { virkning: 'alle', registrering: 'nu' };

/** What changing an object takes of the store it belongs to. */
export interface ChangingTools {
  readonly reach: Reach;
  readonly ids: FactIds;
  readonly types: readonly Declaration[];
  readonly rulebook: Rulebook;
  readonly statistics: Statistics;
  /** Called after each attempt that may have written to the outbox. */
  readonly committed?: (() => void) | undefined;
}

/** The one way in which one object is changed. */
export class Changing {
  constructor(private readonly tools: ChangingTools) {}

  /** Law 4: lock, may-before, record, rules, may-after, audit, outbox; then what is remembered, and commit. */
  async change(
    ask: Ask,
    type: Declaration,
    uuid: string,
    plan: Plan,
    foreseen: Foreseen = new Map(),
  ): Promise<Written> {
    await mustHold(this.tools.reach, ask, type, VERBS[plan.action], operationOf(plan));
    const context = { owner: ask.caller.owner };
    try {
      const written = await this.tools.reach.database.transaction(context, async (tx) => {
        const isFresh = plan.action === 'opret';
        const { held, facts, at } = isFresh
          ? { held: null, facts: [], at: null }
          : await this.lock(tx, ask, type, uuid, plan);
        mayStep(type, held, plan, ask);
        if ((plan.forgets || plan.leaves) && held && at !== null)
          return await this.forget(tx, ask, plan, { type, held, at }, { before: facts, foreseen });
        const draft = plan.draft(facts);
        const isNew = held === null || (plan.action === 'importer' && facts.length === 0);
        mayOverwrite(ask.caller, type, VERBS[plan.action], { isNew, input: plan.input, draft });
        if (plan.action !== 'passiver' && plan.action !== 'slet') {
          if (held && !isDead(held) && draft.changed.length === 0)
            return await this.unchanged(tx, ask, type, plan, uuid, held);
          // A Ret has seen no more than it touches; the others have seen all, and after an erasure all is to be said anew.
          const required = plan.action === 'ret' ? [] : requiredFacets(type);
          checkRequirements(type, new Set([...draft.changed, ...required]), after(facts, draft));
        }
        const recording = this.recordingOf(ask, type, uuid, plan, held, facts, draft, at);
        mayStand(ask, plan.action, recording);
        return await this.write(tx, ask, plan, [recording], { before: facts, foreseen }, after(facts, draft));
      });
      // Nobody waits for it: one change more does not make a plan bad.
      if (written.outcome !== 'uaendret') void this.tools.statistics.grown(1);
      return written;
    } catch (cause) {
      if (cause instanceof Contended)
        return await this.change(ask, type, uuid, plan, new Map([...foreseen, ...cause.names]));
      return await this.translate(cause, ask, type, uuid, plan);
    } finally {
      this.tools.committed?.();
    }
  }
  private async lock(tx: Transaction, ask: Ask, type: Declaration, uuid: string, { action, sight }: Plan) {
    const { owner } = ask.caller;
    const mayMake = action === 'importer' && owner !== COMMON_OWNER;
    const [locked, seen, time, taken] = (await tx.batch([
      lockStatement(owner, [uuid]),
      factStatement(owner, [uuid], sight),
      clockStatement,
      ...(mayMake ? [takenStatement([uuid])] : []),
    ])) as [Result, Result, Result, Result?];
    const held = locked.rows[0] ? heldOf(locked.rows[0]) : null;
    if (!held && taken && taken.count > 0) throw new NotMine('faelles');
    if (held && held.type !== type.name) throw notFound();
    const present = fromDatabase(time.rows[0]!['now'] as string);
    const at = held && present <= held.recordedAt ? held.recordedAt + 1n : present;
    return { held, facts: seen.rows.map(factOf), at };
  }
  private async unchanged(
    tx: Transaction,
    ask: Ask,
    type: Declaration,
    plan: Plan,
    uuid: string,
    held: Held,
  ): Promise<Written> {
    const written: Written = { outcome: 'uaendret', uuid, number: held.number, body: null };
    if (!ask.represent) return this.remember(tx, ask, written);
    const body = await tx.run(this.present(ask, uuid));
    return this.remember(tx, ask, { ...written, body: bodyOf(ask, type, plan, body) });
  }
  /** Law 4 for what is to be known no more. */
  private async forget(
    tx: Transaction,
    ask: Ask,
    plan: Plan,
    forgotten: Forgotten,
    seen: { before: readonly Fact[]; foreseen: Foreseen },
  ): Promise<Written> {
    const { type, held } = forgotten;
    const { ids, types } = this.tools;
    const { leaves } = plan;
    const forgetting = leaves
      ? await anonymising({ tx, types, ids }, ask, { ...plan, leaves }, forgotten)
      : erasing(ask, plan, forgotten, seen.before);
    if (!forgetting) return this.unchanged(tx, ask, type, plan, held.uuid, held);
    const { recordings, statements } = forgetting;
    mayStand(ask, plan.action, recordings.at(-1)!);
    return this.write(tx, ask, plan, recordings, seen, seen.before, statements);
  }
  private recordingOf(
    ask: Ask,
    type: Declaration,
    uuid: string,
    { action, input }: Plan,
    held: Held | null,
    facts: readonly Fact[],
    draft: Draft,
    at: Instant | null,
  ): Recording {
    const lifecycles: Record<Action, Lifecycle> = {
      opret: 'Opstaaet',
      importer: held && !isDead(held) ? 'Rettet' : 'Importeret',
      ret: 'Rettet',
      passiver: 'Passiveret',
      slet: 'Slettet',
    };
    const restricts = new Set(accessFacets(type));
    const scopes =
      held && !draft.changed.some((facet) => restricts.has(facet))
        ? held.scopes
        : scopesOf(type, uuid, after(facts, draft));
    return {
      type,
      uuid,
      isNew: held === null,
      number: (held?.number ?? 0) + 1,
      at,
      lifecycle: lifecycles[action],
      actor: actorOf(ask, input),
      note: input.note ?? null,
      sourceTime: input.tidspunkt ?? null,
      close: draft.close,
      add: draft.add,
      scopes,
      changed: draft.changed,
    };
  }
  private async write(
    tx: Transaction,
    ask: Ask,
    plan: Plan,
    recordings: readonly Recording[],
    { before, foreseen }: { before: readonly Fact[]; foreseen: Foreseen },
    afterwards: readonly Piece[],
    first: readonly Statement[] = [],
  ): Promise<Written> {
    const recording = recordings.at(-1)!;
    const { type, uuid } = recording;
    const ids = await this.tools.ids.take(tx, recording.add.length);
    const { owner } = ask.caller;
    const erases = plan.action === 'slet' && type.deletion === 'physical';
    const statements = [
      ...(erases && first.length === 0 ? eraseStatements(owner, [uuid]) : first),
      ...recordStatements(ask, recordings, ids, recording.at ?? clock()),
    ];
    const isShown = ask.represent && recording.lifecycle !== 'Slettet';
    const last = [
      this.tools.reach.audit({
        caller: ask.caller,
        transaction: ask.transaction,
        operation: operationOf(plan),
        type: type.name,
        objects: [...new Set(recordings.map((each) => each.uuid))],
        allowed: true,
        purpose: ask.purpose,
        count: 1,
      }),
      ...(isShown ? [this.present(ask, uuid)] : []),
    ];
    const outcome = outcomeOf(recording, plan.action);
    const written = (results: readonly Result[]): Written => ({
      outcome,
      uuid,
      number: recording.number,
      body: isShown ? bodyOf(ask, type, plan, results.at(-1)!) : null,
    });
    const hasRules = (plan.rules ?? this.tools.rulebook.of(type)).length > 0;
    if (hasRules) {
      await tx.batch(statements);
      const judged = { type, uuid, action: plan.action, before, after: afterwards };
      await this.keepRules(tx, ask, judged, foreseen, plan.rules);
    }
    const rest = hasRules ? last : [...statements, ...last];
    return ask.idempotency
      ? this.remember(tx, ask, written(await tx.batch(rest)))
      : written(await tx.finish(rest));
  }
  /** @throws Refusal, or Contended when that cannot be told without waiting. */
  private async keepRules(
    tx: Transaction,
    ask: Ask,
    judged: Judged,
    foreseen: Foreseen,
    rules?: readonly Rule[],
  ): Promise<void> {
    const { rulebook, types } = this.tools;
    const locks = new RuleLocks(tx);
    await locks.foresee(foreseen);
    const sight = new RuleSight(tx, ask.caller, types, locks);
    await locks.judge(() => rulebook.check(sight, ask, judged, rules));
    locks.check();
  }

  private async remember(tx: Transaction, ask: Ask, written: Written): Promise<Written> {
    if (ask.idempotency && ask.answer)
      await tx.finish(rememberAnswer(ask, written.uuid, ask.answer(written)));
    return written;
  }
  /** The object as it stands, its whole virkning history, inside the transaction that changed it. */
  private present(ask: Ask, uuid: string): Statement {
    const binder = new Binder();
    const { columns, lateral } = objectColumns({ at: AS_IT_IS }, binder);
    return binder.statement(`select ${columns} from object o
      join registration r on r.owner = o.owner and r.object_id = o.id and r.number = o.number ${lateral}
      where o.owner = ${binder.bind(Number(ask.caller.owner))}::int and o.id = ${binder.bind(uuid)}::uuid`);
  }
  /** What the database said, in the contract's words; and the races that are won by looking again. */
  private async translate(
    cause: unknown,
    ask: Ask,
    type: Declaration,
    uuid: string,
    plan: Plan,
  ): Promise<Written> {
    const constraint = (cause as { constraint?: string }).constraint;
    const isAgain = codeOf(cause) === '23505' && constraint === 'idempotency_pkey';
    // The same request may have been first, and made what now stands in the way of this one.
    if (ask.idempotency && (isAgain || cause instanceof Refusal || cause instanceof NotMine)) {
      const answer = await recallAnswer(this.tools.reach.database, ask);
      if (answer) return { outcome: 'uaendret', uuid, number: 0, body: null, replayed: answer };
    }
    if (cause instanceof NotMine) {
      await deny(this.tools.reach, ask, type, operationOf(plan), [uuid], cause.reason);
      throw await notMineRefusal(this.tools.reach, ask, type, uuid);
    }
    if (cause instanceof Refusal && cause.status === 403)
      await deny(this.tools.reach, ask, type, operationOf(plan), [uuid], cause.kode);
    // Somebody else made it first: now it is there, and the request is judged against it.
    if (codeOf(cause) === '23505' && constraint === 'object_pkey') return this.change(ask, type, uuid, plan);
    if (codeOf(cause) === '23P01')
      throw invalid('overlap', '', 'To perioder for samme oplysning overlapper.');
    throw cause;
  }
}

/** The object that was read after the change, as it may be shown to whoever made it. */
const bodyOf = ({ caller }: Ask, type: Declaration, { action }: Plan, { rows }: Result): string =>
  veiled(snapshotOf(rows[0]!).body, withheldFrom(caller, type, VERBS[action]));

const outcomeOf = ({ isNew, lifecycle }: Recording, action: Action): Written['outcome'] =>
  isNew
    ? 'oprettet'
    : action === 'passiver'
      ? 'passiveret'
      : lifecycle === 'Slettet'
        ? 'slettet'
        : lifecycle === 'Importeret'
          ? 'importeret'
          : 'rettet';
