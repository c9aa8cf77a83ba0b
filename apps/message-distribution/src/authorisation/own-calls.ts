import { readFile } from 'node:fs/promises';
import { audienceOf, COMMON_OWNER } from '@stoettesystemer/access';
import { type CryptoKey, importJWK, type JWK } from 'jose';
import * as openid from 'openid-client';

export interface OwnCallsOptions {
  /** Where Adgangsstyring is from here, and `iss` of its tokens: what it calls itself. */
  readonly inside: string;
  readonly issuer: string;
  readonly system: { readonly uuid: string; readonly keyFile: string };
  /** Whether tokens must be bound to a key. */
  readonly bound: boolean;
}

const SECOND = 1000;
const WAIT = 5 * SECOND;
/** A token is not used for the last of its time. */
const MARGIN = 30 * SECOND;

interface Held {
  readonly token: string;
  readonly until: number;
}
interface Client {
  readonly config: openid.Configuration;
  readonly dpop: openid.DPoPHandle | undefined;
}

/** Calls Adgangsstyring as the it-system that this installation's services are: with a token of its own, as any system. */
export class OwnCalls {
  private client: Promise<Client> | null = null;
  private token: Promise<Held> | null = null;

  constructor(private readonly options: OwnCallsOptions) {}

  /** @throws Error when there is no token, no answer, or not the one that was hoped for. */
  async post(path: string, body: object): Promise<unknown> {
    const { config, dpop } = await (this.client ??= this.open());
    const held = await this.held();
    const answer = await openid.fetchProtectedResource(
      config,
      held.token,
      new URL(`${this.options.issuer}${path}`),
      'POST',
      JSON.stringify(body),
      new Headers({ 'content-type': 'application/json', accept: 'application/json' }),
      dpop ? { DPoP: dpop } : {},
    );
    if (answer.status === 401) this.token = null;
    if (answer.status !== 200) throw new Error(`Adgangsstyring answers ${answer.status}`);
    return answer.json();
  }

  private async held(): Promise<Held> {
    const known = await this.token?.catch(() => null);
    if (known && known.until > Date.now()) return known;
    this.token = this.ask();
    return this.token;
  }

  private async ask(): Promise<Held> {
    const { config, dpop } = await this.client!;
    const wish = { resource: audienceOf('adgangsstyring'), scope: `cvr:${COMMON_OWNER}` };
    const answer = await openid.clientCredentialsGrant(config, wish, dpop ? { DPoP: dpop } : {});
    return {
      token: answer.access_token,
      until: Date.now() + (answer.expires_in ?? 0) * SECOND - MARGIN,
    };
  }

  private async open(): Promise<Client> {
    try {
      const { inside, issuer, system, bound } = this.options;
      const jwk = JSON.parse(await readFile(system.keyFile, 'utf8')) as JWK;
      const key = (await importJWK(jwk, jwk.alg ?? 'ES256')) as CryptoKey;
      const config = new openid.Configuration(
        { issuer, token_endpoint: `${issuer}/token` },
        system.uuid,
        undefined,
        openid.PrivateKeyJwt({ key, kid: jwk.kid ?? '' }),
      );
      openid.allowInsecureRequests(config);
      config.timeout = WAIT / SECOND;
      // Proofs are of the address that the world knows; what is sent goes the short way.
      config[openid.customFetch] = (url, init) =>
        fetch(url.replace(issuer, inside), { ...(init as RequestInit), signal: AbortSignal.timeout(WAIT) });
      const dpop = bound ? openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256')) : undefined;
      return { config, dpop };
    } catch (cause) {
      this.client = null;
      throw cause;
    }
  }
}
