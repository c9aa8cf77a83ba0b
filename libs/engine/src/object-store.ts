import { type KeyObject, randomUUID } from 'node:crypto';
import { allows, type AuditEntry, auditRow, COMMON_OWNER, holds, type Verb } from '@stoettesystemer/access';
import {
  type Declaration,
  fromDatabase,
  type Instant,
  invalid,
  notFound,
  now as clock,
  Refusal,
} from '@stoettesystemer/object';
import {
  codeOf,
  type Database,
  type Result,
  type Statement,
  type Transaction,
} from '@stoettesystemer/postgres';
import { assertionsOf } from './assertions';
import type {
  AsOf,
  Ask,
  BulkItem,
  BulkResult,
  ObjectInput,
  RegistrationSummary,
  Snapshot,
  StoredAnswer,
  Written,
} from './ask';
import { importMany } from './bulk';
import { Copies } from './copies';
import { isCommonRefusal, takenStatement } from './common';
import { after, type Draft, draftChange, draftWhole, sightOf } from './draft';
import { facetItems } from './facet-items';
import { FactIds } from './fact-ids';
import { clockStatement, factOf, factStatement, type Held, heldOf, lockStatement, type Sight } from './held';
import { recallAnswer, rememberAnswer } from './idempotency';
import type { Fact, Piece } from './piece';
import type { Expression, Page, Query } from './query';
import { outline, type OutlineColumn, type OutlineRow } from './outline';
import { readPresent } from './present';
import * as reading from './reading';
import { actorOf, type Lifecycle, type Recording, recordStatements } from './recording';
import { eraseStatements } from './erasure';
import { checkRequirements, requiredFacets } from './requirements';
import type { Change, Rule } from './rule';
import { Contended, type Foreseen, RuleLocks } from './rule-locks';
import { RuleSight } from './rule-sight';
import { accessFacets, scopesOf } from './scopes';
import { search } from './search';
import { objectColumns, snapshotOf } from './selection';
import { Binder } from './statement';
import { Statistics } from './statistics';
import { fieldCodes } from './term';

export interface StoreOptions {
  /** Prefix of the service: `klassifikation`. */
  readonly service: string;
  readonly types: readonly Declaration[];
  readonly rules?: readonly Rule[];
  /** Signs cursors; at least 32 bytes, the same in every instance of the service. */
  readonly secret: Buffer;
  /** Makes the pseudonyms of citizens in the security log; the same in every service. */
  readonly pseudonymKey: KeyObject;
  /** Bytes that ready answers may take; 64 MiB when left out, 0 for none. */
  readonly copies?: number;
  /** Called after each commit that wrote to the outbox. */
  readonly committed?: () => void;
}

type Action = Change['action'];
const VERBS: Readonly<Record<Action, Verb>> = {
  opret: 'skriv',
  importer: 'importer',
  ret: 'skriv',
  passiver: 'skriv',
  slet: 'slet',
};

const COPIES = 64 * 1024 * 1024;
const AS_IT_IS: AsOf = { virkning: 'alle', registrering: 'nu' };
const isDead = (held: Held | null): boolean =>
  held?.lifecycle === 'Passiveret' || held?.lifecycle === 'Slettet';

/** How one request changes one object. */
interface Plan {
  readonly action: Action;
  readonly input: ObjectInput;
  /** Null: the header was absent; undefined: not asked for. */
  readonly ifMatch: number | null;
  readonly sight: Sight;
  draft(facts: readonly Fact[]): Draft;
}

/** Objects of every declared type: the ways to change one and the ways to see it. Knows no type by name. */
export class ObjectStore {
  private readonly ids = new FactIds();
  private readonly reach: reading.Reach;
  private readonly statistics: Statistics;
  private readonly rules: ReadonlyMap<string, readonly Rule[]>;

  constructor(
    readonly database: Database,
    readonly options: StoreOptions,
  ) {
    const { types, rules = [], pseudonymKey, copies = COPIES } = options;
    fieldCodes(types);
    this.statistics = new Statistics(database);
    const audit = (entry: AuditEntry) => auditRow(entry, pseudonymKey);
    this.reach = { database, audit, copies: new Copies(copies) };
    this.rules = new Map(types.map(({ name }) => [name, rules.filter((rule) => rule.types.includes(name))]));
  }

  /** The stored answer to a request already done under this Idempotency-Key; throws 422 when the request differs. */
  async replay(ask: Ask): Promise<StoredAnswer | null> {
    return recallAnswer(this.database, ask);
  }

  async create(ask: Ask, type: Declaration, input: ObjectInput): Promise<Written> {
    return this.change(ask, type, randomUUID(), {
      action: 'opret',
      input,
      ifMatch: null,
      sight: { slots: [], facets: [] },
      draft: () => draftWhole(type, input, []),
    });
  }

  /** Importer. `ifMatch` null: the header was absent (428 on a live object). */
  async put(
    ask: Ask,
    type: Declaration,
    uuid: string,
    input: ObjectInput,
    ifMatch: number | null,
  ): Promise<Written> {
    return this.change(ask, type, uuid.toLowerCase(), {
      action: 'importer',
      input,
      ifMatch,
      sight: { slots: [], facets: null },
      draft: (facts) => draftWhole(type, input, facts),
    });
  }

  /** Ret (contract §4). */
  async patch(
    ask: Ask,
    type: Declaration,
    uuid: string,
    input: ObjectInput,
    ifMatch: number | null,
  ): Promise<Written> {
    const said = assertionsOf(type, input, 'change');
    return this.change(ask, type, uuid.toLowerCase(), {
      action: 'ret',
      input,
      ifMatch,
      sight: sightOf(type, input, said, this.ruleFacets(type)),
      draft: (facts) => draftChange(type, input, said, facts),
    });
  }

  async passivate(
    ask: Ask,
    type: Declaration,
    uuid: string,
    ifMatch: number | null,
    note?: string,
  ): Promise<Written> {
    return this.end(ask, type, uuid, 'passiver', ifMatch, note);
  }

  /** Slet: logical, or physical with a tombstone, as the declaration says. */
  async remove(
    ask: Ask,
    type: Declaration,
    uuid: string,
    ifMatch: number | null,
    note?: string,
  ): Promise<Written> {
    return this.end(ask, type, uuid, 'slet', ifMatch, note);
  }

  /** @throws Refusal 404 when it is not there, or not the caller's to know. */
  async read(ask: Ask, type: Declaration, uuid: string, at: AsOf): Promise<Snapshot> {
    await this.must(ask, type, 'laes', 'laes');
    if (at.virkning === 'nu' && at.registrering === 'nu')
      return readPresent(this.reach, ask, type, uuid.toLowerCase());
    return reading.readOne(this.reach, ask, type, uuid.toLowerCase(), at);
  }

  async readMany(ask: Ask, type: Declaration, uuids: readonly string[], at: AsOf): Promise<Snapshot[]> {
    await this.must(ask, type, 'laes', 'laes_mange');
    return reading.readMany(this.reach, ask, type, uuids, at);
  }

  /** Newest first; `before` is a registration number. */
  async history(
    ask: Ask,
    type: Declaration,
    uuid: string,
    page: { limit: number; before: number | null },
  ): Promise<RegistrationSummary[]> {
    await this.must(ask, type, 'historik', 'historik');
    return reading.history(this.reach, ask, type, uuid.toLowerCase(), page);
  }

  /** The whole object as registration `number` left it, with its whole virkning history. */
  async registration(ask: Ask, type: Declaration, uuid: string, number: number): Promise<Snapshot> {
    await this.must(ask, type, 'historik', 'historik');
    return reading.registration(this.reach, ask, type, uuid.toLowerCase(), number);
  }

  async search(ask: Ask, type: Declaration, query: Query, at: AsOf): Promise<Page> {
    await this.must(ask, type, 'laes', 'soeg');
    return search(this.reach, this.options.secret, ask, type, query, at);
  }

  /** A few members of every object that fits, not paged: what a tree is built from. */
  async outline(
    ask: Ask,
    type: Declaration,
    columns: readonly OutlineColumn[],
    where: Expression | null,
    at: AsOf,
  ): Promise<OutlineRow[]> {
    await this.must(ask, type, 'laes', 'oversigt');
    return outline(this.reach, ask, type, columns, where, at);
  }

  /** A few hundred lines at a time, in one transaction where all are good; results in the order of the lines. */
  async bulk(
    ask: Ask,
    items: readonly BulkItem[],
    options: { validateOnly?: boolean } = {},
  ): Promise<BulkResult[]> {
    return importMany(
      {
        ...this.reach,
        ids: this.ids,
        types: this.options.types,
        sightIn: (tx, locks) => this.sightIn(tx, ask, locks),
        checkRules: (sight, { type, uuid }, before, afterwards) =>
          this.checkRules(sight, ask, type, uuid, 'importer', before, afterwards),
        must: (type, verb) => this.must(ask, type, verb, 'importer_mange'),
        committed: async (written) => {
          this.options.committed?.();
          await this.statistics.grown(written);
        },
      },
      ask,
      items,
      options.validateOnly === true,
    );
  }

  private ruleFacets(type: Declaration): string[] {
    return [...new Set((this.rules.get(type.name) ?? []).flatMap(({ facets }) => facets))];
  }

  /** 403 when no privilege of the caller reaches the operation at all; the denial is logged (O1). */
  private async must(
    { caller, ...ask }: Ask,
    type: Declaration,
    verb: Verb,
    operation: string,
  ): Promise<void> {
    if (holds(caller, type, verb)) return;
    await this.deny({ caller, ...ask }, type, operation, [], `${type.name.toLowerCase()}:${verb}`);
    throw new Refusal(403, 'ingen_rettighed', `Aftalen giver ikke ret til ${verb} på ${type.name}.`);
  }

  private async deny(
    ask: Ask,
    type: Declaration,
    operation: string,
    objects: string[],
    rule: string,
  ): Promise<void> {
    const { caller, transaction, purpose } = ask;
    const row = this.reach.audit({
      caller,
      transaction,
      operation,
      type: type.name,
      objects,
      allowed: false,
      rule,
      purpose,
    });
    await this.database.run({ owner: caller.owner }, row);
  }

  private async end(
    ask: Ask,
    type: Declaration,
    uuid: string,
    action: 'passiver' | 'slet',
    ifMatch: number | null,
    note: string | undefined,
  ): Promise<Written> {
    const none: Draft = { close: [], add: [], changed: [] };
    return this.change(ask, type, uuid.toLowerCase(), {
      action,
      input: note === undefined ? {} : { note },
      ifMatch,
      sight: { slots: [], facets: this.ruleFacets(type) },
      draft: () => none,
    });
  }

  /** Law 4: lock, may-before, record, rules, may-after, audit, outbox; then what is remembered, and commit. */
  private async change(
    ask: Ask,
    type: Declaration,
    uuid: string,
    plan: Plan,
    foreseen: Foreseen = new Map(),
  ): Promise<Written> {
    await this.must(ask, type, VERBS[plan.action], plan.action);
    const context = { owner: ask.caller.owner };
    try {
      const written = await this.database.transaction(context, async (tx) => {
        const isFresh = plan.action === 'opret';
        const { held, facts, at } = isFresh
          ? { held: null, facts: [], at: null }
          : await this.lock(tx, ask, type, uuid, plan);
        this.mayStep(type, held, plan, ask);
        const draft = plan.draft(facts);
        if (plan.action !== 'passiver' && plan.action !== 'slet') {
          if (held && !isDead(held) && draft.changed.length === 0)
            return await this.unchanged(tx, ask, uuid, held);
          // A Ret has seen no more than it touches; the others have seen all, and after an erasure all is to be said anew.
          const required = plan.action === 'ret' ? [] : requiredFacets(type);
          checkRequirements(type, new Set([...draft.changed, ...required]), after(facts, draft));
        }
        const recording = this.recordingOf(ask, type, uuid, plan, held, facts, draft, at);
        this.mayStand(ask, plan.action, recording);
        return await this.write(tx, ask, plan, recording, { before: facts, foreseen }, after(facts, draft));
      });
      // Nobody waits for it: one change more does not make a plan bad.
      if (written.outcome !== 'uaendret') void this.statistics.grown(1);
      return written;
    } catch (cause) {
      if (cause instanceof Contended)
        return await this.change(ask, type, uuid, plan, new Map([...foreseen, ...cause.names]));
      return await this.translate(cause, ask, type, uuid, plan);
    } finally {
      this.options.committed?.();
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

  /** May this caller take this step with this object now? */
  private mayStep(type: Declaration, held: Held | null, plan: Plan, { caller }: Ask): void {
    if (!held) {
      if (plan.action !== 'opret' && plan.action !== 'importer') throw new NotMine('findes_ikke');
      // Whoever has read it has read something else than nothing.
      if (plan.ifMatch !== null) throw isStale(null);
      return;
    }
    const { owner } = caller;
    if (!allows(caller, type, VERBS[plan.action], { owner, scopes: held.scopes })) {
      if (!allows(caller, type, 'laes', { owner, scopes: held.scopes })) throw new NotMine('adgang');
      throw new Refusal(
        403,
        'dataafgraensning',
        'Aftalens dataafgrænsning giver ikke ret til at ændre objektet.',
      );
    }
    const revives = plan.action === 'importer' && isDead(held);
    if (held.lifecycle === 'Slettet' && type.deletion === 'physical' && !revives) throw notFound();
    if (isDead(held) && !revives && !(plan.action === 'slet' && held.lifecycle === 'Passiveret'))
      throw new Refusal(
        409,
        'livscyklus',
        `Et objekt, der er ${held.lifecycle.toLowerCase()}, kan ikke ændres sådan.`,
      );
    if (revives && plan.ifMatch === null) return;
    if (plan.ifMatch === null)
      throw new Refusal(428, 'if_match_mangler', 'Send If-Match med den ETag, du sidst har læst.');
    if (plan.ifMatch !== held.number) throw isStale(held);
  }

  private async unchanged(tx: Transaction, ask: Ask, uuid: string, held: Held): Promise<Written> {
    const written: Written = { outcome: 'uaendret', uuid, number: held.number, body: null };
    if (!ask.represent) return this.remember(tx, ask, written);
    const body = await tx.run(this.present(ask, uuid));
    return this.remember(tx, ask, { ...written, body: snapshotOf(body.rows[0]!).body });
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
        : scopesOf(type, after(facts, draft));
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

  /** You may not make it someone else's either (T30). */
  private mayStand({ caller }: Ask, action: Action, { type, scopes }: Recording): void {
    if (allows(caller, type, VERBS[action], { owner: caller.owner, scopes })) return;
    throw new Refusal(403, 'dataafgraensning', 'Ændringen ligger uden for aftalens dataafgrænsning.');
  }

  private async write(
    tx: Transaction,
    ask: Ask,
    plan: Plan,
    recording: Recording,
    { before, foreseen }: { before: readonly Fact[]; foreseen: Foreseen },
    afterwards: readonly Piece[],
  ): Promise<Written> {
    const { type, uuid } = recording;
    const ids = await this.ids.take(tx, recording.add.length);
    const erases = plan.action === 'slet' && type.deletion === 'physical';
    const statements = [
      ...(erases ? eraseStatements(ask.caller.owner, [uuid]) : []),
      ...recordStatements(ask, [recording], ids, recording.at ?? clock()),
    ];
    const last = [
      this.reach.audit({
        caller: ask.caller,
        transaction: ask.transaction,
        operation: plan.action,
        type: type.name,
        objects: [uuid],
        allowed: true,
        purpose: ask.purpose,
        count: 1,
      }),
      ...(ask.represent && plan.action !== 'slet' ? [this.present(ask, uuid)] : []),
    ];
    const rules = this.rules.get(type.name) ?? [];
    const outcome = outcomeOf(recording, plan.action);
    const written = (results: readonly Result[]): Written => ({
      outcome,
      uuid,
      number: recording.number,
      body: ask.represent && plan.action !== 'slet' ? snapshotOf(results.at(-1)!.rows[0]!).body : null,
    });
    const hasRules = rules.length > 0;
    if (hasRules) {
      await tx.batch(statements);
      const locks = new RuleLocks(tx);
      await locks.foresee(foreseen);
      const sight = this.sightIn(tx, ask, locks);
      await locks.judge(() => this.checkRules(sight, ask, type, uuid, plan.action, before, afterwards));
      locks.check();
    }
    const rest = hasRules ? last : [...statements, ...last];
    return ask.idempotency
      ? this.remember(tx, ask, written(await tx.batch(rest)))
      : written(await tx.finish(rest));
  }

  private async remember(tx: Transaction, ask: Ask, written: Written): Promise<Written> {
    if (ask.idempotency && ask.answer)
      await tx.finish(rememberAnswer(ask, written.uuid, ask.answer(written)));
    return written;
  }

  private sightIn(tx: Transaction, { caller }: Ask, locks: RuleLocks): RuleSight {
    return new RuleSight(tx, caller, this.options.types, locks);
  }

  private async checkRules(
    sight: RuleSight,
    ask: Ask,
    type: Declaration,
    uuid: string,
    action: Action,
    before: readonly Piece[],
    afterwards: readonly Piece[],
  ): Promise<void> {
    for (const rule of this.rules.get(type.name) ?? [])
      await rule.check({
        type,
        uuid,
        action,
        caller: ask.caller,
        before: facetItems(before, rule.facets),
        after: facetItems(afterwards, rule.facets),
        look: (target, id, facets) => sight.look(target, id, facets),
        find: (target, field, value) => sight.find(target, field, value, uuid),
        hold: (name, how) => sight.hold(name, how),
      });
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
      const answer = await this.replay(ask);
      if (answer) return { outcome: 'uaendret', uuid, number: 0, body: null, replayed: answer };
    }
    if (cause instanceof NotMine) {
      await this.deny(ask, type, plan.action, [uuid], cause.reason);
      throw await this.refusalFor(ask, type, uuid);
    }
    if (cause instanceof Refusal && cause.status === 403)
      await this.deny(ask, type, plan.action, [uuid], cause.kode);
    // Somebody else made it first: now it is there, and the request is judged against it.
    if (codeOf(cause) === '23505' && constraint === 'object_pkey') return this.change(ask, type, uuid, plan);
    if (codeOf(cause) === '23P01')
      throw invalid('overlap', '', 'To perioder for samme oplysning overlapper.');
    throw cause;
  }

  /** A common object that one may read and not write is 403; all else is not there. */
  private async refusalFor(ask: Ask, type: Declaration, uuid: string): Promise<Refusal> {
    if (ask.caller.owner === COMMON_OWNER) return notFound();
    const visible = await reading.isCommon(this.reach, ask, type, uuid);
    return visible ? isCommonRefusal() : notFound();
  }
}

const isStale = (held: Held | null): Refusal =>
  new Refusal(412, 'foraeldet', 'Objektet er ændret, siden du læste det. Læs igen og prøv igen.', {
    headers: held ? { ETag: `"${held.number}"` } : {},
  });

/** Thrown inside the transaction; the answer needs a look outside it. */
class NotMine extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}

const outcomeOf = ({ isNew, lifecycle }: Recording, action: Action): Written['outcome'] =>
  isNew
    ? 'oprettet'
    : action === 'passiver'
      ? 'passiveret'
      : action === 'slet'
        ? 'slettet'
        : lifecycle === 'Importeret'
          ? 'importeret'
          : 'rettet';
