import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
} from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { calculateJwkThumbprint, compactVerify, CompactSign, exportJWK, type JWK } from 'jose';

/** What a municipality's chain had come to at the end of a day; signed. */
export interface RootClaims {
  readonly tjeneste: string;
  readonly cvr: string;
  /** Day in Europe/Copenhagen, `2026-11-23`. */
  readonly dag: string;
  readonly plads: number;
  /** Hexadecimal. */
  readonly hash: string;
  /** SHA-256 of the signed root of the day before, hexadecimal; null for the first. */
  readonly forrige: string | null;
  readonly lavet: string;
}

const ALGORITHM = 'ES256';
const PEM = /-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g;

/** The public key as a JWK, named by its thumbprint. */
export async function publicJwk(key: KeyObject): Promise<JWK & { kid: string }> {
  const jwk = await exportJWK(key.type === 'private' ? createPublicKey(key) : key);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: ALGORITHM, use: 'sig' };
}

/** Signs a root as a compact JWS (ES256). */
export async function signRoot(claims: RootClaims, key: KeyObject): Promise<string> {
  const { kid } = await publicJwk(key);
  const payload = new TextEncoder().encode(JSON.stringify(claims));
  return new CompactSign(payload)
    .setProtectedHeader({ alg: ALGORITHM, typ: 'sikkerhedslog-rod', kid })
    .sign(key);
}

/** What a root says, if one of the keys has signed it; null if none has. */
export async function readRoot(jws: string, keys: readonly KeyObject[]): Promise<RootClaims | null> {
  for (const key of keys)
    try {
      const { payload } = await compactVerify(jws, key, { algorithms: [ALGORITHM] });
      return JSON.parse(new TextDecoder().decode(payload)) as RootClaims;
    } catch {
      // Signed with another key, or not at all.
    }
  return null;
}

async function read(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null;
    throw cause;
  });
}

function parsed<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw new Error(`Nøglen i ${file} kan ikke læses. Den skal være en nøgle til ES256 (P-256) i PEM.`);
  }
}

/**
 * The key that signs roots, a PEM file (PKCS #8, P-256). Where `mayMake`, it is made by whoever comes first.
 * @throws Error in Danish when it is missing or not such a key.
 */
export async function rootKey(file: string, mayMake: boolean): Promise<KeyObject> {
  const found = (await read(file)) ?? (mayMake ? await make(file) : null);
  if (found === null)
    throw new Error(`Nøglen ${file} mangler. Den underskriver sikkerhedsloggens daglige rødder.`);
  const key = parsed(file, () => createPrivateKey(found));
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new Error(`Nøglen i ${file} skal være til ES256 (P-256).`);
  return key;
}

/** Public keys of a file with one or more PEM keys, private or public. @throws Error in Danish */
export async function publicRootKeys(file: string): Promise<KeyObject[]> {
  const text = await read(file);
  if (text === null) throw new Error(`Nøglen ${file} mangler: uden den kan rødderne ikke efterprøves.`);
  return parsed(file, () => {
    const blocks = text.match(PEM);
    if (!blocks) throw new Error('No PEM');
    return blocks.map((block) => createPublicKey(block));
  });
}

async function make(file: string): Promise<string | null> {
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, privateKey, { mode: 0o600, flag: 'wx' });
  try {
    // Unlike a rename, a link fails when another process got there first.
    await link(draft, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  } finally {
    await rm(draft);
  }
  return read(file);
}
