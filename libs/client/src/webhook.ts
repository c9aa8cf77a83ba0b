import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Event } from './event';

const VERSION = 'v1a';
const SHOWN = 'whpk_';
/** Before the 32 bytes of a public key of Ed25519, in the form that Node reads (RFC 8410). */
const PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const SIZE = 32;
/** Seconds that the clocks may differ, or the message have been under way. */
const TOLERANCE = 5 * 60;
const MOST_SIGNATURES = 20;

/** What was sent is not to be trusted: answer 401, and do nothing. */
export class Untrusted extends Error {
  constructor(readonly reason: 'headers' | 'time' | 'signature' | 'content') {
    super(reason);
    this.name = 'Untrusted';
  }
}

/** Header names in lower case, as Node's `IncomingMessage.headers` has them. */
export type WebhookHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

function readKey(text: string): KeyObject {
  const encoded = text.startsWith(SHOWN) ? text.slice(SHOWN.length) : '';
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length !== SIZE || bytes.toString('base64') !== encoded)
    throw new Error(`Not a key: it begins with ${SHOWN} and has ${SIZE} bytes`);
  return createPublicKey({ key: Buffer.concat([PREFIX, bytes]), format: 'der', type: 'spki' });
}

/** Reads what a dueslag pushes, by Standard Webhooks, when it is signed with one of the dueslag's keys and is of now. */
export class Webhook {
  private readonly keys: readonly KeyObject[];

  /** @param keys `whpk_…`: the dueslag's public keys; two while they are being changed. @throws Error */
  constructor(
    keys: readonly string[],
    private readonly now: () => Date = () => new Date(),
  ) {
    this.keys = keys.map(readKey);
  }

  /**
   * The event. Keep it, by `Inbox`, and then answer 2xx: until then it is sent again, with the same id.
   * @param body the bytes as they came, before anybody has read them as JSON.
   * @throws Untrusted
   */
  read(headers: WebhookHeaders, body: Buffer | string): Event {
    this.check(headers, Buffer.from(body));
    try {
      const event = JSON.parse(body.toString()) as Event;
      if (typeof event.id === 'string' && typeof event.source === 'string') return event;
    } catch {
      // Said below.
    }
    throw new Untrusted('content');
  }

  private check(headers: WebhookHeaders, body: Buffer): void {
    const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) => {
      const value = headers[`webhook-${name}`];
      return typeof value === 'string' ? value : '';
    }) as [string, string, string];
    if (id === '' || signatures === '' || !/^\d{1,12}$/.test(timestamp)) throw new Untrusted('headers');
    if (Math.abs(this.now().getTime() / 1000 - Number(timestamp)) > TOLERANCE) throw new Untrusted('time');
    const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
    const given = signatures
      .split(' ')
      .slice(0, MOST_SIGNATURES)
      .filter((each) => each.startsWith(`${VERSION},`))
      .map((each) => Buffer.from(each.slice(VERSION.length + 1), 'base64'));
    if (!given.some((signature) => this.keys.some((key) => verify(null, signed, key, signature))))
      throw new Untrusted('signature');
  }
}
