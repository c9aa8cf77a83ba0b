import { type Declaration, invalid, notFound } from '@stoettesystemer/object';
import type { Ask } from './ask';
import { assertionsOf } from './assertions';
import type { Ground, Judged, Line } from './bulk-line';
import { after, draftChange } from './draft';
import { mayOverwrite } from './guarded-change';
import { mayStand, mayStep, NotMine } from './permission';
import type { Plan } from './plan';
import { actorOf, type Recording } from './recording';
import { checkRequirements } from './requirements';
import { scopesOf } from './scopes';

const NOW_ALL = { slots: [], facets: null } as const;

/** What a line comes to that says what holds in a period (contract §4). @throws Refusal when it may not be written. */
export function retOf(
  ask: Ask,
  type: Declaration,
  { line, uuid, input, ifMatch, history }: Line,
  { held, facts, present }: Ground,
): Judged {
  if (history) throw invalid('historik', '/registreringer', 'En ret har ingen registreringer.');
  const said = assertionsOf(type, input, 'change');
  const plan: Plan = {
    action: 'ret',
    input,
    ifMatch: ifMatch ?? held?.number ?? null,
    sight: NOW_ALL,
    draft: (seen) => draftChange(type, input, said, seen),
  };
  try {
    mayStep(type, held, plan, ask);
  } catch (cause) {
    throw cause instanceof NotMine ? notFound() : cause;
  }
  if (!held) throw notFound();
  const draft = plan.draft(facts);
  mayOverwrite(ask.caller, type, 'skriv', { isNew: false, input, draft });
  if (draft.changed.length === 0) return { result: { line, uuid, status: 200, outcome: 'uaendret' } };
  const afterwards = after(facts, draft);
  checkRequirements(type, draft.changed, afterwards);
  const recording: Recording = {
    type,
    uuid,
    isNew: false,
    number: held.number + 1,
    at: present <= held.recordedAt ? held.recordedAt + 1n : present,
    lifecycle: 'Rettet',
    actor: actorOf(ask, input),
    note: input.note ?? null,
    sourceTime: input.tidspunkt ?? null,
    close: draft.close,
    add: draft.add,
    scopes: scopesOf(type, uuid, afterwards),
    changed: draft.changed,
  };
  mayStand(ask, 'ret', recording);
  return {
    result: { line, uuid, status: 200, outcome: 'rettet' },
    work: { action: 'ret', recordings: [recording], before: facts, afterwards },
  };
}
