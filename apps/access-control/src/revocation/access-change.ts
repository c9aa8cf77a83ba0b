import type { Revocation } from '@stoettesystemer/access';

/** A change of something that tokens rest on, as far as it can take rights away. */
export interface AccessChange {
  /** When everybody could see it: seconds since 1970, with a fraction. */
  readonly place: number;
  /** CVR. */
  readonly owner: string;
  readonly type: string;
  readonly uuid: string;
  readonly action: string;
  /** Facets that the change said something of. */
  readonly changed: readonly string[];
  /** Facets of which something ended. */
  readonly ended: readonly string[];
  /** Whether tokens in use could rest on it before. */
  readonly wasActive: boolean;
  /** CVR of the municipalities whose user tokens rest on it beside the owner's. */
  readonly municipalities: readonly string[];
}

/** Seconds that a change is told of: the longest life of a token, the clocks' tolerance, and time to hear it. */
export const TOLD_FOR = 330;
/**
 * Seconds after a change in which a token is still denied: it may have been decided on just before the change, by a
 * process whose clock runs a little ahead.
 */
const MARGIN = 1;

/** What an agreement says that no token does: the version that is asked for. */
const ASKED_FOR = new Set(['anmodning', 'anmodetRolle', 'anmodetAfgraensning']);
/** Of an it-system; the first take rights away when they are said, the others when something of them ends. */
const NARROWS = ['tilstand', 'myndighedsafgraensning'];
const CARRIES = ['egenskaber', 'systemtype', 'noegle', 'identityProvider'];

const some = (facets: readonly string[], of: readonly string[]): boolean =>
  facets.some((facet) => of.includes(facet));

/** Before it there was nothing that a token could rest on, or what there was had been ended, and taken back then. */
const isBeginning = ({ action }: AccessChange): boolean => action === 'opstaaet' || action === 'importeret';

/** What ended it altogether changed no facet. */
const hasEnded = ({ action }: AccessChange): boolean => action === 'passiveret' || action === 'slettet';

const TAKES_AWAY: Readonly<Record<string, (change: AccessChange) => boolean>> = {
  Serviceaftale: (change) =>
    change.wasActive && (hasEnded(change) || change.changed.some((facet) => !ASKED_FOR.has(facet))),
  Foederationsaftale: ({ wasActive }) => wasActive,
  Delegation: ({ wasActive }) => wasActive,
  Jobfunktionsrolle: (change) =>
    hasEnded(change) || change.ended.length > 0 || some(change.changed, ['afgraensning', 'godkendelse']),
  ItSystem: (change) => hasEnded(change) || some(change.changed, NARROWS) || some(change.ended, CARRIES),
};

/** What a change has taken back; nothing when nobody can lose by it. */
export function revocationsOf(change: AccessChange): Revocation[] {
  if (isBeginning(change) || !TAKES_AWAY[change.type]?.(change)) return [];
  const before = Math.floor(change.place + MARGIN);
  const bounds = { before, until: before + TOLD_FOR };
  const users = (owners: readonly string[]) =>
    [...new Set(owners)].map((brugere) => ({ brugere, ...bounds }));
  if (change.type === 'Serviceaftale') return [{ agr: change.uuid, ...bounds }];
  if (change.type === 'ItSystem')
    return [{ client_id: change.uuid, ...bounds }, ...users(change.municipalities)];
  return users([change.owner, ...change.municipalities]);
}

/** The last of those that say the same of the same. */
export function latest(revocations: readonly Revocation[]): Revocation[] {
  const byWhat = new Map<string, Revocation>();
  for (const revocation of revocations) {
    const { until, before, ...what } = revocation;
    const key = JSON.stringify([what, before === undefined]);
    const known = byWhat.get(key);
    if (!known || until >= known.until) byWhat.set(key, revocation);
  }
  return [...byWhat.values()];
}
