import { PRIVILEGE_TYPE } from '@stoettesystemer/access';
import type { Decision } from './question';

/** A decision's groups as tokens say them (A6). */
export const detailsOf = ({ groups }: Decision, owner: string) =>
  groups.map(({ kind, privileges, constraints }) => ({
    type: PRIVILEGE_TYPE,
    kind,
    identifier: owner,
    privileges,
    constraints,
  }));
