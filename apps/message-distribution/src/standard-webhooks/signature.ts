import { createHash, type KeyObject, sign, verify } from 'node:crypto';
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
/** Seconds that the clocks may differ, or the message have been under way. */
export const TOLERANCE = 5 * 60;
/** More signatures than anybody rotates keys at a time are tried for nobody. */
const MOST_SIGNATURES = 20;

const signed = (id: string, timestamp: string, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);

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
  const bytes = signed(id, timestamp, Buffer.from(body));
  const signatures = keys.map((key) => `${VERSION},${sign(null, bytes, key).toString('base64')}`);
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

/** Why a message is not to be trusted. */
export type Distrust = 'headers' | 'too_old' | 'too_new' | 'signature';

/** A receiver's half: null when one of the signatures is by one of the keys, and the attempt is of now. */
export function distrustOf(
  headers: Partial<WebhookHeaders>,
  body: Buffer | string,
  keys: readonly KeyObject[],
  { now = new Date(), tolerance = TOLERANCE }: { readonly now?: Date; readonly tolerance?: number } = {},
): Distrust | null {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': given } = headers;
  if (!id || !given || !/^\d{1,12}$/.test(timestamp ?? '')) return 'headers';
  const age = now.getTime() / 1000 - Number(timestamp);
  if (age > tolerance) return 'too_old';
  if (age < -tolerance) return 'too_new';
  const bytes = signed(id, timestamp!, Buffer.from(body));
  const signatures = given
    .split(' ')
    .slice(0, MOST_SIGNATURES)
    .filter((each) => each.startsWith(`${VERSION},`))
    .map((each) => Buffer.from(each.slice(VERSION.length + 1), 'base64'));
  return signatures.some((signature) => keys.some((key) => verify(null, bytes, key, signature)))
    ? null
    : 'signature';
}
