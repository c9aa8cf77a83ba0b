import { allows, type Verb } from '@stoettesystemer/access';
import { type Declaration, invalid, notFound, Refusal } from '@stoettesystemer/object';
import type { Ask, BulkItem } from './ask';
import type { Ground, Judged, Line } from './bulk-line';
import { withCaller } from './calling';
import { takenRefusal } from './common';
import { after, draftWhole } from './draft';
import { historyOf, isRecorded } from './full-history';
import { mayOverwrite } from './guarded-change';
import { nextMoment } from './held';
import { actorOf, type Recording } from './recording';
import { isStale } from './permission';
import { checkRequirements, requiredFacets } from './requirements';
import { retOf } from './ret-line';
import { scopesOf } from './scopes';
import { sletOf } from './slet-line';

/** Why the caller may not do something to a type at all; worked out before the transaction, for the refusal is logged. */
export type Barred = (type: Declaration, verb: Verb) => Refusal | undefined;

/** The rights that a line takes, to some object of its type at least. */
export const verbsOf = ({ how, history }: BulkItem): readonly Verb[] =>
  how === 'ret' ? ['skriv'] : how === 'slet' ? ['slet'] : history ? ['importer', 'historik'] : ['importer'];

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
  const bar = verbsOf(line)
    .map((verb) => barred(type, verb))
    .find((refusal) => refusal !== undefined);
  if (bar) throw bar;
  const { held, taken } = ground;
  if (!held && taken) throw takenRefusal(ask.caller, types, taken);
  if (held && held.type !== type.name) throw notFound();
  if (line.how === 'ret') return retOf(ask, type, line, ground);
  if (line.how === 'slet') return sletOf(ask, type, line, ground);
  const { owner } = ask.caller;
  if (held && !allows(ask.caller, type, 'importer', { owner, scopes: held.scopes })) throw notFound();
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
      work: { action: 'importer', recordings, before: [], afterwards },
    };
  for (const input of history)
    mayOverwrite(ask.caller, type, 'importer', { isNew: false, input, draft: { close: [], add: [] } });
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
  { line, uuid, input: said, ifMatch }: Line,
  { held, facts, present }: Ground,
): Judged {
  const input = withCaller(ask.caller, type, said);
  const isDead = held?.lifecycle === 'Passiveret' || held?.lifecycle === 'Slettet';
  if (ifMatch !== undefined && ifMatch !== (held && !isDead ? held.number : 0)) throw isStale(held);
  const draft = draftWhole(type, input, facts);
  mayOverwrite(ask.caller, type, 'importer', { isNew: !held || facts.length === 0, input, draft });
  if (held && !isDead && draft.changed.length === 0)
    return { result: { line, uuid, status: 200, outcome: 'uaendret' } };
  const afterwards = after(facts, draft);
  checkRequirements(type, new Set([...draft.changed, ...requiredFacets(type)]), afterwards);
  const recording: Recording = {
    type,
    uuid,
    isNew: held === null,
    number: (held?.number ?? 0) + 1,
    at: nextMoment(held, present),
    lifecycle: held && !isDead ? 'Rettet' : 'Importeret',
    actor: actorOf(ask, input),
    note: input.note ?? null,
    sourceTime: input.tidspunkt ?? null,
    close: draft.close,
    add: draft.add,
    scopes: scopesOf(type, uuid, afterwards),
    changed: draft.changed,
  };
  mayStand(ask, type, [recording]);
  const outcome = held ? (isDead ? 'importeret' : 'rettet') : 'oprettet';
  return {
    result: { line, uuid, status: held ? 200 : 201, outcome },
    work: { action: 'importer', recordings: [recording], before: facts, afterwards },
  };
}

function mayStand({ caller }: Ask, type: Declaration, recordings: readonly Recording[]): void {
  for (const { scopes } of recordings)
    if (!allows(caller, type, 'importer', { owner: caller.owner, scopes }))
      throw new Refusal(403, 'dataafgraensning', 'Objektet ligger uden for aftalens dataafgrænsning.');
}
