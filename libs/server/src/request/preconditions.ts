import { createHash } from 'node:crypto';
import type { Ask } from '@stoettesystemer/engine';
import { isUuid, malformed, Refusal } from '@stoettesystemer/object';
import type { FastifyRequest } from 'fastify';
import { callerOf } from './access.guard';
import { header } from './incoming';

export const etagOf = (number: number): string => `"${number}"`;

/**
 * The registration number of If-Match, or null where the header is absent.
 * @throws Refusal 400 for a weak tag, a list or `*` (C5); 412 for a tag that no registration has.
 */
export function ifMatchOf(request: FastifyRequest): number | null {
  const text = header(request, 'if-match');
  if (text === undefined) return null;
  if (!/^"[\x21\x23-\x7e]*"$/.test(text))
    throw malformed('if_match', '', 'If-Match skal være én stærk ETag, som den blev læst: "3".');
  const number = /^"([1-9]\d{0,8})"$/.exec(text)?.[1];
  if (number === undefined)
    throw new Refusal(412, 'foraeldet', 'If-Match er ikke en ETag fra denne tjeneste. Læs objektet igen.');
  return Number(number);
}

/** Whether If-None-Match names this tag; weak comparison, as RFC 9110 has it for reads. */
export function isKnown(request: FastifyRequest, etag: string): boolean {
  const text = header(request, 'if-none-match');
  if (text === undefined) return false;
  return text.trim() === '*' || text.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

/** `If-None-Match: *` on a change: only if there is nothing yet. */
export const mustBeNew = (request: FastifyRequest): boolean =>
  header(request, 'if-none-match')?.trim() === '*';

export interface Preferences {
  /** Null: nothing was said, and the whole object is returned. */
  readonly return: 'minimal' | 'representation' | null;
}

/** Reads `Prefer`; what is not known is passed over, as RFC 7240 asks. */
export function preferencesOf(request: FastifyRequest): Preferences {
  const wanted = /(?:^|[,;])\s*return\s*=\s*"?(minimal|representation)"?\s*(?=$|[,;])/i.exec(
    header(request, 'prefer') ?? '',
  )?.[1];
  return { return: (wanted?.toLowerCase() as Preferences['return'] | undefined) ?? null };
}

/** A key is its user's: another, who may be shown less, is not given the same answer. @throws Refusal 400 when it is no UUID. */
export function idempotencyOf(request: FastifyRequest, body: string): Ask['idempotency'] {
  const key = header(request, 'idempotency-key');
  if (key === undefined) return undefined;
  const bare = key.replace(/^"(.*)"$/, '$1');
  if (!isUuid(bare)) throw malformed('idempotens', '', 'Idempotency-Key skal være en UUID.');
  const hash = createHash('sha256')
    .update(`${callerOf(request).subject}\n${request.method}\n${request.url}\n`)
    .update(body)
    .digest();
  return { key: bare.toLowerCase(), hash };
}
