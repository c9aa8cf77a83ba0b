/** The common organisation: what it owns, every municipality may read; only a caller that acts for it may write it. */
export const COMMON_OWNER = '19435075';

/** What a privilege can be on an object type: `klasse:laes`. */
export type Verb = 'laes' | 'skriv' | 'slet' | 'importer' | 'historik';

/** `*`, or one of the values; a unit may stand for its subtree. */
export type ConstraintValue =
  '*' | readonly (string | { readonly rod: string; readonly undertrae: boolean })[] | string;

/** Privileges that hold together with their restrictions. Groups are never flattened (A6, A7). */
export interface PrivilegeGroup {
  readonly kind: 'system' | 'user';
  readonly privileges: readonly string[];
  readonly constraints: Readonly<Record<string, ConstraintValue>>;
}

/** Who asks, for which municipality, with which rights. Made of one verified token; lives as long as the request. */
export interface Caller {
  /** Prefix of the service that the token is for: `klassifikation`. */
  readonly service: string;
  /** CVR of the municipality, eight digits. */
  readonly owner: string;
  /** UUID of the it-system. */
  readonly system: string;
  /** Subject of the token: the it-system itself, or a user. */
  readonly subject: string;
  /** NSIS level of a user, as its URI. */
  readonly assurance: string | null;
  /** The service agreement behind the token, and its version. */
  readonly agreement: string | null;
  readonly agreementVersion: number | null;
  readonly tokenId: string;
  /** When the token was issued and when it ends, in seconds since 1970. */
  readonly issued?: number;
  readonly expires: number;
  readonly groups: readonly PrivilegeGroup[];
}
