import type { Change, Rule } from '@stoettesystemer/engine';
import { type Instant, invalid, now, parseInstant, Refusal } from '@stoettesystemer/object';
import { type AgreementState, isAgreed, isDraft, isTheirs, mayFollow } from './agreement-state';
import { AgreementTimeline, FACETS, sameContent, type Slice } from './agreement-timeline';
import { mustApprove, mustAsk, mustAskOrApprove } from './authority';

const STATUS = '/tilstande/status';
const ASKED = '/attributter/anmodning';

/** An agreement before and after a change, cut at the same moments. */
interface Step {
  readonly change: Change;
  readonly before: AgreementTimeline;
  readonly after: AgreementTimeline;
  readonly pairs: readonly (readonly [was: Slice, is: Slice])[];
  /** The first moment at which the states differ; null when they do not. */
  readonly turn: Instant | null;
}

const isEmpty = ({ content }: Slice): boolean => content.roles.length === 0 && content.limits.length === 0;
const notThere = (from: AgreementState | null, to: AgreementState | null): Refusal =>
  new Refusal(409, 'trin', `En aftale kan ikke gå fra ${from ?? 'intet'} til ${to ?? 'intet'}.`, {
    fejl: [{ sti: STATUS, kode: 'trin', besked: `Fra ${from ?? 'intet'} til ${to ?? 'intet'}.` }],
  });

/** One state follows another without a gap, each in a way that it may; and what is given is given while it is in force. */
function checkShape({ after, pairs }: Step): void {
  let last: Slice | null = null;
  for (const [, slice] of pairs) {
    const { status } = slice;
    if (status !== 'Aktiv' && !isEmpty(slice))
      throw invalid('i_kraft', '/attributter/rolle', 'En aftale giver kun roller, mens den er aktiv.');
    if (status === null && last === null) continue;
    if (status === null) throw invalid('status', STATUS, 'Aftalens status skal være sagt uden huller.');
    if (!isAgreed(status) && status !== 'Ophaevet' && slice.version !== null)
      throw invalid('version', '/attributter/egenskaber', 'Kun en godkendt aftale har en version.');
    if (last?.status && last.status !== status && !mayFollow(last.status, status, slice.isTest))
      throw notThere(last.status, status);
    if (status === 'Aktiv' && (slice.content.roles.length === 0 || slice.version === null))
      throw invalid('roller', '/attributter/rolle', 'En aktiv aftale har en version og mindst én rolle.');
    if (last !== null && (slice.version ?? 0) < (last.version ?? 0))
      throw invalid('version', '/attributter/egenskaber', 'En ældre version kommer ikke i kraft igen.');
    last = slice;
  }
  if (after.last === null) throw invalid('status', STATUS, 'Aftalens status skal være sagt uden ende.');
  if (after.last === 'Godkendt') throw invalid('status', STATUS, 'En godkendt aftale bliver aktiv en dag.');
}

/** What has been done is not undone: a state that somebody's step led to keeps its beginning. */
function checkNothingUndone({ before, after, pairs, turn }: Step): void {
  if (turn === null || before.isNew) return;
  if ([...before.states, ...after.states].every((state) => state === 'Kladde')) return;
  for (const [was, is] of pairs)
    if (was.status !== is.status && was.status !== null && !isAgreed(was.status)) {
      const since = before.since(was.from);
      if (since !== null && since >= turn) throw notThere(was.status, is.status);
    }
}

/** Each part of the agreement that is another than it was, is changed by one who may. */
function checkAuthority({ change, before, pairs }: Step): void {
  // Whoever imports an agreement that needs nobody's yes has the right to import, and that is enough.
  const isImported = before.isNew && change.action === 'importer';
  for (const [was, is] of pairs) {
    const moves = was.status !== is.status;
    if (!moves && sameContent(was.content, is.content) && was.version === is.version) continue;
    const isTest = is.isTest && (before.isNew || was.isTest || was.status === null);
    if (isTheirs(was.status) || isTheirs(is.status)) {
      const isAskedAgain = isDraft(was.status) && !isTheirs(is.status);
      if (isTest && !isTheirs(was.status)) {
        if (!isImported) mustAsk(change.caller);
      } else if (isTest) mustAskOrApprove(change.caller);
      else if (isAskedAgain) mustAsk(change.caller);
      else mustApprove(change.caller);
    } else if (moves && is.status !== 'Kladde') mustAsk(change.caller);
  }
}

/** What comes into force is what was asked for, all of it and nothing else. */
function checkWhatIsApproved({ before, after, pairs }: Step): void {
  if (before.isNew) return;
  const { request } = before;
  const given = pairs.filter(
    ([was, is]) =>
      is.status === 'Aktiv' &&
      !(was.status === 'Aktiv' && was.version === is.version && sameContent(was.content, is.content)),
  );
  for (const [was, is] of given) {
    if (was.isTest && is.isTest && is.version === before.highestVersion + 1) continue;
    if (!request || is.version !== request.version || !sameContent(is.content, request))
      throw invalid(
        'ikke_anmodet',
        '/attributter/rolle',
        was.status === 'Aktiv'
          ? 'En aftale, der er i kraft, ændres kun ved, at en ny version godkendes, som der er bedt om den.'
          : 'Det, der godkendes, skal være det, der er bedt om.',
      );
  }
  if (given.length > 0 && after.request)
    throw invalid('anmodning', ASKED, 'Det, der er godkendt, er der ikke længere bedt om.');
}

/** What is asked for stands still while somebody decides on it, and a new version is one more than the last. */
function checkRequest({ change, before, after, turn }: Step): void {
  const state = before.last;
  const waits = (timeline: AgreementTimeline) => timeline.last === 'Anmodet' || isAgreed(timeline.last);
  const { request } = after;
  if (request && waits(after) && request.version !== after.highestVersion + 1)
    throw invalid('version', ASKED, `Den version, der bedes om, er ${after.highestVersion + 1}.`);
  if (after.last === 'Anmodet' && !request) throw invalid('anmodning', ASKED, 'Der er ikke bedt om noget.');
  if (request && after.last === 'Ophaevet')
    throw invalid('ophaevet', ASKED, 'En ophævet aftale får ikke nye versioner.');
  for (const edge of [request?.from, request?.to])
    if (typeof edge === 'string' && parseInstant(edge) === null)
      throw invalid('tidspunkt', ASKED, 'gyldigFra og gyldigTil er tidspunkter med tidszone.');
  if (before.isNew || before.requestText === after.requestText || isDraft(state)) return;
  if (before.request && request)
    throw invalid('laast', ASKED, 'Træk anmodningen, før der bedes om noget andet.');
  if (state === 'Anmodet' && turn === null)
    throw invalid('laast', ASKED, 'Der er bedt om aftalen. Træk den for at ændre den.');
  if (request) mustAsk(change.caller);
  else if (turn === null) mustAskOrApprove(change.caller);
}

/** Name, purpose, system and services are what was read before it was signed. */
function checkTerms({ before, pairs }: Step): void {
  if (before.isNew || isDraft(before.last)) return;
  if (pairs.some(([was, is]) => was.terms !== is.terms))
    throw invalid('laast', '', 'Aftalens ord, system og services kan kun ændres, mens den er en kladde.');
}

function checkEnd({ caller }: Change, before: AgreementTimeline): void {
  const moment = now();
  const holds = (state: AgreementState | null) => state === 'Godkendt' || state === 'Aktiv';
  if (holds(before.slice(moment).status) || holds(before.last) || before.last === 'Anmodet')
    throw new Refusal(409, 'trin', 'Ophæv eller træk aftalen, før den slettes eller passiveres.');
  if (before.states.some(isAgreed)) mustApprove(caller);
}

/**
 * The workflow of a service agreement (administration §2.2), however it is written: which step may follow which, whose
 * it is to take, and that nothing is in force but what was asked for and said yes to.
 */
export const workflow: Rule = {
  types: ['Serviceaftale'],
  facets: FACETS,
  check(change: Change) {
    const before = new AgreementTimeline(change.before);
    if (change.action === 'passiver' || change.action === 'slet') return checkEnd(change, before);
    const after = new AgreementTimeline(change.after);
    const edges = [...before.edges, ...after.edges];
    const were = before.slices(edges);
    const pairs = after.slices(edges).map((is, at) => [were[at]!, is] as const);
    const turn = pairs.find(([was, is]) => was.status !== is.status)?.[1].from ?? null;
    const step = { change, before, after, pairs, turn };
    checkAuthority(step);
    checkNothingUndone(step);
    checkTerms(step);
    checkShape(step);
    checkRequest(step);
    checkWhatIsApproved(step);
  },
};
