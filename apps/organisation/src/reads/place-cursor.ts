import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Caller } from '@stoettesystemer/access';
import { type Instant, malformed } from '@stoettesystemer/object';

/** Where the next page begins: how far down the list, and the moments that the list is of, so that it stays the same. */
export interface Place {
  readonly offset: number;
  readonly moments: readonly Instant[];
}

const sealOf = (secret: Buffer, { owner, system, subject }: Caller, question: unknown, place: string) =>
  createHmac('sha256', secret)
    .update(JSON.stringify(['sted', owner, system, subject, question, place]))
    .digest()
    .subarray(0, 16);

/** Signed, and bound to the caller and the question (C7). */
export class PlaceCursors {
  constructor(
    private readonly secret: Buffer,
    private readonly caller: Caller,
    private readonly question: unknown,
  ) {}

  write({ offset, moments }: Place): string {
    const place = [offset, ...moments].join(' ');
    const seal = sealOf(this.secret, this.caller, this.question, place);
    return Buffer.concat([seal, Buffer.from(place)]).toString('base64url');
  }

  /** @throws Refusal 400 for a cursor of another question or another caller, or one that was tampered with. */
  read(cursor: string): Place {
    const bytes = Buffer.from(cursor, 'base64url');
    const place = bytes.subarray(16).toString();
    const isOurs =
      bytes.length > 16 &&
      bytes.toString('base64url') === cursor &&
      timingSafeEqual(bytes.subarray(0, 16), sealOf(this.secret, this.caller, this.question, place));
    if (!isOurs) throw malformed('cursor', '?cursor', 'Cursoren hører ikke til denne forespørgsel.');
    const [offset, ...moments] = place.split(' ');
    return { offset: Number(offset), moments: moments.map(BigInt) };
  }
}
