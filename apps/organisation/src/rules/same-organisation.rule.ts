import type { Change } from '@stoettesystemer/engine';
import { OrganisationEnhed } from '@stoettesystemer/model';
import { type Law, refusalOf } from './law';
import type { OrganisationRule } from './organisation-rule';
import { isEnding, LIFE, momentsOf, Timeline, Turn } from './timeline';
import { holdTree } from './unit-tree';

const UNIT = OrganisationEnhed.name;
const LAW: Law = {
  kode: 'regel_1_overordnet',
  regel: '1',
  niveau: 'regel',
  sti: '/relationer/overordnet',
  besked: 'Den overordnede skal være en enhed i samme organisation.',
};
const FACETS = [...LIFE, 'overordnet', 'tilhoerer'];

/** The unit above is there, and belongs to the same organisation. */
export const sameOrganisation: OrganisationRule = {
  types: [UNIT],
  facets: FACETS,
  laws: [LAW],
  async check(change: Change) {
    if (isEnding(change)) return;
    const turn = new Turn(change);
    const moments = turn.moments();
    if (moments.length === 0) return;
    await holdTree(change);
    const parents = new Set(moments.flatMap((moment) => turn.after.targets(moment, 'overordnet')));
    for (const parent of parents) {
      const items = await change.look(UNIT, parent, ['tilhoerer']);
      const above = new Timeline(items ?? {});
      const isWrong = turn
        .moments(above)
        .some(
          (moment) =>
            turn.after.isActive(moment) &&
            turn.after.target(moment, 'overordnet') === parent &&
            (items === null || above.target(moment, 'tilhoerer') !== turn.after.target(moment, 'tilhoerer')),
        );
      if (isWrong) throw refusalOf(LAW);
    }
    await refuseLeavingBehind(change, turn);
  },
  // Among own units first, and looked up where that does not tell: the one above may be common.
  deviations: (registered) =>
    `select '${LAW.kode}', o.id, ${registered.target('o', 'overordnet')} from unit below
      left join unit above on above.id::text = below.over
      join object o on o.owner = ${registered.owner} and o.id = below.id
      where below.active and below.over is not null
      and (above.id is null or above.organisation is distinct from below.organisation)
      and not exists (select from object above where above.owner = any(${registered.owners}) and above.type = '${UNIT}'
        and above.id = ${registered.target('o', 'overordnet')} and ${registered.isLive('above')}
        and ${registered.reference('above', 'tilhoerer')} is not distinct from below.organisation)`,
};

/** What moves to another organisation takes all under it with it. */
async function refuseLeavingBehind(change: Change, turn: Turn): Promise<void> {
  if (change.action === 'opret') return;
  const isMoved = turn
    .moments()
    .some(
      (moment) =>
        change.action !== 'ret' ||
        turn.before.target(moment, 'tilhoerer') !== turn.after.target(moment, 'tilhoerer'),
    );
  if (!isMoved) return;
  for (const { uuid } of await change.pointing(change.uuid, { by: [[UNIT, 'overordnet']] })) {
    const below = new Timeline((await change.look(UNIT, uuid, FACETS)) ?? {});
    const isLeft = momentsOf(turn.before, turn.after, below).some(
      (moment) =>
        turn.isTouched(moment) &&
        below.isActive(moment) &&
        below.target(moment, 'overordnet') === change.uuid &&
        below.target(moment, 'tilhoerer') !== turn.after.target(moment, 'tilhoerer'),
    );
    if (isLeft) throw refusalOf(LAW);
  }
}
