import type { Change } from '@stoettesystemer/engine';
import { fieldCode } from '@stoettesystemer/engine';
import { organisationTypes } from '@stoettesystemer/model';
import type { Declaration, Instant, Period } from '@stoettesystemer/object';
import { type Law, refusalOf } from './law';
import type { OrganisationRule } from './organisation-rule';
import { isEnding, LIFE, momentsOf, Timeline, Turn } from './timeline';

/** What ends by becoming inactive. */
const MORTALS = (organisationTypes as readonly Declaration[]).filter(({ states }) => 'gyldighed' in states);

interface Tie {
  readonly type: string;
  readonly relation: string;
  readonly target: string;
}
/** The relations by which one may point at another. */
const TIES: readonly Tie[] = MORTALS.flatMap(({ name: type, relations }) =>
  Object.entries(relations).flatMap(([relation, { targets }]) =>
    MORTALS.flatMap(({ name: target }) => (targets.includes(target) ? [{ type, relation, target }] : [])),
  ),
);

const LAW: Law = {
  kode: 'regel_7_ophoert',
  regel: '7',
  niveau: 'regel',
  sti: '',
  besked: 'Aktive objekter må ikke pege på det, der er ophørt. Afslut relationerne først.',
};

/**
 * What is active does not point at what has ended: by becoming inactive, which is the way, or by being made passive or
 * deleted. What is inactive itself may still point at it.
 */
export const ending: OrganisationRule = {
  types: MORTALS.map(({ name }) => name),
  facets: [...LIFE, ...new Set(TIES.map(({ relation }) => relation))],
  laws: [LAW],
  async check(change: Change) {
    const turn = new Turn(change);
    await refuseEnd(change, turn);
    if (!isEnding(change)) await refusePointing(change, turn);
  },
  deviations: (registered) =>
    `select * from (with ended as materialized (
      select x.id, x.type from term t join fact f on f.owner = t.owner and f.id = t.fact and f.valid @> ${registered.moment}
        join object x on x.owner = t.owner and x.id = t.object_id
        where t.owner = any(${registered.owners}) and t.value = 'Inaktiv' and t.believed
          and t.field in (${MORTALS.map(({ name }) => fieldCode(name, 'gyldighed')).join(', ')})
      union select x.id, x.type from object x where x.owner = any(${registered.owners}) and not ${registered.isLive('x')})
      select distinct '${LAW.kode}', y.id, ended.id from ended
        join (values ${TIES.map(({ type, relation, target }) => `('${target}', ${fieldCode(type, relation)})`).join(', ')})
          tie (target, field) on tie.target = ended.type
        join term t on t.owner = ${registered.owner} and t.field = tie.field and t.value = ended.id::text and t.believed
        join fact f on f.owner = t.owner and f.id = t.fact and f.valid @> ${registered.moment}
        join object y on y.owner = t.owner and y.id = t.object_id
        where ${registered.isLive('y')} and ${registered.isActive('y')}) pointed`,
};

/** Sixteen names for all objects: a set of thousands must not run out of locks. */
export const nameOf = (uuid: string): string => `ophør ${uuid.slice(0, 1)}`;

/** Ends while others point at it. */
async function refuseEnd(change: Change, turn: Turn): Promise<void> {
  const { uuid, type } = change;
  const during = isEnding(change) ? {} : endOf(turn);
  if (change.action === 'opret' || during === null) return;
  await change.hold(nameOf(uuid), 'alone');
  const ties = TIES.filter(({ target }) => target === type.name);
  const by = ties.map((tie) => [tie.type, tie.relation] as const);
  for (const other of await change.pointing(uuid, { by, ...during })) {
    const relations = ties.flatMap((tie) => (tie.type === other.type ? [tie.relation] : []));
    const items = await change.look(other.type, other.uuid, [...LIFE, ...relations]);
    const pointer = new Timeline(items ?? {});
    const isPointed = momentsOf(turn.before, turn.after, pointer).some(
      (moment) =>
        (isEnding(change) || (turn.isTouched(moment) && turn.after.isInactive(moment))) &&
        pointer.isActive(moment) &&
        relations.some((relation) => pointer.targets(moment, relation).includes(uuid)),
    );
    if (isPointed) throw refusalOf(LAW);
  }
}

/** From the first moment at which it says anew that it is inactive. */
function endOf(turn: Turn): { during: Period } | null {
  const from = turn.moments().find((moment) => turn.after.isInactive(moment));
  return from === undefined ? null : { during: { from, to: null } };
}

/** Points at what has ended. */
async function refusePointing(change: Change, turn: Turn): Promise<void> {
  const { after } = turn;
  const moments = turn.moments().filter((moment) => after.isActive(moment));
  for (const { relation, target } of TIES.filter(({ type }) => type === change.type.name))
    for (const uuid of new Set(moments.flatMap((moment) => after.targets(moment, relation)))) {
      await change.hold(nameOf(uuid), 'shared');
      if (await isPointedAtEnded(change, turn, { relation, target, uuid })) throw refusalOf(LAW);
    }
}

async function isPointedAtEnded(
  change: Change,
  turn: Turn,
  { relation, target, uuid }: { relation: string; target: string; uuid: string },
): Promise<boolean> {
  const points = (moment: Instant) =>
    turn.after.isActive(moment) && turn.after.targets(moment, relation).includes(uuid);
  const items = await change.look(target, uuid, ['gyldighed']);
  if (items === null) return change.isEnded(target, uuid);
  const life = new Timeline(items);
  return turn.moments(life).some((moment) => points(moment) && life.isInactive(moment));
}
