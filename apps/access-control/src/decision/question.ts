import type { PrivilegeGroup } from '@stoettesystemer/access';
import type { Instant } from '@stoettesystemer/object';

/** From least to most certain. */
export const NSIS_LEVELS = ['Low', 'Substantial', 'High'] as const;
export type NsisLevel = (typeof NSIS_LEVELS)[number];

/** A job function as an IdP said that a user has it: OIO BPP's privilege group, read. */
export interface SaidJobFunction {
  /** CVR of the group's scope: the municipality whose role it is. */
  readonly scope: string;
  /** entityId of the jobfunktionsrolle. */
  readonly entityId: string;
  /** Values for its dynamic restrictions, by the entityId of their type. */
  readonly dynamic: Readonly<Record<string, readonly string[]>>;
}

/** A person who is logged in. */
export interface AskingUser {
  /** CVR that the user's own IdP is registered for. */
  readonly home: string;
  /** UUID of the it-system that is the IdP. */
  readonly idp: string;
  readonly level: NsisLevel;
  readonly jobFunctions: readonly SaidJobFunction[];
}

/** May this it-system, alone or with this user, call the service for the municipality at the moment; and with which rights? */
export interface Question {
  /** UUID of the it-system. */
  readonly system: string;
  /** entityId of the service. */
  readonly service: string;
  /** CVR of the municipality. */
  readonly owner: string;
  readonly at: Instant;
  readonly user?: AskingUser;
  /** UUID of the it-system that the user is logged in to, where that is not the one that asks. */
  readonly through?: string;
}

/** Why there is no token; each is a word of the API. */
export type Refused =
  | 'ukendt_system'
  | 'system_lukket'
  | 'ukendt_service'
  | 'myndighed_afgraenset'
  | 'ingen_aftale'
  | 'aftale_ikke_i_kraft'
  | 'ingen_roller'
  | 'ingen_foederationsaftale'
  | 'ingen_jobfunktioner';

/** Where a group of rights comes from, or why something that might have given one does not. */
export interface Ground {
  readonly kind: 'system' | 'user';
  /** UUIDs of what it rests on, in the order that it was followed. */
  readonly agreement?: string;
  readonly jobFunction?: string;
  readonly delegation?: string;
  readonly role?: string;
  /** Left out when it gives a group. */
  readonly voided?: string;
}

export interface Granted extends PrivilegeGroup {
  readonly ground: Ground;
}

/** The answer. `refused` is null when a token may be issued; `groups` are then what it says. */
export interface Decision {
  readonly refused: Refused | null;
  readonly groups: readonly Granted[];
  /** Grounds that gave nothing, and why. */
  readonly void: readonly Ground[];
  readonly agreement: { readonly uuid: string; readonly version: number } | null;
  /** When the answer may be another without anybody changing anything; null for never. */
  readonly until: Instant | null;
}
