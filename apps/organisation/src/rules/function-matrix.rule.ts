import type { Change } from '@stoettesystemer/engine';
import { OrganisationFunktion } from '@stoettesystemer/model';
import type { Instant } from '@stoettesystemer/object';
import { COUNTED, type Demand, DEMANDS } from './function-pattern';
import { refusalOf } from './law';
import type { OrganisationRule } from './organisation-rule';
import { isEnding, LIFE, type Timeline, Turn } from './timeline';

const isBroken = (
  { types, facet, least, most }: Demand,
  timeline: Timeline,
  moment: Instant,
  type: string | null,
): boolean => {
  if (types !== null && (type === null || !types.includes(type))) return false;
  const count = timeline.at(moment, facet).length;
  return count < least || count > most;
};

/** An active function points at as many of each kind as its type has it, at every time. */
export const functionMatrix: OrganisationRule = {
  types: [OrganisationFunktion.name],
  facets: [...LIFE, ...COUNTED],
  laws: DEMANDS.map(({ law }) => law),
  check(change: Change) {
    if (isEnding(change)) return;
    const turn = new Turn(change);
    const { after } = turn;
    for (const moment of turn.moments()) {
      if (!after.isActive(moment)) continue;
      const type = after.target(moment, 'funktionstype');
      const broken = DEMANDS.find((demand) => isBroken(demand, after, moment, type));
      if (broken) throw refusalOf(broken.law);
    }
  },
  // The functions are by far the most, so they are gone through once, and not once for each demand.
  deviations: (registered) =>
    `select law.kode, n.id, null::uuid from (
      select o.id, bool_or(f.facet = 'egenskaber') as lives,
        bool_or(f.facet = 'gyldighed' and f.value->>'vaerdi' = 'Inaktiv') as rests,
        max(case when f.facet = 'funktionstype' then f.value->'reference'->>'uuid' end) as type,
        ${COUNTED.map((facet) => `count(*) filter (where f.facet = '${facet}') as "${facet}"`).join(', ')}
        from object o join fact f on f.owner = o.owner and f.object_id = o.id and ${registered.holds('f')}
          and f.facet in (${[...LIFE, ...COUNTED].map((facet) => `'${facet}'`).join(', ')})
        where o.owner = ${registered.owner} and o.type = '${OrganisationFunktion.name}' and ${registered.isLive('o')}
        group by o.id) n
      cross join lateral (values ${DEMANDS.map(values).join(', ')}) law (kode, applies, amount, least, most)
      where n.lives and not n.rests and law.applies and not law.amount between law.least and law.most`,
};

const values = ({ types, facet, least, most, law }: Demand): string => {
  const applies = types === null ? 'true' : `n.type in (${types.map((type) => `'${type}'`).join(', ')})`;
  return `('${law.kode}', ${applies}, n."${facet}", ${least}, ${most})`;
};
