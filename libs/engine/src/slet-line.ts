import { type Declaration, invalid } from '@stoettesystemer/object';
import type { Ask } from './ask';
import type { Ground, Judged, Line } from './bulk-line';
import { following, steppedOn } from './line-step';
import { mayStand } from './permission';
import type { Recording } from './recording';

const NOTHING = { close: [], add: [], changed: [] } as const;

/**
 * What a line comes to that deletes an object, logically: for what a set made and a later set unmakes. What is to be gone
 * for good goes by itself. @throws Refusal when it may not be.
 */
export function sletOf(ask: Ask, type: Declaration, line: Line, { held, facts, present }: Ground): Judged {
  if (line.history) throw invalid('historik', '/registreringer', 'En sletning har ingen registreringer.');
  if (type.deletion === 'physical')
    throw invalid('slet', '', 'Objekter af typen slettes helt og derfor hver for sig.');
  const standing = steppedOn(ask, type, line, held, 'slet');
  const recording: Recording = {
    ...following(ask, type, line, standing, present),
    lifecycle: 'Slettet',
    ...NOTHING,
    scopes: standing.scopes,
  };
  mayStand(ask, 'slet', recording);
  return {
    result: { line: line.line, uuid: line.uuid, status: 200, outcome: 'slettet' },
    work: { action: 'slet', recordings: [recording], before: facts, afterwards: facts },
  };
}
