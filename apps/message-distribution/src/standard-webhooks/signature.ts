import { createHash, type KeyObject, sign } from 'node:crypto';
import { isUuid } from '@stoettesystemer/object';

/** The headers of Standard Webhooks. */
export interface WebhookHeaders {
  /** The same whenever the same message is sent, so that a receiver knows a repetition. */
  readonly 'webhook-id': string;
  /** Of the attempt: whole seconds since 1970. */
  readonly 'webhook-timestamp': string;
  /** One for each key, with a space between. */
  readonly 'webhook-signature': string;
}

const VERSION = 'v1a';
/** The text that is signed has full stops between its parts, and headers are of printable ASCII. */
const ID = /^[\x21-\x2d\x2f-\x7e]+$/;

/**
 * What an event has in `webhook-id`: its id where that is a UUID. Of other ids only (source, id) together is one event's,
 * and either may hold what no header may.
 */
export const webhookId = ({ source, id }: { readonly source: string; readonly id: string }): string =>
  isUuid(id)
    ? id
    : createHash('sha256')
        .update(JSON.stringify([source, id]))
        .digest('base64url');

/**
 * Signs one attempt. While keys are being changed it is signed with each, so that no receiver has to be told at the
 * same moment. @throws Error for an id that would make another text of what is signed
 */
export function signWebhook(
  { id, body, at }: { readonly id: string; readonly body: Buffer | string; readonly at: Date },
  keys: readonly KeyObject[],
): WebhookHeaders {
  if (!ID.test(id)) throw new Error('A webhook-id is printable ASCII without a full stop');
  if (keys.length === 0) throw new Error('Nothing is sent unsigned');
  const timestamp = `${Math.floor(at.getTime() / 1000)}`;
  const bytes = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), Buffer.from(body)]);
  const signatures = keys.map((key) => `${VERSION},${sign(null, bytes, key).toString('base64')}`);
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
