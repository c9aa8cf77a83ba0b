import type { ConstraintName } from '@stoettesystemer/access';
import type { Instant } from '@stoettesystemer/object';
import type { NsisLevel, SaidJobFunction } from './question';

export interface KnownSystem {
  readonly uuid: string;
  readonly navn: string;
  /** CVR of the organisation that registered it. */
  readonly organisation: string;
  readonly types: readonly string[];
  readonly isClosed: boolean;
  /** CVRs that may have agreements about it; none is all. */
  readonly authorities: readonly string[];
}

export interface KnownService {
  readonly uuid: string;
  readonly navn: string;
  readonly entityId: string;
}

/** Which restrictions a role can carry, by the entityId of their type. */
export interface Carries {
  readonly type: string;
  readonly isRequired: boolean;
}

export interface KnownServiceRole {
  readonly uuid: string;
  readonly navn: string;
  readonly service: string;
  readonly privileges: readonly string[];
  /** For all municipalities, given by the common organisation alone. */
  readonly isCrossing: boolean;
  readonly carries: readonly Carries[];
  /** Types that are always restricted to the system itself, or to the CVR of its organisation. */
  readonly keptTo: readonly { readonly type: string; readonly to: 'system' | 'organisation' }[];
}

export interface KnownUserRole {
  readonly uuid: string;
  readonly navn: string;
  /** The it-system that the role is in. */
  readonly system: string;
  readonly services: readonly string[];
  readonly privileges: readonly string[];
  readonly level: NsisLevel;
  readonly carries: readonly Carries[];
}

/** A role that is given, and what it is restricted to. */
export interface Given {
  /** UUID of the role. */
  readonly role: string;
  readonly limits: readonly Limit[];
}
export interface Limit {
  /** entityId of the restriction's type. */
  readonly type: string;
  readonly values: readonly string[];
  /** The values come from the IdP. */
  readonly isDynamic: boolean;
}

export interface KnownAgreement {
  readonly uuid: string;
  readonly owner: string;
  readonly navn: string;
  readonly version: number;
  readonly isTest: boolean;
  readonly status: string;
  /** When its present status began. */
  readonly since: Instant;
  /** Of one that is not in force, what it gave or would give. */
  readonly given: readonly Given[];
}

/** A job function that a user is said to have, and what is registered of it. */
export interface KnownJobFunction {
  readonly said: SaidJobFunction;
  /** Null where the municipality of the scope has no such role. */
  readonly role: {
    readonly uuid: string;
    readonly navn: string;
    readonly isApproved: boolean;
    readonly given: readonly Given[];
  } | null;
  /** Null where the role is the user's own municipality's. */
  readonly delegation: { readonly uuid: string | null; readonly isAccepted: boolean } | null;
}

/** All that is registered about those that a question is about, at its moment. */
export interface Knowledge {
  readonly system: KnownSystem | null;
  readonly service: KnownService | null;
  readonly agreements: readonly KnownAgreement[];
  /** Roles in the service. */
  readonly serviceRoles: readonly KnownServiceRole[];
  readonly userRoles: readonly KnownUserRole[];
  /** What a restriction's type means in our own services, by its entityId: which objects, or what is shown of them. */
  readonly dimensions: Readonly<Record<string, ConstraintName | null>>;
  /** Whether agreements that are made for trying count here. */
  readonly allowsTest: boolean;
  readonly user: { readonly isFederated: boolean; readonly jobFunctions: readonly KnownJobFunction[] } | null;
  /** When something of this changes without anybody changing it. */
  readonly until: Instant | null;
}
