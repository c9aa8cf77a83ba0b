import type { Change } from '@stoettesystemer/engine';
import { OrganisationEnhed } from '@stoettesystemer/model';
import { type Law, refusalOf } from './law';
import type { OrganisationRule } from './organisation-rule';
import { isEnding, LIFE, Timeline, Turn } from './timeline';

const UNIT = OrganisationEnhed.name;
const LAW: Law = {
  kode: 'regel_1_rod',
  regel: '1',
  niveau: 'regel',
  sti: '/relationer/overordnet',
  besked: 'En organisation har kun én enhed uden overordnet.',
};
const FACETS = [...LIFE, 'overordnet', 'tilhoerer'];

/** The organisation that an active unit is the root of. */
const rootOf = (unit: Timeline, moment: bigint): string | null =>
  unit.isActive(moment) && unit.at(moment, 'overordnet').length === 0
    ? unit.target(moment, 'tilhoerer')
    : null;

/** An organisation has one root at a time. That it has one when it has units follows: there is no ring to go round in. */
export const oneRoot: OrganisationRule = {
  types: [UNIT],
  facets: FACETS,
  laws: [LAW],
  async check(change: Change) {
    if (isEnding(change)) return;
    const turn = new Turn(change);
    const moments = turn.moments();
    const organisations = new Set(moments.flatMap((moment) => rootOf(turn.after, moment) ?? []));
    if (organisations.size === 0) return;
    await change.hold('enhedstræ', 'alone');
    for (const organisation of organisations) {
      const by = [[UNIT, 'tilhoerer']] as const;
      for (const { uuid } of await change.pointing(organisation, { by, lacking: 'overordnet' })) {
        const other = new Timeline((await change.look(UNIT, uuid, FACETS)) ?? {});
        const isSecond = turn
          .moments(other)
          .some(
            (moment) => rootOf(turn.after, moment) === organisation && rootOf(other, moment) === organisation,
          );
        if (isSecond) throw refusalOf(LAW);
      }
    }
  },
  deviations: () =>
    `select '${LAW.kode}', id, case when organisation not ilike 'urn:%' then organisation::uuid end from (
      select id, organisation, count(*) over (partition by organisation) as roots
        from unit where active and over is null and organisation is not null) root
      where roots > 1`,
};
