import { hash, randomUUID } from 'node:crypto';
import { exportJWK, SignJWT } from 'jose';
import * as openid from 'openid-client';

/** What a request carries to say who asks. */
export type Authorize = (method: string, url: URL) => Promise<Readonly<Record<string, string>>>;

/** A token that whoever has it may use: in profile `udvikling` only. */
export const bearer =
  (token: () => Promise<string>): Authorize =>
  async () => ({ authorization: `Bearer ${await token()}` });

/** A token bound to a key that nobody else has, with a proof for each request (RFC 9449). */
export function bound(token: (holder: openid.CryptoKeyPair) => Promise<string>): Authorize {
  const held = openid.randomDPoPKeyPair('ES256');
  return async (method, url) => {
    const holder = await held;
    const issued = await token(holder);
    const proof = await new SignJWT({
      jti: randomUUID(),
      htm: method,
      htu: `${url.origin}${url.pathname}`,
      iat: Math.floor(Date.now() / 1000),
      ath: hash('sha256', issued, 'base64url'),
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(holder.publicKey) })
      .sign(holder.privateKey);
    return { authorization: `DPoP ${issued}`, dpop: proof };
  };
}
