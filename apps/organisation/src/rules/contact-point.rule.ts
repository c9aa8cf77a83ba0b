import { type Change, type FacetItem, fieldCode } from '@stoettesystemer/engine';
import { FUNCTION_TYPES, OrganisationEnhed, OrganisationFunktion } from '@stoettesystemer/model';
import type { Instant } from '@stoettesystemer/object';
import { type Law, refusalOf } from './law';
import type { OrganisationRule } from './organisation-rule';
import { isEnding, LIFE, momentsOf, targetOf, Timeline, Turn } from './timeline';

const [UNIT, FUNCTION] = [OrganisationEnhed.name, OrganisationFunktion.name];
const LAW: Law = {
  kode: 'regel_4_dobbelt',
  regel: '4',
  niveau: 'regel',
  sti: '/relationer/tilknyttedeFunktioner',
  besked: 'En enhed må ikke have to henvendelsessteder for samme opgave på samme tid.',
};
const UNIT_FACETS = [...LIFE, 'tilknyttedeFunktioner'];
const POINT_FACETS = [...LIFE, 'funktionstype', 'opgaver'];

const isPoint = (point: Timeline, moment: Instant): boolean =>
  point.isActive(moment) && point.target(moment, 'funktionstype') === FUNCTION_TYPES.henvendelsessted;

/** A higher node of KLE covers all below it. */
function overlap(a: FacetItem, b: FacetItem): boolean {
  if (targetOf(a) === targetOf(b)) return true;
  const [one, two] = [a['kleNummer'], b['kleNummer']];
  if (typeof one !== 'string' || typeof two !== 'string') return false;
  return one === two || one.startsWith(`${two}.`) || two.startsWith(`${one}.`);
}

const meet = (a: Timeline, b: Timeline, moment: Instant): boolean =>
  isPoint(a, moment) &&
  isPoint(b, moment) &&
  a.at(moment, 'opgaver').some((one) => b.at(moment, 'opgaver').some((two) => overlap(one, two)));

/** A unit sends people to one place with one matter. */
export const contactPoint: OrganisationRule = {
  types: [UNIT, FUNCTION],
  facets: [...LIFE, 'tilknyttedeFunktioner', 'funktionstype', 'opgaver'],
  laws: [LAW],
  async check(change: Change) {
    if (isEnding(change)) return;
    const turn = new Turn(change);
    await (change.type.name === UNIT ? ofUnit(change, turn) : ofFunction(change, turn));
  },
  // From the few functions that are such places to the units that point at them, each step by an index.
  deviations: (registered) =>
    `select * from (with place as materialized (
      select p.owner, p.id from ${registered.told(`t.owner = any(${registered.owners})
          and t.field = ${fieldCode(FUNCTION, 'funktionstype')} and t.value = '${FUNCTION_TYPES.henvendelsessted}'`)} typed
        join object p on p.owner = typed.owner and p.id = typed.object_id
        where ${registered.isLive('p')} and ${registered.isActive('p')}),
      visit as materialized (select place.owner, place.id as function, l.object_id as unit,
        count(*) over (partition by l.object_id) as places from place
        cross join lateral ${registered.told(`t.owner = ${registered.owner} and t.value = place.id::text
          and t.field = ${fieldCode(UNIT, 'tilknyttedeFunktioner')}`)} l),
      point as materialized (select visit.unit, visit.function, g.target, g.number from visit
        cross join lateral (select coalesce(f.value->'reference'->>'uuid', f.value->'reference'->>'urn') as target,
          f.value->>'kleNummer' as number from fact f where f.owner = visit.owner and f.object_id = visit.function
          and f.facet = 'opgaver' and ${registered.holds('f')} offset 0) g where visit.places > 1),
      pair as materialized (select distinct one.unit, one.function from point one join point two
        on two.unit = one.unit and two.function > one.function and (two.target = one.target or two.number = one.number
          or starts_with(one.number, two.number || '.') or starts_with(two.number, one.number || '.')))
      select '${LAW.kode}', pair.unit, pair.function from pair
        join object u on u.owner = ${registered.owner} and u.id = pair.unit
        where ${registered.isLive('u')} and ${registered.isActive('u')}) doubled`,
};

async function ofUnit(change: Change, turn: Turn): Promise<void> {
  const { after } = turn;
  const moments = turn.moments().filter((moment) => after.at(moment, 'tilknyttedeFunktioner').length > 1);
  const functions = new Set(moments.flatMap((moment) => after.targets(moment, 'tilknyttedeFunktioner')));
  const points = new Map<string, Timeline>();
  for (const uuid of functions) points.set(uuid, await pointOf(change, uuid));
  if (hasTwo(after, points, turn.moments(...points.values()))) throw refusalOf(LAW);
}

async function ofFunction(change: Change, turn: Turn): Promise<void> {
  const { after } = turn;
  const isNowPoint = turn.moments().some((moment) => isPoint(after, moment));
  if (change.action === 'opret' || !isNowPoint) return;
  await change.hold(nameOf(change.uuid), 'alone');
  const by = [[UNIT, 'tilknyttedeFunktioner']] as const;
  const points = new Map([[change.uuid, after]]);
  for (const { uuid } of await change.pointing(change.uuid, { by })) {
    const unit = new Timeline((await change.look(UNIT, uuid, UNIT_FACETS)) ?? {});
    for (const moment of unit.edges)
      for (const other of unit.targets(moment, 'tilknyttedeFunktioner'))
        if (!points.has(other)) points.set(other, await pointOf(change, other));
    const moments = momentsOf(turn.before, unit, ...points.values()).filter((moment) =>
      turn.isTouched(moment),
    );
    if (hasTwo(unit, points, moments, change.uuid)) throw refusalOf(LAW);
  }
}

/** Held alone by whoever changes the function, and together with others by whoever looks at it. */
const nameOf = (uuid: string): string => `henvendelsessted ${uuid}`;

async function pointOf(change: Change, uuid: string): Promise<Timeline> {
  await change.hold(nameOf(uuid), 'shared');
  return new Timeline((await change.look(FUNCTION, uuid, POINT_FACETS)) ?? {});
}

/** @param one is one of the two; any when left out. */
function hasTwo(
  unit: Timeline,
  points: ReadonlyMap<string, Timeline>,
  moments: readonly Instant[],
  one?: string,
): boolean {
  return moments.some((moment) => {
    if (!unit.isActive(moment)) return false;
    const held = unit.targets(moment, 'tilknyttedeFunktioner');
    return held.some((a, at) =>
      held
        .slice(at + 1)
        .some(
          (b) =>
            (one === undefined || a === one || b === one) &&
            meet(points.get(a) ?? NOTHING, points.get(b) ?? NOTHING, moment),
        ),
    );
  });
}
const NOTHING = new Timeline({});
