import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose';

const SECRET_FILE = 'development-key.json';
const PUBLIC_FILE = 'development-jwks.json';

/** The public half, as a key set; what `KeySource` reads in profile `udvikling`. */
export const developmentKeysFile = (directory: string): string => join(directory, PUBLIC_FILE);

/** The directory's signing key, made by whoever comes first; several processes may come at once. */
export async function signingKey(directory: string): Promise<JWK> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, SECRET_FILE);
  const key = (await read(file)) ?? (await make(file));
  await publish(directory, key);
  return key;
}

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

async function publish(directory: string, { kty, crv, x, y, kid, alg, use }: JWK): Promise<void> {
  const keys = { keys: [{ kty, crv, x, y, kid, alg, use }] } as JSONWebKeySet;
  const file = developmentKeysFile(directory);
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(keys));
  await rename(draft, file);
}
