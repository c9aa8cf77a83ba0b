import { type Declaration, type Instant, notFound } from '@stoettesystemer/object';
import type { Statement } from '@stoettesystemer/postgres';
import type { Ask } from './ask';
import { eraseStatements, forgetSource } from './erasure';
import type { Held } from './held';
import type { Fact } from './piece';
import type { Plan } from './plan';
import { actorOf, type Recording } from './recording';

/** An object that is to be forgotten, under its lock. */
export interface Forgotten {
  readonly type: Declaration;
  readonly held: Held;
  readonly at: Instant;
}

/** What is done to forget it, and what is registered of that; the object's own last registration comes last. */
export interface Forgetting {
  readonly statements: readonly Statement[];
  readonly recordings: readonly Recording[];
}

/** The registration that tells of it: whoever has a copy parts with it. */
export const deletionOf = (ask: Ask, { input }: Plan, { type, held, at }: Forgotten): Recording => ({
  type,
  uuid: held.uuid,
  isNew: false,
  number: held.number + 1,
  at,
  lifecycle: 'Slettet',
  actor: actorOf(ask, input),
  note: input.note ?? null,
  sourceTime: null,
  close: [],
  add: [],
  scopes: held.scopes,
  changed: [],
});

/** All that was known of an object goes; a tombstone is left. @throws Refusal 404 when nothing was known any more. */
export function erasing(ask: Ask, plan: Plan, forgotten: Forgotten, facts: readonly Fact[]): Forgetting {
  const { held } = forgotten;
  if (held.lifecycle === 'Slettet' && facts.length === 0) throw notFound();
  const { owner } = ask.caller;
  return {
    statements: [...eraseStatements(owner, [held.uuid]), forgetSource(owner, [held.uuid])],
    recordings: [deletionOf(ask, plan, forgotten)],
  };
}
