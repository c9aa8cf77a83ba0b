import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createLocalJWKSet, type JSONWebKeySet } from 'jose';

interface KeptKeys {
  readonly keys: JSONWebKeySet;
  /** When they were fetched, in milliseconds since 1970. */
  readonly at: number;
}

/** The last key set that the issuer gave, in a file, so that a service can start while the issuer is down. */
export class LastGoodKeys {
  constructor(
    private readonly file: string,
    private readonly from: string,
  ) {}

  /** Null when there is none that can be used; keys of another issuer are never taken up. */
  async read(): Promise<KeptKeys | null> {
    try {
      const { from, keys, at } = JSON.parse(await readFile(this.file, 'utf8')) as KeptKeys & { from: string };
      createLocalJWKSet(keys);
      return from === this.from && Number.isFinite(at) ? { keys, at } : null;
    } catch {
      return null;
    }
  }

  async write(kept: KeptKeys): Promise<void> {
    await mkdir(dirname(this.file), { recursive: true });
    const draft = `${this.file}.${randomUUID()}`;
    await writeFile(draft, JSON.stringify({ from: this.from, ...kept }), { mode: 0o600 });
    await rename(draft, this.file);
  }
}
