import { Refusal } from '@stoettesystemer/object';
import { limits, mustBe } from '@stoettesystemer/server';
import type { FastifyRequest } from 'fastify';

const FORM = 'application/x-www-form-urlencoded';

/** Reads a posted form. @param size bytes at most @throws Refusal 413, 415 */
export async function readForm(request: FastifyRequest, size: number): Promise<URLSearchParams> {
  mustBe(request, FORM);
  const { raw } = request;
  if ((raw.headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new Refusal(415, 'indholdskodning', 'Formularen må ikke være pakket.');
  const chunks: Buffer[] = [];
  let length = 0;
  const timer = setTimeout(() => raw.destroy(), limits.body.time);
  try {
    // What is left unread stays on the connection, so that the sender gets to see the answer.
    for await (const chunk of raw.iterator({ destroyOnReturn: false })) {
      length += (chunk as Buffer).length;
      if (length > size) throw new Refusal(413, 'for_stort', `Formularen må højst fylde ${size / 1024} KiB.`);
      chunks.push(chunk as Buffer);
    }
  } finally {
    clearTimeout(timer);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('latin1'));
}
