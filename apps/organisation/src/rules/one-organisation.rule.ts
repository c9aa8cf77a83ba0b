import type { Change } from '@stoettesystemer/engine';
import { OrganisationEnhed } from '@stoettesystemer/model';
import { type Law, refusalOf } from './law';
import type { OrganisationRule } from './organisation-rule';
import { isEnding, LIFE, Turn } from './timeline';

const LAW: Law = {
  kode: 'regel_1_organisation',
  regel: '1',
  niveau: 'regel',
  sti: '/relationer/tilhoerer',
  besked: 'En aktiv enhed skal høre til en organisation.',
};

/** A unit belongs to an organisation as long as it is active; to one at most, as the relation has it. */
export const oneOrganisation: OrganisationRule = {
  types: [OrganisationEnhed.name],
  facets: [...LIFE, 'tilhoerer'],
  laws: [LAW],
  check(change: Change) {
    if (isEnding(change)) return;
    const turn = new Turn(change);
    const { after } = turn;
    if (turn.moments().some((moment) => after.isActive(moment) && after.target(moment, 'tilhoerer') === null))
      throw refusalOf(LAW);
  },
  deviations: () =>
    `select '${LAW.kode}' as kode, id, null::uuid as om from unit where active and organisation is null`,
};
