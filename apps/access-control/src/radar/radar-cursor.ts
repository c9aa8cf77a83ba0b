import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Caller } from '@stoettesystemer/access';
import { malformed } from '@stoettesystemer/object';

const sealOf = (secret: Buffer, { owner, system, subject }: Caller, days: number, after: string): Buffer =>
  createHmac('sha256', secret)
    .update(JSON.stringify(['udloeb', owner, system, subject, days, after]))
    .digest()
    .subarray(0, 16);

/** Where the next page begins: signed, and bound to the caller and the question. */
export const writeCursor = (secret: Buffer, caller: Caller, days: number, after: string): string =>
  Buffer.concat([sealOf(secret, caller, days, after), Buffer.from(after)]).toString('base64url');

/** @throws Refusal 400 for a cursor of another question or another caller, or one that was tampered with. */
export function readCursor(secret: Buffer, caller: Caller, days: number, cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  const after = bytes.subarray(16).toString();
  const isOurs =
    bytes.length > 16 &&
    bytes.toString('base64url') === cursor &&
    timingSafeEqual(bytes.subarray(0, 16), sealOf(secret, caller, days, after));
  if (!isOurs) throw malformed('cursor', '?cursor', 'Cursoren hører ikke til denne forespørgsel.');
  return after;
}
