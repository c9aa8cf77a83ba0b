import { createPublicKey, type JsonWebKey, type KeyObject, X509Certificate } from 'node:crypto';

/** What is read of a key or a certificate; or why it cannot be used, in Danish. */
export type Read<T> = { readonly value: T } | { readonly fault: string };

const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const SHORTEST_RSA = 2048;
const ALGORITHMS = { EC: 'ES256', RSA: 'PS256' } as const;

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** Reads a public JWK: P-256, or RSA of 2,048 bits and up. */
export function readJwk(text: string, kid: string): Read<KeyObject> {
  const jwk = parsed(text);
  if (!jwk) return { fault: 'Nøglen er ikke et JSON-objekt.' };
  if (PRIVATE.some((member) => member in jwk))
    return { fault: 'Nøglen er privat. Send kun den offentlige halvdel, og brug ikke den private mere.' };
  const { kty, crv, alg, use, kid: named } = jwk;
  if (kty !== 'EC' && kty !== 'RSA') return { fault: 'Nøglen skal være EC (P-256) eller RSA.' };
  if (kty === 'EC' && crv !== 'P-256') return { fault: 'En EC-nøgle skal være på kurven P-256.' };
  if (alg !== undefined && alg !== ALGORITHMS[kty])
    return { fault: `En ${kty}-nøgle bruges med ${ALGORITHMS[kty]}.` };
  if (use !== undefined && use !== 'sig') return { fault: 'Nøglen er ikke til underskrift (use).' };
  if (named !== undefined && named !== kid)
    return { fault: 'Nøglens kid er en anden end den, der er skrevet.' };
  try {
    const value = createPublicKey({ format: 'jwk', key: jwk as JsonWebKey });
    const bits = value.asymmetricKeyDetails?.modulusLength ?? SHORTEST_RSA;
    return bits < SHORTEST_RSA ? { fault: `En RSA-nøgle skal have mindst ${SHORTEST_RSA} bit.` } : { value };
  } catch {
    return { fault: 'Nøglen kan ikke læses som en JWK.' };
  }
}

/** Reads one certificate in PEM, or the first of a chain. */
export function readCertificate(pem: string): Read<X509Certificate> {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem))
    return { fault: 'Der er en privat nøgle ved certifikatet. Send den ikke, og brug den ikke mere.' };
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) return { fault: 'Certifikatet skal være i PEM.' };
  try {
    return { value: new X509Certificate(pem) };
  } catch {
    return { fault: 'Certifikatet kan ikke læses.' };
  }
}

/** Whether a key and a certificate are of the same key. */
export const isSameKey = (key: KeyObject, certificate: X509Certificate): boolean =>
  key.equals(certificate.publicKey);

/** When a certificate ends, in milliseconds since 1970. */
export const endOf = ({ validTo }: X509Certificate): number => Date.parse(validTo);
