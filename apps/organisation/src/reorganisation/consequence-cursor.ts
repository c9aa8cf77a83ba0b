import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Caller } from '@stoettesystemer/access';
import { malformed } from '@stoettesystemer/object';

/** Everything that decides what a list is. */
export interface Question {
  readonly caller: Caller;
  readonly plan: string;
  readonly number: number;
  readonly slags: string;
}

const SEAL = 16;

function sealOf(secret: Buffer, { caller, plan, number, slags }: Question, place: string): Buffer {
  const { owner, system, subject } = caller;
  return createHmac('sha256', secret)
    .update(JSON.stringify(['konsekvenser', owner, system, subject, plan, number, slags, place]))
    .digest()
    .subarray(0, SEAL);
}

/** Where the next page begins: signed, and bound to the caller and the question. */
export const writeCursor = (secret: Buffer, question: Question, place: string): string =>
  Buffer.concat([sealOf(secret, question, place), Buffer.from(place)]).toString('base64url');

/** @throws Refusal 400 for a cursor of another question or another caller, or one that was tampered with. */
export function readCursor(secret: Buffer, question: Question, cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  const place = bytes.subarray(SEAL).toString();
  const isOurs =
    bytes.length > SEAL &&
    bytes.toString('base64url') === cursor &&
    timingSafeEqual(bytes.subarray(0, SEAL), sealOf(secret, question, place));
  if (!isOurs) throw malformed('cursor', '?cursor', 'Cursoren hører ikke til denne forespørgsel.');
  return place;
}
