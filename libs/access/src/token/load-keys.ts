import { readFile } from 'node:fs/promises';
import { createRemoteJWKSet, type JSONWebKeySet } from 'jose';

/** How to get a key set: over HTTP by jose, which knows what it must refuse, or from a file. Both throw as they like. */
export function loaderOf(from: string, timeout: number): () => Promise<JSONWebKeySet> {
  if (!/^https?:/.test(from)) return async () => JSON.parse(await readFile(from, 'utf8')) as JSONWebKeySet;
  const remote = createRemoteJWKSet(new URL(from), { timeoutDuration: timeout });
  return async () => {
    await remote.reload();
    return remote.jwks()!;
  };
}
