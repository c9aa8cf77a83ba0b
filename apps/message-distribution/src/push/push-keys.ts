import { hkdfSync, type KeyObject } from 'node:crypto';
import { access } from 'node:fs/promises';
import { secretFrom } from '@stoettesystemer/server';
import { LRUCache } from 'lru-cache';
import type { Place } from '../delivery/lease-statements';
import { readPrivateKey } from '../standard-webhooks/signing-key';

export interface PushKeysOptions {
  /** With the secret that every key is made of. Beside it, with `.forrige` after its name, the one before. */
  readonly file: string;
  readonly mayMake: boolean;
  /** Milliseconds between looks at whether the files are others; for specs. */
  readonly lookEvery?: number;
}

const LOOK_EVERY = 2000;
const REMEMBERED = 10_000;
const SEED = 32;

const formerOf = (file: string): string => `${file}.forrige`;
const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

async function secretsIn({ file, mayMake }: PushKeysOptions): Promise<readonly Buffer[]> {
  const former = formerOf(file);
  const secret = await secretFrom(file, mayMake);
  const before = (await isThere(former)) ? await secretFrom(former, false) : null;
  return before && !before.equals(secret) ? [secret, before] : [secret];
}

/**
 * What messages are signed with. Each dueslag has keys of its own, made of the installation's secret: none is stored, and
 * what was signed for one receiver says nothing to another, to whom the first might pass it on.
 */
export class PushKeys {
  private readonly made = new LRUCache<string, readonly KeyObject[]>({ max: REMEMBERED });
  private readonly looking: NodeJS.Timeout;

  private constructor(
    private readonly options: PushKeysOptions,
    private secrets: readonly Buffer[],
  ) {
    // They are short, and read each time: whoever watches a file's time misses what is written before the watch begins.
    const look = (): void => void this.reload().catch(() => undefined);
    this.looking = setInterval(look, options.lookEvery ?? LOOK_EVERY).unref();
  }

  /** @throws Error in Danish when there is no secret, or it cannot be used. */
  static async open(options: PushKeysOptions): Promise<PushKeys> {
    return new PushKeys(options, await secretsIn(options));
  }

  /** Private keys, the newest first: more than one while they are being changed, and then all sign. */
  of({ owner, uuid }: Place): readonly KeyObject[] {
    const place = `${owner} ${uuid}`;
    const known = this.made.get(place);
    if (known) return known;
    const keys = this.secrets.map((secret) => {
      const seed = hkdfSync('sha256', secret, '', `beskedfordeler push ${place}`, SEED);
      return readPrivateKey(`whsk_${Buffer.from(seed).toString('base64')}`);
    });
    this.made.set(place, keys);
    return keys;
  }

  /** Takes up what the files hold now. Nothing changes when they cannot be read. @throws Error */
  async reload(): Promise<void> {
    const secrets = await secretsIn({ ...this.options, mayMake: false });
    if (Buffer.concat(secrets).equals(Buffer.concat(this.secrets))) return;
    this.secrets = secrets;
    this.made.clear();
  }

  onModuleDestroy(): void {
    clearInterval(this.looking);
  }
}
