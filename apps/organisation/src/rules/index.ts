import type { Rule } from '@stoettesystemer/engine';
import { contactPoint } from './contact-point.rule';
import { ending } from './ending.rule';
import { functionMatrix } from './function-matrix.rule';
import { ofStrict } from './mode';
import { noRing } from './no-ring.rule';
import { oneOrganisation } from './one-organisation.rule';
import { oneRoot } from './one-root.rule';
import type { OrganisationRule } from './organisation-rule';
import { sameOrganisation } from './same-organisation.rule';
import { topUnit } from './top-unit.rule';
import { hiddenNumber } from '../protection/hidden-number.rule';

/** Broken, where a system writes tolerantly, and then told of. */
export const toldRules: readonly OrganisationRule[] = [
  oneOrganisation,
  sameOrganisation,
  oneRoot,
  topUnit,
  functionMatrix,
  contactPoint,
  ending,
];

/** A tree without rings, and numbers that are not shown, are laws for everybody; that a unit has one unit above it and one organisation is in the declaration. */
export const organisationRules: readonly Rule[] = [noRing, hiddenNumber, ...toldRules.map(ofStrict)];
