import { type KeyObject, randomUUID } from 'node:crypto';
import { type AuditEntry, auditRow, auditRows } from '@stoettesystemer/access';
import type { Declaration, GuardedField } from '@stoettesystemer/object';
import type { Database } from '@stoettesystemer/postgres';
import { assertionsOf, mergeInto } from './assertions';
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
import { importMany, type ImportOptions } from './bulk';
import { withCaller } from './calling';
import { Changing } from './changing';
import { Copies } from './copies';
import { type Draft, draftChange, draftWhole, sightOf } from './draft';
import { FactIds } from './fact-ids';
import { everKnown } from './ever-known';
import { veiled, veiledRows, withheldFrom } from './guarded';
import { mayAsk } from './guarded-question';
import { recallAnswer } from './idempotency';
import { outline, type OutlineColumn, type OutlineRow } from './outline';
import { mustHold } from './permission';
import { readPresent } from './present';
import type { Expression, Page, Query } from './query';
import * as reading from './reading';
import type { Rule } from './rule';
import { RuleSight } from './rule-sight';
import { Rulebook } from './rulebook';
import { search } from './search';
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

const shown = (snapshot: Snapshot, withheld: readonly GuardedField[]): Snapshot =>
  withheld.length === 0 ? snapshot : { ...snapshot, body: veiled(snapshot.body, withheld) };

const COPIES = 64 * 1024 * 1024;

/** Objects of every declared type: the ways to change one and the ways to see it. Knows no type by name. */
export class ObjectStore {
  private readonly ids = new FactIds();
  private readonly reach: reading.Reach;
  private readonly statistics: Statistics;
  private readonly rulebook: Rulebook;
  private readonly changing: Changing;

  constructor(
    readonly database: Database,
    readonly options: StoreOptions,
  ) {
    const { types, rules = [], pseudonymKey, copies = COPIES } = options;
    fieldCodes(types);
    this.statistics = new Statistics(database);
    const audit = (entry: AuditEntry) => auditRow(entry, pseudonymKey);
    const auditAll = (entries: readonly AuditEntry[]) => auditRows(entries, pseudonymKey);
    this.reach = { database, audit, auditAll, copies: new Copies(copies) };
    this.rulebook = new Rulebook(types, rules);
    const { reach, ids, rulebook, statistics } = this;
    this.changing = new Changing({ reach, ids, types, rulebook, statistics, committed: options.committed });
  }

  /** The stored answer to a request already done under this Idempotency-Key; throws 422 when the request differs. */
  async replay(ask: Ask): Promise<StoredAnswer | null> {
    return recallAnswer(this.database, ask);
  }

  async create(ask: Ask, type: Declaration, said: ObjectInput): Promise<Written> {
    const input = withCaller(ask.caller, type, said);
    return this.changing.change(ask, type, randomUUID(), {
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
    said: ObjectInput,
    ifMatch: number | null,
  ): Promise<Written> {
    const input = withCaller(ask.caller, type, said);
    return this.changing.change(ask, type, uuid.toLowerCase(), {
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
    return this.changing.change(ask, type, uuid.toLowerCase(), {
      action: 'ret',
      input,
      ifMatch,
      sight: sightOf(type, input, said, this.rulebook.facetsOf(type)),
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

  /**
   * Takes away for good all that is known of an object, whatever its type keeps of one that is deleted; a tombstone is left.
   * @param rules that it is judged by instead of those of the type.
   */
  async erase(
    ask: Ask,
    type: Declaration,
    uuid: string,
    ifMatch: number | null,
    { note, rules }: { note?: string | undefined; rules?: readonly Rule[] } = {},
  ): Promise<Written> {
    return this.changing.change(ask, type, uuid.toLowerCase(), {
      action: 'slet',
      operation: 'fjern',
      forgets: true,
      input: note === undefined ? {} : { note },
      ifMatch,
      sight: { slots: [], facets: null },
      ...(rules ? { rules } : {}),
      draft: () => ({ close: [], add: [], changed: [] }),
    });
  }

  /**
   * Takes away for good who an object is about, in all that was ever known of it and in what points at it; `leaves` is said
   * instead, by attribute group. It is deleted and imported again, so that whoever has a copy parts with it; one that was
   * passive or deleted stays so (outcome `slettet`).
   * @param rules that it is judged by instead of those of the type: what it has to do with others does not change.
   */
  async anonymise(
    ask: Ask,
    type: Declaration,
    uuid: string,
    ifMatch: number | null,
    {
      leaves,
      note,
      rules = [],
    }: { leaves: Readonly<Record<string, object>>; note: string; rules?: readonly Rule[] },
  ): Promise<Written> {
    return this.changing.change(ask, type, uuid.toLowerCase(), {
      action: 'slet',
      operation: 'anonymiser',
      rules,
      leaves: Object.fromEntries(
        Object.entries(leaves).map(([facet, item]) => [
          facet,
          mergeInto(type.attributes[facet]!)(null, item as Record<string, unknown>)!,
        ]),
      ),
      input: { note },
      ifMatch,
      sight: { slots: [], facets: null },
      draft: () => ({ close: [], add: [], changed: [] }),
    });
  }

  /**
   * Objects of the municipality's own of which a member has ever had this value, dead ones too, each with the number of its
   * last registration; at most a hundred.
   */
  async everKnown(
    ask: Ask,
    type: Declaration,
    { facet, member }: { facet: string; member: string },
    value: string,
  ): Promise<{ uuid: string; number: number }[]> {
    await mustHold(this.reach, ask, type, 'historik', 'soeg');
    await mayAsk(this.reach, ask, type, 'soeg', { udtryk: { felt: member, lig: value }, sorter: [] });
    return everKnown(this.reach, ask, type, { facet, member }, value);
  }

  /** @throws Refusal 404 when it is not there, or not the caller's to know. */
  async read(ask: Ask, type: Declaration, uuid: string, at: AsOf): Promise<Snapshot> {
    await mustHold(this.reach, ask, type, 'laes', 'laes');
    const isPresent = at.virkning === 'nu' && at.registrering === 'nu';
    const snapshot = isPresent
      ? await readPresent(this.reach, ask, type, uuid.toLowerCase())
      : await reading.readOne(this.reach, ask, type, uuid.toLowerCase(), at);
    return shown(snapshot, withheldFrom(ask.caller, type, 'laes'));
  }

  async readMany(ask: Ask, type: Declaration, uuids: readonly string[], at: AsOf): Promise<Snapshot[]> {
    await mustHold(this.reach, ask, type, 'laes', 'laes_mange');
    const withheld = withheldFrom(ask.caller, type, 'laes');
    const snapshots = await reading.readMany(this.reach, ask, type, uuids, at);
    return snapshots.map((snapshot) => shown(snapshot, withheld));
  }

  /** Newest first; `before` is a registration number. */
  async history(
    ask: Ask,
    type: Declaration,
    uuid: string,
    page: { limit: number; before: number | null },
  ): Promise<RegistrationSummary[]> {
    await mustHold(this.reach, ask, type, 'historik', 'historik');
    return reading.history(this.reach, ask, type, uuid.toLowerCase(), page);
  }

  /** The whole object as registration `number` left it, with its whole virkning history. */
  async registration(ask: Ask, type: Declaration, uuid: string, number: number): Promise<Snapshot> {
    await mustHold(this.reach, ask, type, 'historik', 'historik');
    const snapshot = await reading.registration(this.reach, ask, type, uuid.toLowerCase(), number);
    return shown(snapshot, withheldFrom(ask.caller, type, 'historik'));
  }

  async search(ask: Ask, type: Declaration, query: Query, at: AsOf): Promise<Page> {
    await mustHold(this.reach, ask, type, 'laes', 'soeg');
    await mayAsk(this.reach, ask, type, 'soeg', query);
    const page = await search(this.reach, this.options.secret, ask, type, query, at);
    const withheld = query.vis === 'uuid' ? [] : withheldFrom(ask.caller, type, 'laes');
    return withheld.length === 0 ? page : { ...page, data: page.data.map((body) => veiled(body, withheld)) };
  }

  /** A few members of every object that fits, not paged: what a tree is built from. */
  async outline(
    ask: Ask,
    type: Declaration,
    columns: readonly OutlineColumn[],
    where: Expression | null,
    at: AsOf,
  ): Promise<OutlineRow[]> {
    await mustHold(this.reach, ask, type, 'laes', 'oversigt');
    await mayAsk(this.reach, ask, type, 'oversigt', { udtryk: where, sorter: [] });
    const rows = await outline(this.reach, ask, type, columns, where, at);
    return veiledRows(rows, columns, withheldFrom(ask.caller, type, 'laes'));
  }

  /**
   * A few hundred lines at a time, in one transaction where all are good; results in the order of the lines. `atomic`: some
   * thousands, in one transaction whatever they are, and nothing is written where one is refused; the rules then see every
   * line written, and a second line about one object is refused.
   */
  async bulk(ask: Ask, items: readonly BulkItem[], options: ImportOptions = {}): Promise<BulkResult[]> {
    return importMany(
      {
        ...this.reach,
        ids: this.ids,
        types: this.options.types,
        sightIn: (tx, locks) => new RuleSight(tx, ask.caller, this.options.types, locks),
        checkRules: (sight, { action, recordings, before, afterwards }) => {
          const { type, uuid } = recordings.at(-1)!;
          return this.rulebook.check(sight, ask, { type, uuid, action, before, after: afterwards });
        },
        must: (type, verb) => mustHold(this.reach, ask, type, verb, 'importer_mange'),
        committed: async (written) => {
          this.options.committed?.();
          await this.statistics.grown(written);
        },
      },
      ask,
      items,
      options,
    );
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
    return this.changing.change(ask, type, uuid.toLowerCase(), {
      action,
      input: note === undefined ? {} : { note },
      ifMatch,
      sight: { slots: [], facets: this.rulebook.facetsOf(type) },
      draft: () => none,
    });
  }
}
