import { type Declaration, type Instant, notFound } from '@stoettesystemer/object';
import type { Ask } from './ask';
import type { Held } from './held';
import { isDead } from './permission';
import type { Fact, Piece } from './piece';
import type { Plan } from './plan';
import { actorOf, type Recording } from './recording';
import { checkRequirements, requiredFacets } from './requirements';
import { scopesOf } from './scopes';

/** An object that is to be forgotten, under its lock. */
export interface Forgotten {
  readonly type: Declaration;
  readonly held: Held;
  readonly facts: readonly Fact[];
  readonly at: Instant;
}

/**
 * What comes instead of all that was known of an object: its deletion, with which whoever has a copy parts with it, and
 * what it is from then on when it lives on. What was passive or deleted already is only deleted.
 * @throws Refusal 404 when nothing was known of it any more; 422 when too little is to be left.
 */
export function forgetting(
  ask: Ask,
  { action, input, draft }: Plan,
  { type, held, facts, at }: Forgotten,
): { recordings: readonly Recording[]; afterwards: readonly Piece[] } {
  const { uuid, number, scopes } = held;
  if (held.lifecycle === 'Slettet' && facts.length === 0) throw notFound();
  const deletion: Recording = {
    type,
    uuid,
    isNew: false,
    number: number + 1,
    at,
    lifecycle: 'Slettet',
    actor: actorOf(ask, input),
    note: input.note ?? null,
    sourceTime: null,
    close: [],
    add: [],
    scopes,
    changed: [],
  };
  if (action === 'slet' || isDead(held)) return { recordings: [deletion], afterwards: facts };
  const { add, changed } = draft(facts);
  checkRequirements(type, new Set([...changed, ...requiredFacets(type)]), add);
  const beginning: Recording = {
    ...deletion,
    number: number + 2,
    at: at + 1n,
    lifecycle: 'Importeret',
    add,
    scopes: scopesOf(type, uuid, add),
    changed,
  };
  return { recordings: [{ ...deletion, isLast: false }, beginning], afterwards: add };
}

/** When the first of the facts began to hold. */
export const earliestOf = (facts: readonly Fact[]): Instant | null =>
  facts.reduce<Instant | null>(
    (first, { period }) => (first === null || period.from < first ? period.from : first),
    null,
  );
