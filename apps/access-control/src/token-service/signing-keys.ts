import { type KeyObject, randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publicHalf } from '@stoettesystemer/access';
import { Refusal } from '@stoettesystemer/object';
import { type JSONWebKeySet, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { type KeyRing, newKey, newRing, readRing, signerOf } from './key-ring';

export interface SigningKeysOptions {
  /** DATA_DIR; the same for every instance of Adgangsstyring. */
  readonly directory: string;
  /** Milliseconds since 1970; for tests. */
  readonly now?: () => number;
  /** Milliseconds between looks at whether another process has rotated. */
  readonly lookEvery?: number;
}

const SECRET_FILE = 'adgangsstyring-noegler.json';
const PUBLIC_FILE = 'adgangsstyring-jwks.json';
const MINUTE = 60_000;
/** A10: longer than the longest token, the longest cache and the worst clock together. */
const KEEP_FORMER = 24 * 60 * MINUTE;
/** Every service fetches the keys within this time. */
const PUBLISHED_FOR = 10 * MINUTE;
const LOOK_EVERY = 2000;

/** The public half, for services on the same machine: what `KeySource` reads. */
export const publicKeysFile = (directory: string): string => join(directory, PUBLIC_FILE);

/**
 * The keys that Adgangsstyring signs with: tokens, and other documents of its own. One is active, the next is already
 * published, and former ones are published until nothing that they signed can still be in use. Several processes share
 * them through the directory.
 */
export class SigningKeys {
  private signer: KeyObject;
  private readonly listeners = new Set<() => void>();
  private readonly now: () => number;
  private readonly file: string;
  private readonly looking: NodeJS.Timeout;

  private constructor(
    private readonly options: SigningKeysOptions,
    private ring: KeyRing,
  ) {
    this.now = options.now ?? Date.now;
    this.file = join(options.directory, SECRET_FILE);
    this.signer = signerOf(ring);
    // It is short, and read each time: whoever watches a file's time misses what is written before the watch begins.
    const look = (): void => void this.reload().catch(() => undefined);
    this.looking = setInterval(look, options.lookEvery ?? LOOK_EVERY).unref();
  }

  /** Takes up the directory's keys, or makes them. @throws Error in Danish when they cannot be read. */
  static async open(options: SigningKeysOptions): Promise<SigningKeys> {
    await mkdir(options.directory, { recursive: true });
    const file = join(options.directory, SECRET_FILE);
    const ring = (await readRing(file)) ?? (await newRing(file, (options.now ?? Date.now)()));
    const keys = new SigningKeys(options, ring);
    await keys.publish();
    return keys;
  }

  /** A compact JWS by the active key. @param header `typ` says what is signed, so that nothing is taken for a token. */
  sign(payload: JWTPayload, header: Pick<JWTHeaderParameters, 'typ'>): Promise<string> {
    return new SignJWT(payload)
      .setProtectedHeader({ ...header, alg: 'ES256', kid: this.ring.active.kid ?? '' })
      .sign(this.signer);
  }

  /** The active key, the next, and the former that are still to be believed. */
  publicJwks(): JSONWebKeySet {
    const former = this.ring.former.filter(({ until }) => until > this.now()).map(({ key }) => key);
    return { keys: [this.ring.active, this.ring.next.key, ...former].map(publicHalf) };
  }

  /** As `publicJwks`, with the secret halves of those that there is one of, the active key first. Never to leave the process. */
  secretJwks(): JSONWebKeySet {
    const { active, next } = this.ring;
    return { keys: [active, next.key] };
  }

  /**
   * The next key becomes the active one, and a new one is published as the next. `compromised`: the active key is not
   * to be believed from now on, and the next is taken however young it is.
   * @throws Refusal 409 when the next key has not been published for long enough to be known by all.
   */
  async rotate({ compromised = false } = {}): Promise<void> {
    await this.reload();
    const { active, next, former } = this.ring;
    if (!compromised && this.now() - next.since < PUBLISHED_FOR)
      throw new Refusal(
        409,
        'noegle_for_ny',
        'Den næste nøgle er for ny: alle tjenester skal have hentet den, før der underskrives med den. Vent ti minutter.',
      );
    const kept = former.filter(({ until }) => until > this.now());
    const retired = { key: publicHalf(active), until: this.now() + KEEP_FORMER };
    const ring: KeyRing = {
      active: next.key,
      next: { key: await newKey(), since: this.now() },
      former: compromised ? kept : [retired, ...kept],
    };
    // Two that rotate at once both make the same key active, so whichever is written last is right.
    const draft = `${this.file}.${randomUUID()}`;
    await writeFile(draft, JSON.stringify(ring), { mode: 0o600, flag: 'wx' });
    await rename(draft, this.file);
    await this.take(ring);
  }

  /** Called after each rotation, by whichever process. */
  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  onModuleDestroy(): void {
    clearInterval(this.looking);
    this.listeners.clear();
  }

  private async reload(): Promise<void> {
    const ring = await readRing(this.file);
    if (ring && JSON.stringify(ring) !== JSON.stringify(this.ring)) await this.take(ring);
  }

  private async take(ring: KeyRing): Promise<void> {
    this.ring = ring;
    this.signer = signerOf(ring);
    await this.publish();
    for (const listener of this.listeners) listener();
  }

  private async publish(): Promise<void> {
    const file = publicKeysFile(this.options.directory);
    const draft = `${file}.${randomUUID()}`;
    await writeFile(draft, JSON.stringify(this.publicJwks()));
    await rename(draft, file);
  }
}
