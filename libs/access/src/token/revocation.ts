import { isCvr, isUuid } from '@stoettesystemer/object';

/**
 * What has been taken back: everything issued to this system, this subject, under this agreement, this one token, or to
 * the users of this municipality (`brugere`, its CVR).
 */
export type Revocation = {
  /** When it is over: seconds since 1970. */
  readonly until: number;
  /** Only tokens issued in this second or earlier; left out, all of them. */
  readonly before?: number;
  /** Only tokens for this municipality (CVR). */
  readonly cvr?: string;
} & (
  | { readonly client_id: string }
  | { readonly sub: string }
  | { readonly agr: string }
  | { readonly jti: string }
  | { readonly brugere: string }
);

/** The document that Adgangsstyring signs: its `typ` and `aud` keep it apart from everything else under the same keys. */
export const REVOCATIONS_TYPE = 'tilbagekaldelser+jwt';
export const REVOCATIONS_AUDIENCE = 'urn:stoettesystemerne:tilbagekaldelser';

/** What the document says beside `iss`, `aud` and `iat`. */
export interface RevocationNews {
  /** Of the service's feed; a new one when its database has been restored. */
  readonly epoke: string;
  /** Grows with every change that the document is made of, within an epoch. */
  readonly position: number;
  /** All that is in force, whether or not it was told before. */
  readonly tilbagekaldt: readonly Revocation[];
  /** `kid` of every key that is to be believed: another list than before means that the keys must be fetched (A10). */
  readonly noegler: readonly string[];
}

const LONGEST_TEXT = 255;

/** @throws Error naming what is malformed; half a list is worse than none, for it would pass for all of it. */
export function readNews({
  epoke,
  position,
  tilbagekaldt,
  noegler,
}: Record<string, unknown>): RevocationNews {
  if (!isUuid(epoke)) throw new Error('malformed epoke');
  if (!isCount(position)) throw new Error('malformed position');
  if (!Array.isArray(tilbagekaldt)) throw new Error('malformed tilbagekaldt');
  if (!Array.isArray(noegler) || !noegler.every((kid) => typeof kid === 'string'))
    throw new Error('malformed noegler');
  return { epoke, position, tilbagekaldt: tilbagekaldt.map(readRevocation), noegler };
}

function readRevocation(said: unknown): Revocation {
  const { until, before, cvr, ...what } = (said ?? {}) as Record<string, unknown>;
  const [[kind, value] = ['', ''], ...more] = Object.entries(what);
  const isWhole =
    isCount(until) &&
    (before === undefined || isCount(before)) &&
    (cvr === undefined || isCvr(cvr)) &&
    more.length === 0 &&
    isKnown(kind, value);
  if (!isWhole) throw new Error('a malformed revocation');
  return said as Revocation;
}

function isKnown(kind: string, value: unknown): boolean {
  if (kind === 'client_id' || kind === 'agr') return isUuid(value);
  if (kind === 'brugere') return isCvr(value);
  return (
    (kind === 'sub' || kind === 'jti') &&
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= LONGEST_TEXT
  );
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
