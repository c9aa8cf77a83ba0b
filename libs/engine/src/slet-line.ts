import { type Declaration, invalid, notFound } from '@stoettesystemer/object';
import type { Ask } from './ask';
import type { Ground, Judged, Line } from './bulk-line';
import { mayStand, mayStep, NotMine } from './permission';
import type { Plan } from './plan';
import { actorOf, type Recording } from './recording';

const NOTHING = { close: [], add: [], changed: [] } as const;

/**
 * What a line comes to that deletes an object, logically: for what a set made and a later set unmakes. What is to be gone
 * for good goes by itself. @throws Refusal when it may not be.
 */
export function sletOf(
  ask: Ask,
  type: Declaration,
  { line, uuid, input, ifMatch, history }: Line,
  { held, facts, present }: Ground,
): Judged {
  if (history) throw invalid('historik', '/registreringer', 'En sletning har ingen registreringer.');
  if (type.deletion === 'physical')
    throw invalid('slet', '', 'Objekter af typen slettes helt og derfor hver for sig.');
  const plan: Plan = {
    action: 'slet',
    input,
    ifMatch: ifMatch ?? held?.number ?? null,
    sight: { slots: [], facets: null },
    draft: () => NOTHING,
  };
  try {
    mayStep(type, held, plan, ask);
  } catch (cause) {
    throw cause instanceof NotMine ? notFound() : cause;
  }
  if (!held) throw notFound();
  const recording: Recording = {
    type,
    uuid,
    isNew: false,
    number: held.number + 1,
    at: present <= held.recordedAt ? held.recordedAt + 1n : present,
    lifecycle: 'Slettet',
    actor: actorOf(ask, input),
    note: input.note ?? null,
    sourceTime: input.tidspunkt ?? null,
    ...NOTHING,
    scopes: held.scopes,
  };
  mayStand(ask, 'slet', recording);
  return {
    result: { line, uuid, status: 200, outcome: 'slettet' },
    work: { action: 'slet', recordings: [recording], before: facts, afterwards: facts },
  };
}
