import { randomUUID } from 'node:crypto';
import { importJWK, type JWK, SignJWT } from 'jose';
import { NoAnswer, problemOf } from './problem';
import type { Proofs } from './proofs';

const SECOND = 1000;
/** A token is not used for the last of its time. */
const MARGIN = 20 * SECOND;
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export interface TokenOptions {
  /** Where tokens are issued, and the name of who issues them: `https://…/adgangsstyring`. */
  readonly issuer: string;
  /** UUID of the it-system. */
  readonly system: string;
  /** The private key that the it-system is registered with, with its `kid`. */
  readonly key: JWK;
  /** CVR of the municipality. */
  readonly owner: string;
  readonly fetch: typeof fetch;
  readonly wait: number;
  /** For tokens that are bound to a key. */
  readonly proofs: Proofs | null;
}

interface Held {
  readonly token: string;
  readonly until: number;
}

/** Tokens of one it-system for one municipality: one for each service, fetched anew shortly before it runs out (contract §9). */
export class AccessTokens {
  private readonly held = new Map<string, Promise<Held>>();

  constructor(private readonly options: TokenOptions) {}

  /** @throws Problem, its `kode` OAuth's: `invalid_scope` where there is no agreement. NoAnswer */
  async of(service: string): Promise<string> {
    const known = this.held.get(service);
    const held = await known?.catch(() => null);
    if (held && held.until > Date.now()) return held.token;
    // Whoever came first has asked.
    if (this.held.get(service) === known) this.held.set(service, this.fetch(service));
    return (await this.held.get(service)!).token;
  }

  /** It was refused: it is not used again. */
  forget(service: string): void {
    this.held.delete(service);
  }

  private async fetch(service: string): Promise<Held> {
    const { issuer, owner, fetch, wait, proofs } = this.options;
    const url = `${issuer}/token`;
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      resource: `urn:stoettesystemerne:service:${service}`,
      scope: `cvr:${owner}`,
      client_assertion_type: ASSERTION,
      client_assertion: await this.assertion(),
    });
    const headers: Record<string, string> = proofs ? { dpop: await proofs.make('POST', url) } : {};
    const answer = await fetch(url, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(wait),
    }).catch((cause: unknown) => {
      throw new NoAnswer(cause);
    });
    const told = (await answer.json().catch(() => ({}))) as Record<string, string | number | undefined>;
    if (answer.status !== 200)
      throw problemOf(answer.status, answer.headers, {
        ...told,
        kode: told['kode'] ?? told['error'],
        detail: told['detail'] ?? told['error_description'],
      });
    const seconds = Number(told['expires_in'] ?? 0);
    return { token: String(told['access_token']), until: Date.now() + seconds * SECOND - MARGIN };
  }

  /** What shows who asks (`private_key_jwt`): good once, for a minute. */
  private async assertion(): Promise<string> {
    const { issuer, system, key } = this.options;
    const alg = key.alg ?? 'ES256';
    return new SignJWT({})
      .setProtectedHeader({ alg, ...(key.kid === undefined ? {} : { kid: key.kid }) })
      .setIssuer(system)
      .setSubject(system)
      .setAudience(issuer)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(await importJWK(key, alg));
  }
}
