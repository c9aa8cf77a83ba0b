import { type Declaration, Refusal } from '@stoettesystemer/object';
import { jwtVerify, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../caller';
import { DEVELOPMENT_ISSUER } from '../development/name';
import { type Scheme, unauthorized, unavailable } from '../refused';
import { certificateOf, type TrustedProxies } from './certificate';
import { CLOCK_TOLERANCE, type Confirmation, readClaims } from './claims';
import type { DenyList } from './deny-list';
import { presented, type PresentedToken, type TokenRequest } from './presented';
import { Privileges, type RequiredRestrictions } from './privileges';
import { ALGORITHMS, checkProof } from './proof';
import type { ReplayStore } from './replay-store';

export type Profile = 'udvikling' | 'produktion';

export interface TokenVerifierOptions {
  readonly profile: Profile;
  /** `iss` of the one issuer whose tokens count. */
  readonly issuer: string;
  /** Prefix of the service: `klassifikation`. */
  readonly service: string;
  /** The service's types: a restriction that none of them has a path for voids its group. */
  readonly types: readonly Declaration[];
  readonly keys: JWTVerifyGetKey;
  readonly revoked: DenyList;
  /** Used DPoP proofs. */
  readonly proofs: ReplayStore;
  /** What clients write before the path that we receive: `https://api.example.dk`. */
  readonly externalUrl: string;
  /** Left out: a token bound to a TLS certificate is refused. */
  readonly proxies?: TrustedProxies;
  /** Restrictions that a role must carry, by privilege. */
  readonly required?: RequiredRestrictions;
  /** Milliseconds since 1970; for tests. */
  readonly now?: () => number;
}

interface Verified {
  readonly caller: Caller;
  readonly confirmation: Confirmation;
  /** Seconds since 1970. */
  readonly until: number;
}

const REMEMBERED = 10_000;
const REMEMBERED_SECONDS = 60;

/** The audience of the tokens for a service. */
export const audienceOf = (service: string): string => `urn:stoettesystemerne:service:${service}`;

/** Makes a Caller of the access token of a request, or refuses (A5, A9). A token's signature is checked once a minute. */
export class TokenVerifier {
  private readonly verified = new LRUCache<string, Verified>({ max: REMEMBERED });
  private readonly privileges: Privileges;
  private readonly now: () => number;

  constructor(private readonly options: TokenVerifierOptions) {
    if (options.profile === 'produktion' && options.issuer === DEVELOPMENT_ISSUER)
      throw new Error('Udstederen til udvikling kan ikke bruges i profil produktion.');
    this.privileges = new Privileges(options.types, options.required);
    this.now = options.now ?? Date.now;
  }

  /**
   * @throws Refusal 401 `token`, the same whatever is wrong (its `cause` says what, for the log);
   * 503 when the issuer's keys or the used proofs cannot be asked.
   */
  async verify(request: TokenRequest): Promise<Caller> {
    const token = presented(request);
    const scheme: Scheme =
      this.options.profile === 'produktion' || (typeof token !== 'string' && token.scheme === 'DPoP')
        ? 'DPoP'
        : 'Bearer';
    if (typeof token === 'string') throw unauthorized(scheme, token);
    try {
      const { caller, confirmation } = this.remembered(token) ?? (await this.check(token));
      if (this.options.revoked.denies(caller)) {
        this.verified.delete(token.digest);
        throw new Error('revoked');
      }
      await this.confirm(request, token, confirmation);
      return caller;
    } catch (cause) {
      throw cause instanceof Refusal ? cause : unauthorized(scheme, (cause as Error).message);
    }
  }

  /** Whether `verify` would look at the request's token, and not at its signature: it did so within the last minute. */
  knows(request: TokenRequest): boolean {
    const token = presented(request);
    return typeof token !== 'string' && this.remembered(token) !== undefined;
  }

  private remembered({ digest }: PresentedToken): Verified | undefined {
    const verified = this.verified.get(digest);
    return verified && verified.until > this.now() / 1000 ? verified : undefined;
  }

  private async check({ token, digest }: PresentedToken): Promise<Verified> {
    const { service, issuer, keys } = this.options;
    const now = this.now() / 1000;
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience: audienceOf(service),
      algorithms: ALGORITHMS,
      typ: 'at+jwt',
      clockTolerance: CLOCK_TOLERANCE,
      currentDate: new Date(now * 1000),
      requiredClaims: ['sub', 'client_id', 'jti', 'cvr', 'exp', 'iat'],
    });
    const claims = readClaims(payload, { service, privileges: this.privileges, now });
    const verified = { ...claims, until: Math.min(claims.caller.expires, now + REMEMBERED_SECONDS) };
    this.verified.set(digest, verified);
    return verified;
  }

  /** That the token is in the hands it was issued to. */
  private async confirm(
    request: TokenRequest,
    { scheme, digest }: PresentedToken,
    { jkt, x5t }: Confirmation,
  ): Promise<void> {
    const { profile, proxies, externalUrl } = this.options;
    if (jkt === undefined && x5t === undefined && profile === 'produktion')
      throw new Error('not bound to a holder');
    if ((jkt !== undefined) !== (scheme === 'DPoP')) throw new Error('the scheme is not that of the token');
    if (x5t !== undefined && (!proxies || certificateOf(request, proxies) !== x5t))
      throw new Error('not the certificate of the token');
    if (jkt === undefined) return;
    const [path = ''] = (request.url ?? '').split('?');
    const proof = {
      proof: request.headers['dpop'],
      method: request.method ?? '',
      url: `${externalUrl}${path}`,
      tokenHash: digest,
      jkt,
      now: this.now() / 1000,
    };
    await checkProof(proof, {
      claim: (...used) =>
        this.options.proofs.claim(...used).catch((cause: unknown) => {
          throw unavailable(5, `the used proofs cannot be asked: ${String(cause)}`);
        }),
    });
  }
}
