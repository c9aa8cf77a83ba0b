import type { Ask, StoredAnswer, Written } from '@stoettesystemer/engine';
import type { FastifyRequest } from 'fastify';
import { etagOf, idempotencyOf } from './preconditions';

/** A command's Ask: it is answered with the object as it then stands, and once for each Idempotency-Key. */
export type CommandAsk = Ask & { readonly answer: (written: Written) => StoredAnswer };

const answerOf = ({ number, body }: Written): StoredAnswer => ({
  status: 200,
  headers: { 'cache-control': 'private, no-cache', ETag: etagOf(number) },
  body,
});

/** For routes that change an object by a word instead of by what is to be. @param body as it was sent. */
export function commandAsk(request: FastifyRequest, ask: Ask, body: string): CommandAsk {
  const idempotency = idempotencyOf(request, body);
  return { ...ask, represent: true, ...(idempotency ? { idempotency } : {}), answer: answerOf };
}
