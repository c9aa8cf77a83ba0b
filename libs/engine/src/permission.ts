import { allows, COMMON_OWNER, holds, type Verb } from '@stoettesystemer/access';
import { type Declaration, notFound, Refusal } from '@stoettesystemer/object';
import type { Ask } from './ask';
import { isCommonRefusal } from './common';
import type { Held } from './held';
import { type Action, type Plan, VERBS } from './plan';
import { isCommon, type Reach } from './reading';
import type { Recording } from './recording';

/** Thrown inside the transaction; the answer needs a look outside it. */
export class NotMine extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}

export const isStale = (held: Held | null): Refusal =>
  new Refusal(412, 'foraeldet', 'Objektet er ændret, siden du læste det. Læs igen og prøv igen.', {
    headers: held ? { ETag: `"${held.number}"` } : {},
  });

/** Neither may be changed but by a new import. */
export const isDead = (held: Held | null): boolean =>
  held?.lifecycle === 'Passiveret' || held?.lifecycle === 'Slettet';

/** 403 when no privilege of the caller reaches the operation at all; the denial is logged (O1). */
export async function mustHold(
  reach: Reach,
  ask: Ask,
  type: Declaration,
  verb: Verb,
  operation: string,
): Promise<void> {
  if (holds(ask.caller, type, verb)) return;
  await deny(reach, ask, type, operation, [], `${type.name.toLowerCase()}:${verb}`);
  throw new Refusal(403, 'ingen_rettighed', `Aftalen giver ikke ret til ${verb} på ${type.name}.`);
}

/** Logs an attempt that was refused. */
export async function deny(
  { database, audit }: Reach,
  ask: Ask,
  type: Declaration,
  operation: string,
  objects: string[],
  rule: string,
): Promise<void> {
  const { caller, transaction, purpose } = ask;
  const row = audit({
    caller,
    transaction,
    operation,
    type: type.name,
    objects,
    allowed: false,
    rule,
    purpose,
  });
  await database.run({ owner: caller.owner }, row);
}

/** May this caller take this step with this object now? */
export function mayStep(
  type: Declaration,
  held: Held | null,
  plan: Pick<Plan, 'action' | 'ifMatch' | 'forgets' | 'leaves'>,
  { caller }: Ask,
): void {
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
  const isEnding = plan.action === 'slet' && held.lifecycle === 'Passiveret';
  if (isDead(held) && !revives && !isEnding && !plan.forgets && !plan.leaves)
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

/** You may not make it someone else's either (T30). */
export function mayStand({ caller }: Ask, action: Action, { type, scopes }: Recording): void {
  if (allows(caller, type, VERBS[action], { owner: caller.owner, scopes })) return;
  throw new Refusal(403, 'dataafgraensning', 'Ændringen ligger uden for aftalens dataafgrænsning.');
}

/** A common object that one may read and not write is 403; all else is not there. */
export async function notMineRefusal(
  reach: Reach,
  ask: Ask,
  type: Declaration,
  uuid: string,
): Promise<Refusal> {
  if (ask.caller.owner === COMMON_OWNER) return notFound();
  const visible = await isCommon(reach, ask, type, uuid);
  return visible ? isCommonRefusal() : notFound();
}
