import type { KeyObject } from 'node:crypto';
import { Untrusted, Webhook } from '@stoettesystemer/client';
import { writePublicKey } from '../standard-webhooks/signing-key';

/**
 * Why a receiver that uses the client would not trust a call; null when it would. What is signed need not be an event:
 * its content is looked at last.
 */
export function distrustOf(
  headers: object,
  body: Buffer | string,
  keys: readonly (KeyObject | string)[],
  now = new Date(),
): Untrusted['reason'] | null {
  const shown = keys.map((key) => (typeof key === 'string' ? key : writePublicKey(key)));
  try {
    new Webhook(shown, () => now).read({ ...headers }, body);
  } catch (cause) {
    if (!(cause instanceof Untrusted)) throw cause;
    return cause.reason === 'content' ? null : cause.reason;
  }
  return null;
}
