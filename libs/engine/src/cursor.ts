import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Caller } from '@stoettesystemer/access';
import { malformed } from '@stoettesystemer/object';

/** How long a reader may pause between two pages, in seconds. */
const LIFETIME = 24 * 60 * 60;

/** Where a page ended: the sort keys of its last object, as the database writes them, and its UUID last. */
export type Place = readonly (string | null)[];

/** Signs places in a result; a cursor is good for the same query and the same caller only (C7). */
export class Cursors {
  constructor(
    private readonly secret: Buffer,
    private readonly caller: Caller,
    /** Everything that decides what the result is. */
    private readonly query: unknown,
  ) {}

  write(place: Place): string {
    const payload = Buffer.from(JSON.stringify([Math.floor(Date.now() / 1000) + LIFETIME, ...place]));
    return `${payload.toString('base64url')}.${this.sign(payload).toString('base64url')}`;
  }

  /** @throws Refusal 400 `cursor` when altered, outlived, or made for another query or caller. */
  read(cursor: string): Place {
    const [payload, signature] = cursor.split('.').map((part) => Buffer.from(part, 'base64url'));
    const refusal = malformed(
      'cursor',
      '/cursor',
      'Cursoren passer ikke til forespørgslen eller er udløbet.',
    );
    if (
      !payload ||
      !signature ||
      cursor !== `${payload.toString('base64url')}.${signature.toString('base64url')}`
    )
      throw refusal;
    const expected = this.sign(payload);
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) throw refusal;
    const [expires, ...place] = JSON.parse(payload.toString()) as [number, ...(string | null)[]];
    if (expires < Date.now() / 1000) throw refusal;
    return place;
  }

  private sign(payload: Buffer): Buffer {
    const { owner, system, subject } = this.caller;
    const meant = createHash('sha256')
      .update(JSON.stringify([owner, system, subject, this.query]))
      .digest();
    return createHmac('sha256', this.secret).update(meant).update(payload).digest();
  }
}
