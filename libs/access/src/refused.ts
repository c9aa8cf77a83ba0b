import { Refusal } from '@stoettesystemer/object';

export type Scheme = 'Bearer' | 'DPoP';

/**
 * The one answer to every token that will not do: whoever tries tokens learns nothing about which check they failed.
 * The reason is for our own log, as `cause`.
 */
export const unauthorized = (scheme: Scheme, reason: string): Refusal => {
  const algorithms = scheme === 'DPoP' ? ', algs="ES256 PS256"' : '';
  const refusal = new Refusal(401, 'token', 'Adgangstokenet mangler eller kan ikke bruges.', {
    headers: {
      'WWW-Authenticate': `${scheme} realm="stoettesystemerne", error="invalid_token"${algorithms}`,
    },
  });
  refusal.cause = reason;
  return refusal;
};

/** Something that decides on access cannot be asked: nobody gets in, and nobody is told that their token is bad. */
export const unavailable = (seconds: number, reason: string): Refusal => {
  const refusal = new Refusal(
    503,
    'utilgaengelig',
    'Tjenesten kan ikke kontrollere adgang lige nu. Prøv igen om lidt.',
    {
      headers: { 'Retry-After': `${seconds}` },
    },
  );
  refusal.cause = reason;
  return refusal;
};
