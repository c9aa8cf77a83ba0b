/** Which register the number of a scope is in. */
export const SCOPE_KINDS = [
  'cvrNumberIdentifier',
  'productionUnitIdentifier',
  'seNumberIdentifier',
  'cprNumberIdentifier',
] as const;
export type ScopeKind = (typeof SCOPE_KINDS)[number];

/** On whose behalf the privileges are. */
export interface Scope {
  readonly kind: ScopeKind;
  /** The number, without what stands before it. */
  readonly value: string;
}

export interface Constraint {
  /** entityId of a restriction's type, or a parameter of a job function. */
  readonly name: string;
  /** Any of them will do; none is what an empty element says. */
  readonly values: readonly string[];
}

/** Privileges that hold together with their constraints. */
export interface PrivilegeGroup {
  readonly scope: Scope;
  /** entityIds of roles, at least one. */
  readonly privileges: readonly string[];
  /** All must hold. No name stands twice. */
  readonly constraints: readonly Constraint[];
}

/** OIO Basic Privilege Profile. Groups are kept apart, in their order, also those that look alike. */
export type PrivilegeList = readonly PrivilegeGroup[];

export const SCOPE_PREFIX = 'urn:dk:gov:saml:';

/** The profile's namespaces: the one that KOMBIT's systems use (1.0.1), and the one of version 1.2. */
export const BPP_NAMESPACES = {
  '1.0.1': 'http://itst.dk/oiosaml/basic_privilege_profile',
  '1.2': 'http://digst.dk/oiosaml/basic_privilege_profile',
} as const;
export type BppVersion = keyof typeof BPP_NAMESPACES;
