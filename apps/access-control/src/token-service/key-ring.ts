import { createPrivateKey, type JsonWebKey, type KeyObject, randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';

/** The signing keys, as they stand in their file. The secret half of a former key is thrown away with its turn. */
export interface KeyRing {
  readonly active: JWK;
  /** Known to those who verify long before anything is signed with it. */
  readonly next: { readonly key: JWK; readonly since: number };
  readonly former: readonly { readonly key: JWK; readonly until: number }[];
}

export const signerOf = ({ active }: KeyRing): KeyObject =>
  createPrivateKey({ format: 'jwk', key: active as JsonWebKey });

export async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const key = await exportJWK(privateKey);
  return { ...key, kid: await calculateJwkThumbprint(key), alg: 'ES256', use: 'sig' };
}

/** Null when there is no file. @throws Error in Danish when it cannot be read. */
export async function readRing(file: string): Promise<KeyRing | null> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null;
    throw cause;
  });
  if (text === null) return null;
  try {
    const ring = JSON.parse(text) as KeyRing;
    signerOf(ring);
    return ring;
  } catch {
    // The message of either error may quote what could not be read, which here is a secret.
    throw new Error(`Nøglerne i ${file} kan ikke læses. Gendan filen fra en sikkerhedskopi.`);
  }
}

/** By whoever comes first; several processes may come at once. */
export async function newRing(file: string, now: number): Promise<KeyRing> {
  const ring: KeyRing = {
    active: await newKey(),
    // Nobody verifies anything yet, so nobody needs to have fetched it.
    next: { key: await newKey(), since: now },
    former: [],
  };
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(ring), { mode: 0o600, flag: 'wx' });
  try {
    // Unlike a rename, a link fails when another process got there first.
    await link(draft, file);
    return ring;
  } catch (cause) {
    const others = (cause as NodeJS.ErrnoException).code === 'EEXIST' ? await readRing(file) : null;
    if (others) return others;
    throw cause;
  } finally {
    await rm(draft);
  }
}
