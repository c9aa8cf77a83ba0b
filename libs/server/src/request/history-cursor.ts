import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Caller } from '@stoettesystemer/access';
import { malformed } from '@stoettesystemer/object';

export interface HistoryCursors {
  write(caller: Caller, uuid: string, before: number): string;
  /** @throws Refusal 400 `cursor` when altered, or made for another object or caller. */
  read(caller: Caller, uuid: string, cursor: string): number;
}

/** Places in an object's list of registrations, signed for one caller and one object (C7). */
export function historyCursors(secret: Buffer): HistoryCursors {
  const write: HistoryCursors['write'] = ({ owner, system, subject }, uuid, before) => {
    const meant = JSON.stringify(['registreringer', owner, system, subject, uuid, before]);
    return `${before}.${createHmac('sha256', secret).update(meant).digest('base64url')}`;
  };
  const read: HistoryCursors['read'] = (caller, uuid, cursor) => {
    const before = Number(/^([1-9]\d{0,9})\./.exec(cursor)?.[1] ?? 0);
    const [expected, given] = [Buffer.from(write(caller, uuid, before)), Buffer.from(cursor)];
    if (expected.length !== given.length || !timingSafeEqual(expected, given))
      throw malformed('cursor', '?cursor', 'Cursoren passer ikke til forespørgslen.');
    return before;
  };
  return { write, read };
}
