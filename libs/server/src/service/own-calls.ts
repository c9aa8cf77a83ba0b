import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { audienceOf, DEMO_CLIENTS } from '@stoettesystemer/access';
import { type CryptoKey, importJWK, type JWK } from 'jose';
import * as openid from 'openid-client';
import type { Settings } from '../settings';

/** Another service, as the world calls it and as it is reached from here. */
export interface Place {
  /** Its prefix: `adgangsstyring`. */
  readonly service: string;
  readonly outside: string;
  readonly inside: string;
}

export interface OwnCallsOptions {
  /** First Adgangsstyring, where tokens come from; `outside` is `iss` of its tokens. */
  readonly places: readonly [Place, ...Place[]];
  readonly system: { readonly uuid: string; readonly keyFile: string };
  /** Whether tokens must be bound to a key. */
  readonly bound: boolean;
  /** Milliseconds that an answer may take. */
  readonly wait?: number;
}

export interface OwnCall {
  readonly service: string;
  /** CVR that it is made for. */
  readonly owner: string;
  /** After the service's address: `/v1/beskeder`. */
  readonly path: string;
  readonly body: string;
  readonly type?: string;
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

/** Calls other services as an it-system that this installation is: with tokens of its own, as any system. */
export class OwnCalls {
  private client: Promise<Client> | null = null;
  private readonly tokens = new Map<string, Promise<Held>>();

  constructor(private readonly options: OwnCallsOptions) {}

  /** @throws Error when there is no token, or no answer. */
  async post({ service, owner, path, body, type = 'application/json' }: OwnCall): Promise<Response> {
    const { config, dpop } = await (this.client ??= this.open());
    const held = await this.held(service, owner);
    const url = new URL(`${this.placeOf(service).outside}${path}`);
    const headers = new Headers({ 'content-type': type, accept: 'application/json' });
    const bound = dpop ? { DPoP: dpop } : {};
    try {
      return await openid.fetchProtectedResource(config, held.token, url, 'POST', body, headers, bound);
    } catch (cause) {
      if (!(cause instanceof openid.WWWAuthenticateChallengeError)) throw cause;
      // It counts no more, whatever it says itself.
      this.tokens.delete(keyOf(service, owner));
      return cause.response;
    }
  }

  private placeOf(service: string): Place {
    const found = this.options.places.find((place) => place.service === service);
    if (!found) throw new Error(`Nobody says where ${service} is`);
    return found;
  }

  private async held(service: string, owner: string): Promise<Held> {
    const key = keyOf(service, owner);
    const asked = this.tokens.get(key);
    const known = await asked?.catch(() => null);
    if (known && known.until > Date.now()) return known;
    // Somebody else may have asked anew in the meantime.
    if (this.tokens.get(key) === asked) this.tokens.set(key, this.ask(service, owner));
    return this.tokens.get(key)!;
  }

  private async ask(service: string, owner: string): Promise<Held> {
    const { config, dpop } = await this.client!;
    const wish = { resource: audienceOf(service), scope: `cvr:${owner}` };
    const answer = await openid.clientCredentialsGrant(config, wish, dpop ? { DPoP: dpop } : {});
    return {
      token: answer.access_token,
      until: Date.now() + (answer.expires_in ?? 0) * SECOND - MARGIN,
    };
  }

  private async open(): Promise<Client> {
    try {
      const { places, system, bound, wait = WAIT } = this.options;
      const issuer = places[0].outside;
      const jwk = JSON.parse(await readFile(system.keyFile, 'utf8')) as JWK;
      const key = (await importJWK(jwk, jwk.alg ?? 'ES256')) as CryptoKey;
      const config = new openid.Configuration(
        { issuer, token_endpoint: `${issuer}/token` },
        system.uuid,
        undefined,
        openid.PrivateKeyJwt(jwk.kid === undefined ? key : { key, kid: jwk.kid }),
      );
      openid.allowInsecureRequests(config);
      config.timeout = wait / SECOND;
      // Proofs are of the address that the world knows; what is sent goes the short way.
      config[openid.customFetch] = (url, init) => fetch(insideOf(places, url), init as RequestInit);
      const dpop = bound ? openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256')) : undefined;
      return { config, dpop };
    } catch (cause) {
      this.client = null;
      throw cause;
    }
  }
}

const keyOf = (service: string, owner: string): string => `${service} ${owner}`;

function insideOf(places: readonly Place[], url: string): string {
  const place = places.find(({ outside }) => url.startsWith(`${outside}/`));
  return place ? place.inside + url.slice(place.outside.length) : url;
}

export interface OwnCallsWish {
  /** The system that Adgangsstyring registers for this in profile `udvikling`, with the key that it makes. */
  readonly demo: string;
  /** Services that are called beside Adgangsstyring. */
  readonly places?: readonly Place[];
  readonly wait?: number;
}

/** The way to other services as the settings have it; null when nobody says who we are, or where Adgangsstyring is. */
export function ownCalls(
  { accessControl, issuer, profile, ownSystem, dataDir }: Settings,
  { demo, places = [], wait = WAIT }: OwnCallsWish,
): OwnCalls | null {
  const system =
    ownSystem ??
    (profile === 'udvikling'
      ? { uuid: DEMO_CLIENTS[demo]!, keyFile: join(dataDir, 'demo', `${demo}.jwk`) }
      : null);
  if (accessControl === null || system === null) return null;
  const tokens: Place = { service: 'adgangsstyring', outside: issuer, inside: accessControl };
  return new OwnCalls({ places: [tokens, ...places], system, bound: profile === 'produktion', wait });
}
