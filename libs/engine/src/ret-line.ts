import { type Declaration, invalid } from '@stoettesystemer/object';
import type { Ask } from './ask';
import { assertionsOf } from './assertions';
import type { Ground, Judged, Line } from './bulk-line';
import { after, draftChange } from './draft';
import { mayOverwrite } from './guarded-change';
import { following, steppedOn } from './line-step';
import { mayStand } from './permission';
import type { Recording } from './recording';
import { checkRequirements } from './requirements';
import { scopesOf } from './scopes';

/** What a line comes to that says what holds in a period (contract §4). @throws Refusal when it may not be written. */
export function retOf(ask: Ask, type: Declaration, line: Line, { held, facts, present }: Ground): Judged {
  const { input, uuid } = line;
  if (line.history) throw invalid('historik', '/registreringer', 'En ret har ingen registreringer.');
  const said = assertionsOf(type, input, 'change');
  const standing = steppedOn(ask, type, line, held, 'ret');
  const draft = draftChange(type, input, said, facts);
  mayOverwrite(ask.caller, type, 'skriv', { isNew: false, input, draft });
  if (draft.changed.length === 0)
    return { result: { line: line.line, uuid, status: 200, outcome: 'uaendret' } };
  const afterwards = after(facts, draft);
  checkRequirements(type, draft.changed, afterwards);
  const recording: Recording = {
    ...following(ask, type, line, standing, present),
    lifecycle: 'Rettet',
    close: draft.close,
    add: draft.add,
    scopes: scopesOf(type, uuid, afterwards),
    changed: draft.changed,
  };
  mayStand(ask, 'ret', recording);
  return {
    result: { line: line.line, uuid, status: 200, outcome: 'rettet' },
    work: { action: 'ret', recordings: [recording], before: facts, afterwards },
  };
}
