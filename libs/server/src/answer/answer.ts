import type { StoredAnswer } from '@stoettesystemer/engine';
import type { FastifyReply } from 'fastify';

/** What goes back: JSON text as it stands, never parsed and written again on the way. */
export type Answer = StoredAnswer;

const JSON_UTF8 = 'application/json; charset=utf-8';

export function give(reply: FastifyReply, { status, headers, body }: Answer): void {
  void reply.code(status).headers(headers);
  if (body === null) {
    void reply.send();
    return;
  }
  if (!reply.hasHeader('content-type')) void reply.header('content-type', JSON_UTF8);
  void reply.send(body);
}

/** `{ "data": [ … ], … }` around objects that are JSON text already. */
export const pageText = (data: readonly string[], rest: Readonly<Record<string, unknown>> = {}): string => {
  const others = Object.entries(rest).map(
    ([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`,
  );
  return `{"data":[${data.join(',')}]${others.join('')}}`;
};
