import { HttpException } from '@nestjs/common';
import { Refusal } from '@stoettesystemer/object';
import { codeOf } from '@stoettesystemer/postgres';
import { limits } from '../settings';

const retry = (seconds: number) => ({ headers: { 'Retry-After': `${seconds}` } });
const { unavailable: UNAVAILABLE, locked: LOCKED } = limits.retryAfter;

const unavailable = (): Refusal =>
  new Refusal(503, 'utilgaengelig', 'Tjenesten er ikke klar lige nu. Prøv igen om lidt.', retry(UNAVAILABLE));
export const closing = (): Refusal =>
  new Refusal(503, 'lukker', 'Tjenesten er ved at lukke ned. Prøv igen om lidt.', retry(UNAVAILABLE));
const locked = (): Refusal =>
  new Refusal(
    409,
    'optaget',
    'Objektet er ved at blive ændret af en anden. Prøv igen om lidt.',
    retry(LOCKED),
  );
/** Says nothing of what went wrong: that is in the log, under the transaction's id. */
export const defect = (): Refusal =>
  new Refusal(500, 'intern', 'Der er en fejl i tjenesten. Oplys transaktionens id, når du melder den.');

/** What PostgreSQL says when it, and not the request, is at fault. */
const DATABASE: Readonly<Record<string, () => Refusal>> = {
  '55P03': locked,
  '40001': locked,
  '40P01': locked,
  '57014': unavailable,
  '53300': unavailable,
  '53400': unavailable,
  '25P03': unavailable,
};
/** A fault that ends the session is never the request's: a server that goes down, that lets nobody in, that is full. */
const isDatabaseGone = (code: string, cause: unknown): boolean =>
  code.startsWith('57P') || code.startsWith('08') || (cause as { severity?: unknown }).severity === 'FATAL';

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);
/** The driver has no codes for these. */
const DRIVER =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Cannot use a pool after)/;

const BY_STATUS: Readonly<Record<number, readonly [kode: string, detail: string]>> = {
  400: ['ugyldig', 'Forespørgslen kan ikke læses.'],
  401: ['token', 'Adgangstokenet mangler eller kan ikke bruges.'],
  403: ['ingen_rettighed', 'Aftalen giver ikke ret til det.'],
  404: ['findes_ikke', 'Adressen findes ikke.'],
  413: ['for_stort', 'Indholdet er for stort.'],
  414: ['for_lang', 'Adressen er for lang.'],
  415: ['indholdstype', 'Indholdet skal være application/json i UTF-8.'],
  431: ['for_stort', 'Headerfelterne er for store.'],
};

const statusOf = (cause: unknown): number | undefined => {
  if (cause instanceof HttpException) return cause.getStatus();
  const { code, statusCode } = cause as { code?: unknown; statusCode?: unknown };
  const isFastify = typeof code === 'string' && code.startsWith('FST_');
  return isFastify && typeof statusCode === 'number' ? statusCode : undefined;
};

/** What a request is told of whatever was thrown. Never a message that somebody else wrote. */
export function refusalOf(cause: unknown): Refusal {
  if (cause instanceof Refusal) return cause;
  const code = codeOf(cause);
  if (code !== '') return DATABASE[code]?.() ?? (isDatabaseGone(code, cause) ? unavailable() : defect());
  if (cause instanceof Error) {
    const network = (cause as NodeJS.ErrnoException).code;
    if ((network !== undefined && NETWORK.has(network)) || DRIVER.test(cause.message)) return unavailable();
    const status = statusOf(cause);
    const [kode, detail] = BY_STATUS[status ?? 0] ?? [];
    if (status !== undefined && kode !== undefined && detail !== undefined)
      return new Refusal(status, kode, detail);
  }
  return defect();
}
