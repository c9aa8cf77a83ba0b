import { createPrivateKey, type JsonWebKey, randomUUID, sign } from 'node:crypto';

/** An it-system that asks for tokens, and which. */
export interface AssertionBy {
  /** Private ES256 key with its kid. */
  readonly key: JsonWebKey & { readonly kid?: string };
  readonly system: string;
  readonly issuer: string;
  readonly service: string;
  readonly owner: string;
}

const LIFE = 60;
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Makes bodies of requests for a token; no assertion is good for two (RFC 7523). */
export function tokenRequest({ key, system, issuer, service, owner }: AssertionBy): () => string {
  const secret = createPrivateKey({ key, format: 'jwk' });
  const head = part({ alg: 'ES256', kid: key.kid });
  const rest = new URLSearchParams({
    grant_type: 'client_credentials',
    resource: service,
    scope: `cvr:${owner}`,
    client_id: system,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  }).toString();
  return () => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: system, sub: system, aud: issuer, jti: randomUUID(), iat: now, exp: now + LIFE };
    const said = `${head}.${part(claims)}`;
    const signature = sign('sha256', Buffer.from(said), { key: secret, dsaEncoding: 'ieee-p1363' });
    return `${rest}&client_assertion=${said}.${signature.toString('base64url')}`;
  };
}
