import type { Change } from '@stoettesystemer/engine';
import { Organisation, OrganisationEnhed } from '@stoettesystemer/model';
import { type Law, refusalOf } from './law';
import type { OrganisationRule } from './organisation-rule';
import { isEnding, LIFE, Timeline, Turn } from './timeline';
import { holdTree } from './unit-tree';

const UNIT = OrganisationEnhed.name;
const LAW: Law = {
  kode: 'regel_1_oeverste',
  regel: '1',
  niveau: 'regel',
  sti: '/relationer/overordnet',
  besked: 'Organisationens overordnet skal være dens øverste enhed.',
};
const FACETS = [...LIFE, 'overordnet', 'tilhoerer'];

const isTop = (unit: Timeline, moment: bigint, organisation: string): boolean =>
  unit.isActive(moment) &&
  unit.at(moment, 'overordnet').length === 0 &&
  unit.target(moment, 'tilhoerer') === organisation;

/**
 * What an organisation points at is the root of its tree. That it points at none yet, or at one that is yet to come, is no
 * more than advised against: neither could be made first if each demanded the other.
 */
export const topUnit: OrganisationRule = {
  types: [Organisation.name, UNIT],
  facets: FACETS,
  laws: [LAW],
  async check(change: Change) {
    if (isEnding(change)) return;
    const turn = new Turn(change);
    if (turn.moments().length === 0) return;
    await (change.type.name === UNIT ? ofUnit(change, turn) : ofOrganisation(change, turn));
  },
  deviations: (registered) =>
    `select '${LAW.kode}', o.id, top.id from ${registered.own(
      Organisation.name,
      'o',
      `
        join object top on top.owner = any(${registered.owners}) and top.type = '${UNIT}' and ${registered.isLive('top')}
          and top.id = ${registered.target('o', 'overordnet')}`,
    )}
      and ${registered.isActive('o')} and not (${registered.isActive('top')}
        and not ${registered.says('top', 'overordnet')} and ${registered.target('top', 'tilhoerer')} is not distinct from o.id)`,
};

async function ofOrganisation(change: Change, turn: Turn): Promise<void> {
  const tops = new Set(turn.moments().flatMap((moment) => turn.after.targets(moment, 'overordnet')));
  if (tops.size === 0) return;
  await change.hold('enhedstræ', 'alone');
  for (const top of tops) {
    const items = await change.look(UNIT, top, FACETS);
    if (items === null) continue;
    const unit = new Timeline(items);
    const isWrong = turn
      .moments(unit)
      .some(
        (moment) =>
          turn.after.isActive(moment) &&
          turn.after.target(moment, 'overordnet') === top &&
          !isTop(unit, moment, change.uuid),
      );
    if (isWrong) throw refusalOf(LAW);
  }
}

async function ofUnit(change: Change, turn: Turn): Promise<void> {
  if (change.action === 'opret') return;
  await holdTree(change);
  const by = [[Organisation.name, 'overordnet']] as const;
  for (const { uuid } of await change.pointing(change.uuid, { by })) {
    const organisation = new Timeline((await change.look(Organisation.name, uuid, FACETS)) ?? {});
    const isWrong = turn
      .moments(organisation)
      .some(
        (moment) =>
          organisation.isActive(moment) &&
          organisation.target(moment, 'overordnet') === change.uuid &&
          !isTop(turn.after, moment, uuid),
      );
    if (isWrong) throw refusalOf(LAW);
  }
}
