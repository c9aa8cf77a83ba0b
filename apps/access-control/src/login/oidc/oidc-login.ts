import { isIP } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import * as client from 'openid-client';
import type { NsisLevel } from '../../decision/question';
import { type Claims, claimsOfIdToken, LEVEL_URI } from '../claims';
import type { IdentityProvider } from '../identity-providers';
import { LoginRefused } from '../login-refused';
import type { AskedIdp } from '../login-steps';

/** Seconds for each call to an IdP. */
const PATIENCE = 5;

/** What an answer is held against. */
export type OidcSecrets = Required<Pick<AskedIdp, 'verifier' | 'nonce'>>;

/** Sends users to OIDC IdPs, by code with PKCE, and fetches what they say. */
@Injectable()
export class OidcLogin {
  constructor(@Inject(SURROUNDINGS) private readonly surroundings: Surroundings) {}

  /** Where IdPs send users back to. */
  get redirectUri(): string {
    return `${this.surroundings.settings.externalUrl}/adgangsstyring/login/oidc/svar`;
  }

  /** Where to send the user, for a login at that NSIS level or a higher. @param keep is given the request's state before anybody else sees it */
  async ask(
    idp: IdentityProvider,
    least: NsisLevel,
    keep: (state: string, secrets: OidcSecrets) => Promise<void>,
  ): Promise<string> {
    const config = await this.discover(idp);
    const secrets = { verifier: client.randomPKCECodeVerifier(), nonce: client.randomNonce() };
    const state = client.randomState();
    await keep(state, secrets);
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: this.redirectUri,
      scope: 'openid',
      code_challenge: await client.calculatePKCECodeChallenge(secrets.verifier),
      code_challenge_method: 'S256',
      acr_values: `${LEVEL_URI}${least}`,
      state,
      nonce: secrets.nonce,
    });
    return url.href;
  }

  /** @param query as the browser brought it, `code=…&state=…` @throws LoginRefused */
  async claimsIn(query: string, state: string, secrets: OidcSecrets, idp: IdentityProvider): Promise<Claims> {
    const config = await this.discover(idp);
    try {
      const tokens = await client.authorizationCodeGrant(config, new URL(`${this.redirectUri}?${query}`), {
        pkceCodeVerifier: secrets.verifier,
        expectedState: state,
        expectedNonce: secrets.nonce,
        idTokenExpected: true,
      });
      return claimsOfIdToken(tokens.claims() ?? {});
    } catch (cause) {
      if (cause instanceof LoginRefused) throw cause;
      if (cause instanceof client.AuthorizationResponseError)
        throw new LoginRefused(
          'idp_afbrudt',
          `the IdP says ${/^[a-z_]{1,40}$/.exec(cause.error)?.[0] ?? 'no'}`,
        );
      throw new LoginRefused('idp_svar', reasonOf(cause));
    }
  }

  private async discover({ issuer, clientId }: IdentityProvider): Promise<client.Configuration> {
    const isProduction = this.surroundings.settings.profile === 'produktion';
    if (clientId === '' || !isAllowed(issuer, isProduction))
      throw new LoginRefused('idp_opsaetning', 'no client id, or an issuer whose address cannot be used');
    try {
      return await client.discovery(new URL(issuer), clientId, undefined, client.None(), {
        timeout: PATIENCE,
        // Signatures are verified also where TLS would do.
        execute: [client.enableNonRepudiationChecks, ...(isProduction ? [] : [client.allowInsecureRequests])],
      });
    } catch (cause) {
      throw new LoginRefused('idp_opsaetning', `discovery: ${reasonOf(cause)}`);
    }
  }
}

/** Names over https; the network that we stand in is not an IdP's to send us to. */
function isAllowed(issuer: string, isProduction: boolean): boolean {
  if (!URL.canParse(issuer)) return false;
  const { protocol, hostname } = new URL(issuer);
  if (!isProduction) return protocol === 'https:' || protocol === 'http:';
  const isInside =
    isIP(hostname.replace(/^\[|\]$/g, '')) > 0 ||
    !hostname.includes('.') ||
    /\.(local|internal)$/.test(hostname);
  return protocol === 'https:' && !isInside;
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'failed';
  const { code } = cause as { code?: unknown };
  return typeof code === 'string' ? `${code}: ${cause.message}` : cause.message;
}
