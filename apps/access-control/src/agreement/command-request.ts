import { createHash } from 'node:crypto';
import type { Ask, StoredAnswer, Written } from '@stoettesystemer/engine';
import { isUuid, malformed, Refusal } from '@stoettesystemer/object';
import type { FastifyRequest } from 'fastify';

/** A command's Ask: it is answered with the agreement as it then stands, and once for each Idempotency-Key. */
export type CommandAsk = Ask & { readonly answer: (written: Written) => StoredAnswer };

/** The registration number of If-Match; null without. @throws Refusal 400, 412 */
export function ifMatchOf({ headers: { 'if-match': tag } }: FastifyRequest): number | null {
  if (tag === undefined) return null;
  if (!/^"[\x21\x23-\x7e]*"$/.test(tag))
    throw malformed('if_match', '', 'If-Match skal være én stærk ETag, som den blev læst: "3".');
  const number = /^"([1-9]\d{0,8})"$/.exec(tag)?.[1];
  if (number === undefined)
    throw new Refusal(412, 'foraeldet', 'If-Match er ikke en ETag fra denne tjeneste. Læs objektet igen.');
  return Number(number);
}

function idempotencyOf({ headers, method, url }: FastifyRequest, body: string): Ask['idempotency'] {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  const bare = String(key).replace(/^"(.*)"$/, '$1');
  if (!isUuid(bare)) throw malformed('idempotens', '', 'Idempotency-Key skal være en UUID.');
  return {
    key: bare.toLowerCase(),
    hash: createHash('sha256').update(`${method}\n${url}\n`).update(body).digest(),
  };
}

const answerOf = ({ number, body }: Written): StoredAnswer => ({
  status: 200,
  headers: { 'cache-control': 'private, no-cache', ETag: `"${number}"` },
  body,
});

export function commandAsk(request: FastifyRequest, ask: Ask, body: string): CommandAsk {
  const idempotency = idempotencyOf(request, body);
  return { ...ask, represent: true, ...(idempotency ? { idempotency } : {}), answer: answerOf };
}

export const replayed = (stored: StoredAnswer): StoredAnswer => ({
  ...stored,
  headers: { ...stored.headers, 'Idempotent-Replayed': 'true' },
});
