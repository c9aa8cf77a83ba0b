import { allows, type Verb } from '@stoettesystemer/access';
import { type Declaration, type Instant, invalid, notFound, Refusal } from '@stoettesystemer/object';
import type { Row } from '@stoettesystemer/postgres';
import type { Ask, BulkItem, BulkResult } from './ask';
import { takenRefusal } from './common';
import { after, draftWhole } from './draft';
import { historyOf, isRecorded } from './full-history';
import type { Held } from './held';
import type { Fact, Piece } from './piece';
import { actorOf, type Recording } from './recording';
import { checkRequirements, requiredFacets } from './requirements';
import { scopesOf } from './scopes';

/** What is known of the object that a line is about, under its lock. */
export interface Ground {
  readonly held: Held | null;
  readonly facts: readonly Fact[];
  /** The common object that has the UUID. */
  readonly taken: Row | null;
  /** All that is recorded of it, where the line brings a history. */
  readonly recorded: readonly Row[];
  /** The transaction's time, after the lock. */
  readonly present: Instant;
}

/** What a line is to write. */
export interface Work {
  readonly recordings: readonly Recording[];
  readonly before: readonly Fact[];
  readonly afterwards: readonly Piece[];
}

export interface Judged {
  readonly result: BulkResult;
  /** Absent: the line says nothing new. */
  readonly work?: Work;
}

export type Line = BulkItem & { readonly uuid: string };

/** Why the caller may not do something to a type at all; worked out before the transaction, for the refusal is logged. */
export type Barred = (type: Declaration, verb: Verb) => Refusal | undefined;

/** What a line comes to. @throws Refusal when it may not be written. */
export function judge(
  ask: Ask,
  types: readonly Declaration[],
  barred: Barred,
  line: Line,
  ground: Ground,
): Judged {
  const type = types.find(({ name }) => name === line.type);
  if (!type) throw invalid('objekttype', '/objekttype', 'Tjenesten har ikke objekttypen.');
  const bar = barred(type, 'importer') ?? (line.history ? barred(type, 'historik') : undefined);
  if (bar) throw bar;
  const { held, taken } = ground;
  if (!held && taken) throw takenRefusal(ask.caller, types, taken);
  const { owner } = ask.caller;
  if (held && !allows(ask.caller, type, 'importer', { owner, scopes: held.scopes })) throw notFound();
  if (held && held.type !== type.name) throw notFound();
  return line.history ? chronicle(ask, type, line, line.history, ground) : state(ask, type, line, ground);
}

function chronicle(
  ask: Ask,
  type: Declaration,
  { line, uuid }: Line,
  history: NonNullable<BulkItem['history']>,
  { held, recorded, present }: Ground,
): Judged {
  const { recordings, afterwards } = historyOf(ask, type, uuid, history, present);
  mayStand(ask, type, recordings);
  if (!held)
    return {
      result: { line, uuid, status: 201, outcome: 'oprettet' },
      work: { recordings, before: [], afterwards },
    };
  if (isRecorded(recorded, recordings)) return { result: { line, uuid, status: 200, outcome: 'uaendret' } };
  throw new Refusal(
    409,
    'livscyklus',
    'Objektet findes med en anden historik. Fuld historik kan kun lægges ind for et objekt, der ikke findes.',
  );
}

function state(
  ask: Ask,
  type: Declaration,
  { line, uuid, input }: Line,
  { held, facts, present }: Ground,
): Judged {
  const isDead = held?.lifecycle === 'Passiveret' || held?.lifecycle === 'Slettet';
  const draft = draftWhole(type, input, facts);
  if (held && !isDead && draft.changed.length === 0)
    return { result: { line, uuid, status: 200, outcome: 'uaendret' } };
  const afterwards = after(facts, draft);
  checkRequirements(type, new Set([...draft.changed, ...requiredFacets(type)]), afterwards);
  const recording: Recording = {
    type,
    uuid,
    isNew: held === null,
    number: (held?.number ?? 0) + 1,
    at: held && present <= held.recordedAt ? held.recordedAt + 1n : present,
    lifecycle: held && !isDead ? 'Rettet' : 'Importeret',
    actor: actorOf(ask, input),
    note: input.note ?? null,
    sourceTime: input.tidspunkt ?? null,
    close: draft.close,
    add: draft.add,
    scopes: scopesOf(type, afterwards),
    changed: draft.changed,
  };
  mayStand(ask, type, [recording]);
  const outcome = held ? (isDead ? 'importeret' : 'rettet') : 'oprettet';
  return {
    result: { line, uuid, status: held ? 200 : 201, outcome },
    work: { recordings: [recording], before: facts, afterwards },
  };
}

function mayStand({ caller }: Ask, type: Declaration, recordings: readonly Recording[]): void {
  for (const { scopes } of recordings)
    if (!allows(caller, type, 'importer', { owner: caller.owner, scopes }))
      throw new Refusal(403, 'dataafgraensning', 'Objektet ligger uden for aftalens dataafgrænsning.');
}
