import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose';

const SECRET_FILE = 'development-key.json';
const PUBLIC_FILE = 'development-jwks.json';

/** The public half, as a key set; what `KeySource` reads in profile `udvikling`. */
export const developmentKeysFile = (directory: string): string => join(directory, PUBLIC_FILE);

/** The directory's signing key, with its public half beside it. */
export async function signingKey(directory: string): Promise<JWK> {
  const key = await privateKeyIn(join(directory, SECRET_FILE));
  await publish(directory, key);
  return key;
}

/** The ES256 key in a file, for nobody else to read; made by whoever comes first of several processes. */
export async function privateKeyIn(file: string): Promise<JWK> {
  await mkdir(dirname(file), { recursive: true });
  return (await read(file)) ?? (await make(file));
}

/** What of a key others may see. */
export const publicHalf = ({ kty, crv, x, y, kid, alg, use }: JWK): JWK =>
  ({ kty, crv, x, y, kid, alg, use }) as JWK;

async function read(file: string): Promise<JWK | null> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null;
    throw cause;
  });
  if (text === null) return null;
  try {
    return JSON.parse(text) as JWK;
  } catch {
    // JSON's own message quotes what it could not read, which here is a secret.
    throw new Error(`Nøglen i ${file} kan ikke læses. Slet filen, så laves der en ny ved næste start.`);
  }
}

async function make(file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const key = await exportJWK(privateKey);
  const named = { ...key, kid: await calculateJwkThumbprint(key), alg: 'ES256', use: 'sig' };
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(named), { mode: 0o600, flag: 'wx' });
  try {
    // Unlike a rename, a link fails when another process got there first; and it is never seen half written.
    await link(draft, file);
    return named;
  } catch (cause) {
    const others = (cause as NodeJS.ErrnoException).code === 'EEXIST' ? await read(file) : null;
    if (others) return others;
    throw cause;
  } finally {
    await rm(draft);
  }
}

async function publish(directory: string, key: JWK): Promise<void> {
  const keys = { keys: [publicHalf(key)] } as JSONWebKeySet;
  const file = developmentKeysFile(directory);
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(keys));
  await rename(draft, file);
}
