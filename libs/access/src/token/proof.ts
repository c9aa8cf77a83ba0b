import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import type { ReplayStore } from './replay-store';

export const ALGORITHMS = ['ES256', 'PS256'];
/** Seconds that a proof may be older or younger than we think it is. */
export const PROOF_WINDOW = 60;
const LONGEST_PROOF = 4096;
const LONGEST_ID = 256;

export interface ProofOf {
  /** The DPoP header. */
  readonly proof: string | string[] | undefined;
  readonly method: string;
  /** The address that the client called, without query. */
  readonly url: string;
  /** SHA-256 of the access token, base64url. */
  readonly tokenHash: string;
  /** Thumbprint of the key that the token is bound to. */
  readonly jkt: string;
  /** Seconds since 1970. */
  readonly now: number;
}

/**
 * Checks a DPoP proof (RFC 9449 §4.3) and uses it up.
 * @throws Error naming what is wrong; whatever the store throws when it cannot be asked.
 */
export async function checkProof(
  { proof, method, url, tokenHash, jkt, now }: ProofOf,
  seen: ReplayStore,
): Promise<void> {
  if (typeof proof !== 'string' || proof.length > LONGEST_PROOF) throw new Error('no DPoP proof');
  const { payload } = await jwtVerify(proof, keyOf(jkt), {
    algorithms: ALGORITHMS,
    typ: 'dpop+jwt',
    requiredClaims: ['jti', 'htm', 'htu', 'iat', 'ath'],
    currentDate: new Date(now * 1000),
    clockTolerance: PROOF_WINDOW,
  });
  const { jti, htm, htu, iat, ath } = payload;
  if (htm !== method) throw new Error('the proof is for another method');
  if (typeof htu !== 'string' || !isSameAddress(htu, url))
    throw new Error('the proof is for another address');
  if (ath !== tokenHash) throw new Error('the proof is for another token');
  if (typeof iat !== 'number' || Math.abs(now - iat) > PROOF_WINDOW)
    throw new Error('the proof is not of now');
  if (typeof jti !== 'string' || jti.length === 0 || jti.length > LONGEST_ID)
    throw new Error('malformed jti');
  if (!(await seen.claim(jkt, jti, iat + PROOF_WINDOW))) throw new Error('the proof is used already');
}

/** To import a key costs more than to check a signature with it, and a client shows the same one each time. */
const imported = new LRUCache<string, Awaited<ReturnType<typeof EmbeddedJWK>>>({ max: 10_000 });

const keyOf =
  (jkt: string): JWTVerifyGetKey =>
  async (header, token) => {
    const { jwk } = header;
    if (jwk === undefined || (await calculateJwkThumbprint(jwk)) !== jkt)
      throw new Error('the proof is made with another key');
    // The thumbprint is the same with and without the private part.
    if (Object.hasOwn(jwk, 'd')) throw new Error('the proof gives its private key away');
    const key = imported.get(jkt) ?? (await EmbeddedJWK(header, token));
    imported.set(jkt, key);
    return key;
  };

/** Equal after the normalisation that every URL parser does; a query or a fragment has no place in either. */
function isSameAddress(htu: string, url: string): boolean {
  if (/[?#]/.test(htu) || !URL.canParse(htu)) return false;
  return new URL(htu).href === new URL(url).href;
}
