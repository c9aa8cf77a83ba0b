import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { Caller } from '@stoettesystemer/access';
import { type Instant, malformed } from '@stoettesystemer/object';

/** How long a reader may pause between two pages, in seconds. */
const LIFETIME = 24 * 60 * 60;
const [NONCE, TAG] = [12, 16];

/** Where a page ended. */
export interface Place {
  /** What `nu` meant on the first page. */
  readonly now: Instant;
  /** The sort keys of the page's last object, its UUID and its owner, as the database writes them. */
  readonly keys: readonly (string | null)[];
}

const keys = new WeakMap<Buffer, Buffer>();
function keyFrom(secret: Buffer): Buffer {
  let key = keys.get(secret);
  if (!key) keys.set(secret, (key = Buffer.from(hkdfSync('sha256', secret, '', 'cursor', 32))));
  return key;
}

/**
 * Seals places in a result; a cursor is good for the same query and the same caller only (C7). Sealed and not only
 * signed, because a sort key may be a citizen's name, and a cursor stands in a URL (C9).
 */
export class Cursors {
  /** @param query everything that decides what the result is; asked for only where there is a cursor. */
  constructor(
    private readonly secret: Buffer,
    private readonly caller: Caller,
    private readonly query: () => unknown,
  ) {}

  write({ now, keys }: Place): string {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', keyFrom(this.secret), nonce).setAAD(this.meant());
    const expires = Math.floor(Date.now() / 1000) + LIFETIME;
    const text = cipher.update(JSON.stringify([expires, `${now}`, ...keys]));
    return Buffer.concat([nonce, text, cipher.final(), cipher.getAuthTag()]).toString('base64url');
  }

  /** @throws Refusal 400 `cursor` when altered, outlived, or made for another query or caller. */
  read(cursor: string): Place {
    const opened = this.open(cursor);
    if (opened === null || opened.expires < Date.now() / 1000)
      throw malformed('cursor', '/cursor', 'Cursoren passer ikke til forespørgslen eller er udløbet.');
    return opened;
  }

  /** Worked out only where there is a cursor: most results are one page. */
  private meant(): Buffer {
    const { owner, system, subject } = this.caller;
    return createHash('sha256')
      .update(JSON.stringify([owner, system, subject, this.query()]))
      .digest();
  }

  private open(cursor: string): (Place & { expires: number }) | null {
    const sealed = Buffer.from(cursor, 'base64url');
    // Decoding passes over what is no base64url, and over the last bits of the last character.
    if (sealed.length < NONCE + TAG || sealed.toString('base64url') !== cursor) return null;
    const decipher = createDecipheriv('aes-256-gcm', keyFrom(this.secret), sealed.subarray(0, NONCE))
      .setAAD(this.meant())
      .setAuthTag(sealed.subarray(-TAG));
    const text = decipher.update(sealed.subarray(NONCE, -TAG));
    try {
      decipher.final();
    } catch {
      return null;
    }
    const [expires, now, ...keys] = JSON.parse(text.toString()) as [number, string, ...(string | null)[]];
    return { expires, now: BigInt(now), keys };
  }
}
