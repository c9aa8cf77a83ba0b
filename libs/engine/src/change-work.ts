import { COMMON_OWNER } from '@stoettesystemer/access';
import { type Declaration, fromDatabase, type Instant, notFound } from '@stoettesystemer/object';
import type { Result, Statement, Transaction } from '@stoettesystemer/postgres';
import { anonymising, type AnonymisingTools } from './anonymising';
import type { Ask } from './ask';
import { takenStatement } from './common';
import { after, type Draft } from './draft';
import { erasing, type Forgotten } from './forgetting';
import { mayOverwrite } from './guarded-change';
import {
  byObject,
  clockStatement,
  factOf,
  factStatement,
  type Held,
  heldOf,
  lockStatement,
  nextMoment,
} from './held';
import { isDead, mayStand, mayStep, NotMine } from './permission';
import type { Fact, Piece } from './piece';
import { type Action, type Plan, VERBS } from './plan';
import { actorOf, type Lifecycle, type Recording } from './recording';
import { checkRequirements, requiredFacets } from './requirements';
import { accessFacets, scopesOf } from './scopes';

/** What one request wants of one object. */
export interface Wanted {
  readonly ask: Ask;
  readonly type: Declaration;
  readonly uuid: string;
  readonly plan: Plan;
}

/** What it is judged against, under the object's lock. */
export interface Standing {
  readonly held: Held | null;
  readonly facts: readonly Fact[];
  /** After the lock; null for a new object: the time when the transaction began. */
  readonly present: Instant | null;
  /** A common object has the UUID. */
  readonly isTaken: boolean;
}

/** What a request comes to. Without recordings it says nothing new. */
export interface Work extends Wanted {
  readonly recordings: readonly Recording[];
  readonly before: readonly Fact[];
  readonly afterwards: readonly Piece[];
  readonly number: number;
  /** What is to be done first, where something is to be known no more. */
  readonly first?: readonly Statement[];
}

const NEW: Standing = { held: null, facts: [], present: null, isTaken: false };

/**
 * Locks what requests of one owner are about, no two of one object, and reads what each must be judged against.
 * @param waits false: fails where another transaction has one of the objects.
 */
export async function standingOf(
  tx: Transaction,
  owner: string,
  wanted: readonly Wanted[],
  waits: boolean,
): Promise<readonly Standing[]> {
  const known = wanted.filter(({ plan }) => plan.action !== 'opret');
  if (known.length === 0) return wanted.map(() => NEW);
  const mayMake = owner === COMMON_OWNER ? [] : known.filter(({ plan }) => plan.action === 'importer');
  const uuidsOf = (some: readonly Wanted[]) => some.map(({ uuid }) => uuid);
  const alike = bySight(known);
  const results = await tx.batch([
    lockStatement(owner, uuidsOf(known), waits),
    clockStatement,
    ...alike.map((some) => factStatement(owner, uuidsOf(some), some[0].plan.sight)),
    ...(mayMake.length > 0 ? [takenStatement(uuidsOf(mayMake))] : []),
  ]);
  const [locked, time, ...seen] = results as [Result, Result, ...Result[]];
  const held = new Map(locked.rows.map((row) => [row['id'] as string, heldOf(row)]));
  const facts = byObject(seen.slice(0, alike.length).flatMap(({ rows }) => rows));
  const taken = new Set(seen[alike.length]?.rows.map(({ id }) => id));
  const present = fromDatabase(time.rows[0]!['now'] as string);
  const standing = new Map(
    known.map(({ uuid }): [string, Standing] => [
      uuid,
      {
        held: held.get(uuid) ?? null,
        facts: (facts.get(uuid) ?? []).map(factOf),
        present,
        isTaken: taken.has(uuid),
      },
    ]),
  );
  return wanted.map(({ uuid }) => standing.get(uuid) ?? NEW);
}

/** Those that must see the same are seen for by one statement. */
function bySight(wanted: readonly Wanted[]): [Wanted, ...Wanted[]][] {
  const groups = new Map<string, [Wanted, ...Wanted[]]>();
  for (const each of wanted) {
    const { slots, facets } = each.plan.sight;
    const sight = JSON.stringify([facets, ...slots.map(({ facet, slot }) => [facet, slot])]);
    const group = groups.get(sight);
    if (group) group.push(each);
    else groups.set(sight, [each]);
  }
  return [...groups.values()];
}

const LIFECYCLES: Readonly<Record<Exclude<Action, 'importer'>, Lifecycle>> = {
  opret: 'Opstaaet',
  ret: 'Rettet',
  passiver: 'Passiveret',
  slet: 'Slettet',
};

/** @throws Refusal, or NotMine, when it may not be done. */
export async function workOf(
  tools: AnonymisingTools,
  wanted: Wanted,
  { held, facts, present, isTaken }: Standing,
): Promise<Work> {
  const { ask, type, plan } = wanted;
  if (!held && isTaken) throw new NotMine('faelles');
  if (held && held.type !== type.name) throw notFound();
  mayStep(type, held, plan, ask);
  const at = present === null ? null : nextMoment(held, present);
  if ((plan.forgets || plan.leaves) && held && at !== null)
    return forgetting(tools, wanted, { type, held, at }, facts);
  const draft = plan.draft(facts);
  const isNew = held === null || (plan.action === 'importer' && facts.length === 0);
  mayOverwrite(ask.caller, type, VERBS[plan.action], { isNew, input: plan.input, draft });
  const afterwards = after(facts, draft);
  if (plan.action !== 'passiver' && plan.action !== 'slet') {
    if (held && !isDead(held) && draft.changed.length === 0)
      return { ...wanted, recordings: [], before: facts, afterwards, number: held.number };
    // A Ret has seen no more than it touches; the others have seen all, and after an erasure all is to be said anew.
    const required = plan.action === 'ret' ? [] : requiredFacets(type);
    checkRequirements(type, new Set([...draft.changed, ...required]), afterwards);
  }
  const recording = recordingOf(wanted, { held, draft, afterwards, at });
  mayStand(ask, plan.action, recording);
  return { ...wanted, recordings: [recording], before: facts, afterwards, number: recording.number };
}

/** What is to be known no more. */
async function forgetting(
  tools: AnonymisingTools,
  wanted: Wanted,
  forgotten: Forgotten,
  facts: readonly Fact[],
): Promise<Work> {
  const { ask, plan } = wanted;
  const { leaves } = plan;
  const done = leaves
    ? await anonymising(tools, ask, { ...plan, leaves }, forgotten)
    : erasing(ask, plan, forgotten, facts);
  const seen = { before: facts, afterwards: facts };
  if (!done) return { ...wanted, ...seen, recordings: [], number: forgotten.held.number };
  const { recordings, statements: first } = done;
  const own = recordings.at(-1)!;
  mayStand(ask, plan.action, own);
  return { ...wanted, ...seen, recordings, number: own.number, first };
}

interface Step {
  readonly held: Held | null;
  readonly draft: Draft;
  readonly afterwards: readonly Piece[];
  readonly at: Instant | null;
}

function recordingOf(
  { ask, type, uuid, plan: { action, input } }: Wanted,
  { held, draft, afterwards, at }: Step,
): Recording {
  const restricts = new Set(accessFacets(type));
  const isAsBefore = held && !draft.changed.some((facet) => restricts.has(facet));
  const isAlive = held && !isDead(held);
  return {
    type,
    uuid,
    isNew: held === null,
    number: (held?.number ?? 0) + 1,
    at,
    lifecycle: action === 'importer' ? (isAlive ? 'Rettet' : 'Importeret') : LIFECYCLES[action],
    actor: actorOf(ask, input),
    note: input.note ?? null,
    sourceTime: input.tidspunkt ?? null,
    close: draft.close,
    add: draft.add,
    scopes: isAsBefore ? held.scopes : scopesOf(type, uuid, afterwards),
    changed: draft.changed,
  };
}
