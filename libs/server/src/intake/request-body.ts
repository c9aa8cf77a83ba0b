import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { malformed, Refusal } from '@stoettesystemer/object';
import { limits } from '../settings';
import { decodeUtf8 } from './json';

const tooLarge = (size: number): Refusal =>
  new Refusal(413, 'for_stort', `Indholdet må højst fylde ${size / 1024} KiB, også pakket ud.`);
const tooSlow = (): Refusal => new Refusal(408, 'tid', 'Indholdet kom ikke frem i tide.');
const notGzip = (): Refusal => malformed('gzip', '', 'Indholdet er ikke gyldig gzip.');

/** The body as it was before it was packed. @throws Refusal 415 for a packing that we do not know. */
export function unpacked(raw: IncomingMessage): Readable {
  const encoding = (raw.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity') return raw;
  if (encoding !== 'gzip')
    throw new Refusal(415, 'indholdskodning', 'Indholdet må kun være pakket med gzip.');
  const gunzip = createGunzip();
  raw.once('error', () => gunzip.destroy());
  return raw.pipe(gunzip);
}

/**
 * Collects a body of limited size. On refusal the rest is left unread on the connection: `lingerOver` sees to it.
 * The clock covers the body only, so that long polls and imports, which are long for good reasons, are let alone.
 */
function collect(source: Readable, size: number, time: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (cause: Error | null) => {
      clearTimeout(timer);
      source.off('data', take).off('end', finish).off('close', abandon);
      // Whatever the stream still has to say is said to nobody.
      source.off('error', fail).on('error', () => undefined);
      if (cause) reject(cause);
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length));
    };
    const take = (chunk: Buffer) => {
      length += chunk.length;
      if (length > size) settle(tooLarge(size));
      else chunks.push(chunk);
    };
    const finish = () => settle(null);
    const fail = (cause: NodeJS.ErrnoException) =>
      settle(cause.code?.startsWith('Z_') ? notGzip() : tooSlow());
    const abandon = () => settle(tooSlow());
    const timer = setTimeout(() => settle(tooSlow()), time);
    source.on('data', take).on('end', finish).on('error', fail).on('close', abandon);
  });
}

interface Bounds {
  readonly size?: number;
  readonly time?: number;
}

/**
 * Reads a whole body as text (C11).
 * @throws Refusal 400, 408, 413, 415
 */
export const readText = async (raw: IncomingMessage, bounds: Bounds = {}): Promise<string> =>
  decodeUtf8(await readBytes(raw, bounds));

/**
 * Reads a whole body, as it was before it was packed.
 * @throws Refusal 400, 408, 413, 415
 */
export async function readBytes(
  raw: IncomingMessage,
  { size = limits.body.size, time = limits.body.time }: Bounds = {},
): Promise<Buffer> {
  if (Number(raw.headers['content-length'] ?? 0) > size) throw tooLarge(size);
  const source = unpacked(raw);
  try {
    return await collect(source, size, time);
  } finally {
    if (source !== raw) {
      raw.unpipe();
      source.destroy();
    }
  }
}

/**
 * After an answer that did not wait for the whole body: reads on for a moment, so that the sender, who may still be
 * writing, gets to see the answer instead of a broken connection; then hangs up.
 */
export function lingerOver(raw: IncomingMessage): void {
  if (raw.complete || raw.destroyed) return;
  raw.resume();
  const timer = setTimeout(() => raw.socket.destroy(), limits.body.linger);
  timer.unref();
  raw.once('close', () => clearTimeout(timer)).once('end', () => clearTimeout(timer));
}
