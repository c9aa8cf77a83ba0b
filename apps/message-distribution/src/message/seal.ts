import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

const VERSION = 1;
const [NAME, SALT, TAG] = [4, 16, 16];
const HEADER = 1 + NAME + SALT + TAG;
/** Each content has a key of its own, made of the salt, so that no key seals twice. */
const IV = Buffer.alloc(12);

/**
 * Seals the content of messages (AES-256-GCM), each to the place that it stands in: moved to another row, it does not open.
 * Version, four bytes that name the key, salt, tag, and what is sealed.
 */
export class Seal {
  private readonly name: Buffer;

  constructor(private readonly key: Buffer) {
    this.name = createHash('sha256').update('navn').update(key).digest().subarray(0, NAME);
  }

  close(content: string, place: string): Buffer {
    const salt = randomBytes(SALT);
    const cipher = createCipheriv('aes-256-gcm', this.keyOf(salt), IV).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([cipher.update(content, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), this.name, salt, cipher.getAuthTag(), sealed]);
  }

  /** @throws Error when it was sealed with another key, for another place, or has been altered. */
  open(sealed: Buffer, place: string): string {
    const name = sealed.subarray(1, 1 + NAME);
    if (sealed.length < HEADER || sealed[0] !== VERSION || !name.equals(this.name))
      throw new Error('The content was not sealed with this key');
    const salt = sealed.subarray(1 + NAME, 1 + NAME + SALT);
    const decipher = createDecipheriv('aes-256-gcm', this.keyOf(salt), IV)
      .setAAD(Buffer.from(place))
      .setAuthTag(sealed.subarray(HEADER - TAG, HEADER));
    return Buffer.concat([decipher.update(sealed.subarray(HEADER)), decipher.final()]).toString('utf8');
  }

  private keyOf(salt: Buffer): Buffer {
    return Buffer.from(hkdfSync('sha256', this.key, salt, 'beskedfordeler indhold', 32));
  }
}
