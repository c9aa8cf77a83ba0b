import type { PrivilegeList } from './privilege-list';

/** A role that a user has been given in an it-system, and the data that it is restricted to. */
export interface IssuedRole {
  /** entityId of the brugersystemrolle. */
  readonly entityId: string;
  /** Values, by the entityId of the restriction's type. */
  readonly constraints: Readonly<Record<string, readonly string[]>>;
}

/** The roles as OIO BPP, for systems that read that: one group for each, never merged (A16). @param owner CVR */
export const privilegesAsBpp = (groups: readonly IssuedRole[], owner: string): PrivilegeList =>
  groups.map(({ entityId, constraints }) => ({
    scope: { kind: 'cvrNumberIdentifier', value: owner },
    privileges: [entityId],
    constraints: Object.entries(constraints).map(([name, values]) => ({ name, values })),
  }));
