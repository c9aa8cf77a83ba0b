import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Scheme } from '../refused';

/** What the verifier looks at in a request; a FastifyRequest and an IncomingMessage fit. */
export interface TokenRequest {
  readonly method?: string | undefined;
  /** Path and query, as received. */
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: unknown;
  readonly socket?: { readonly remoteAddress?: string | undefined };
}

export interface PresentedToken {
  readonly scheme: Scheme;
  readonly token: string;
  /** SHA-256 of the token in base64url: its name in our cache, and `ath` of a DPoP proof. */
  readonly digest: string;
}

/** Node refuses headers over 16 kB without a word; half of that leaves room for the rest (A8). */
const LONGEST_TOKEN = 8192;
/** A query that names one, or that must be decoded before it is known. */
const MAY_HOLD_TOKEN = /\?.*(access_token|%)/;
const AUTHORIZATION = /^(bearer|dpop) +([\w-]+\.[\w-]+\.[\w-]+)$/i;

/** The token of the Authorization header, or why there is none. A token anywhere else spoils the request (A9). */
export function presented({ url = '', headers, body, socket }: TokenRequest): PresentedToken | string {
  if (MAY_HOLD_TOKEN.test(url) && new URLSearchParams(url.slice(url.indexOf('?'))).has('access_token'))
    return 'token in the query';
  if (isForm(headers['content-type']) || holdsToken(body)) return 'token in the body';
  const { authorization } = headers;
  if (typeof authorization !== 'string') return 'no token';
  const last = socket && lastOn.get(socket);
  if (last?.authorization === authorization) return last.token;
  const known = lately.get(authorization);
  const token = known ?? tokenIn(authorization);
  if (typeof token === 'string') return token;
  if (!known) lately.set(authorization, token);
  if (socket) lastOn.set(socket, { authorization, token });
  return token;
}

/** By their headers: a client sends the same one with every request, and most often by the same connection. */
const lately = new LRUCache<string, PresentedToken>({ max: 1_000 });
const lastOn = new WeakMap<object, { readonly authorization: string; readonly token: PresentedToken }>();

function tokenIn(authorization: string): PresentedToken | string {
  const [, scheme, token] = AUTHORIZATION.exec(authorization) ?? [];
  if (scheme === undefined || token === undefined) return 'no token of a known scheme';
  if (token.length > LONGEST_TOKEN) return 'token too long';
  return {
    scheme: scheme.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer',
    token,
    digest: hash('sha256', token, 'base64url'),
  };
}

/** No operation takes a form, so one can only be there to carry a token (RFC 6750 §2.2). */
const isForm = (type: string | string[] | undefined): boolean =>
  typeof type === 'string' && /^\s*application\/x-www-form-urlencoded/i.test(type);
const holdsToken = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && Object.hasOwn(body, 'access_token');
