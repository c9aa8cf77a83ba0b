import { type ConstraintValue, PRIVILEGE_TYPE } from '@stoettesystemer/access';
import type { Decision } from './question';

/** A role that somebody is given, as far as a token tells of it. */
export interface GivenGroup {
  readonly kind: 'system' | 'user';
  readonly privileges: readonly string[];
  readonly constraints: Readonly<Record<string, ConstraintValue>>;
}

/** A group as tokens say it (A6). */
export const detailOf = ({ kind, privileges, constraints }: GivenGroup, owner: string) => ({
  type: PRIVILEGE_TYPE,
  kind,
  identifier: owner,
  privileges,
  constraints,
});

/** A decision's groups. */
export const detailsOf = ({ groups }: Decision, owner: string) =>
  groups.map((group) => detailOf(group, owner));
