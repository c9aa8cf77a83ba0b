import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** Before the 32 bytes of a key of Ed25519, in the forms that Node reads (RFC 8410). */
const PRIVATE = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC = Buffer.from('302a300506032b6570032100', 'hex');
const SIZE = 32;
const SECRET = 'whsk_';
const SHOWN = 'whpk_';

const privateOf = (seed: Buffer): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PRIVATE, seed]), format: 'der', type: 'pkcs8' });
const publicBytes = (key: KeyObject): Buffer =>
  key.export({ format: 'der', type: 'spki' }).subarray(PUBLIC.length);

function bytesOf(text: string, prefix: string): Buffer {
  const encoded = text.startsWith(prefix) ? text.slice(prefix.length) : '';
  const bytes = Buffer.from(encoded, 'base64');
  if (encoded === '' || bytes.toString('base64') !== encoded)
    throw new Error(`Not a key: it begins with ${prefix}`);
  return bytes;
}

/** The seed and then the public key, as other senders of Standard Webhooks write it. Never shown. */
export function writePrivateKey(key: KeyObject): string {
  const seed = key.export({ format: 'der', type: 'pkcs8' }).subarray(PRIVATE.length);
  return SECRET + Buffer.concat([seed, publicBytes(createPublicKey(key))]).toString('base64');
}

/** Reads `whsk_…`: the seed, with or without the public key after it. @throws Error, which holds nothing of the key */
export function readPrivateKey(text: string): KeyObject {
  const bytes = bytesOf(text, SECRET);
  if (bytes.length !== SIZE && bytes.length !== 2 * SIZE) throw new Error('Not a key: its length is wrong');
  const key = privateOf(bytes.subarray(0, SIZE));
  const shown = bytes.subarray(SIZE);
  if (shown.length > 0 && !shown.equals(publicBytes(createPublicKey(key))))
    throw new Error('Not a key: its halves are not of one pair');
  return key;
}

/** What receivers are given. Takes either half of the pair. */
export const writePublicKey = (key: KeyObject): string =>
  SHOWN + publicBytes(key.type === 'private' ? createPublicKey(key) : key).toString('base64');

export const newSigningKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey;
