import { Refusal } from '@stoettesystemer/object';
import type { FastifyRequest } from 'fastify';
import { header } from './incoming';

export const JSON_TYPE = 'application/json';
export const NDJSON = 'application/x-ndjson';
export const EVENTS = 'application/cloudevents-batch+json';
export const HTML = 'text/html';

/**
 * The body's format is the one the operation takes, in UTF-8.
 * @throws Refusal 415
 */
export function mustBe(request: FastifyRequest, type: string): void {
  const [essence = '', ...parameters] = (header(request, 'content-type') ?? '').toLowerCase().split(';');
  const charset = parameters
    .map((each) => /^\s*charset\s*=\s*"?([^"]*?)"?\s*$/.exec(each)?.[1])
    .find((each) => each !== undefined);
  if (essence.trim() === type && (charset === undefined || charset === 'utf-8')) return;
  throw new Refusal(415, 'indholdstype', `Indholdet skal være ${type} i UTF-8.`);
}

/** How much a range of an Accept header wants a type: 0 for not at all, null when it says nothing of it. */
function weightOf(range: string, type: string): { weight: number; precision: number } | null {
  const [name = '', ...parameters] = range
    .trim()
    .toLowerCase()
    .split(/\s*;\s*/);
  const precision = name === type ? 2 : name === `${type.split('/')[0]}/*` ? 1 : name === '*/*' ? 0 : -1;
  if (precision < 0) return null;
  const quality = parameters.find((each) => each.startsWith('q='));
  return { weight: quality === undefined ? 1 : Number(quality.slice(2)) || 0, precision };
}

/**
 * The client takes the format of the answer; the most precise range decides, as RFC 9110 has it.
 * @throws Refusal 406
 */
export function mustAccept(request: FastifyRequest, type: string): void {
  const accept = header(request, 'accept');
  if (accept === undefined || accept === '' || accept === '*/*' || accept === type) return;
  const ranges = accept.split(',').flatMap((range) => weightOf(range, type) ?? []);
  const [decisive] = ranges.sort((a, b) => b.precision - a.precision);
  if (decisive !== undefined && decisive.weight > 0) return;
  throw new Refusal(406, 'format', `Svaret gives kun som ${type}.`);
}
