import type { Settings } from '@stoettesystemer/server';
import {
  type AdapterPayload,
  type Configuration,
  errors,
  type KoaContextWithOIDC,
  Provider,
} from 'oidc-provider';
import { NSIS_LEVELS } from '../decision/question';
import { acrOf, claimsOf } from './access-token';
import { type Authorizing, LONGEST_LIFE } from './authorizing';
import type { ClientAttempts } from './client-attempts';
import type { ClientRegister } from './client-register';
import type { LoginRegister } from './login-register';
import { shownCertificate } from './shown-certificate';
import type { SigningKeys } from './signing-keys';
import type { TokenJournal } from './token-journal';
import type { TokenStore } from './token-store';
import { oneResource } from './wish';

export interface ProviderParts {
  readonly settings: Settings;
  readonly cookieKey: Buffer;
  readonly keys: SigningKeys;
  readonly store: TokenStore;
  readonly clients: ClientRegister;
  readonly attempts: ClientAttempts;
  readonly logins: LoginRegister;
  readonly authorizing: Authorizing;
  readonly journal: TokenJournal;
}

const ALGORITHMS = ['ES256', 'PS256'] as const;
const MINUTE = 60;
/** O15: how long a login lasts, and how long the browser may stay away from us meanwhile. */
export const SESSION_LIFE = 8 * 60 * MINUTE;
const IDLE = 30 * MINUTE;
/** Seconds an assertion may live: that it was used is remembered until it has ended. */
const LONGEST_ASSERTION = 10 * MINUTE;

/** oidc-provider, put up as A1–A6 say: FAPI 2.0, three grants, one algorithm of our own, and nothing that is not used. */
export function providerSettings(parts: ProviderParts): Configuration {
  const { settings, cookieKey, keys, store, logins, authorizing, journal } = parts;
  const { proxies } = settings;
  return {
    adapter: (kind) =>
      kind === 'Client'
        ? { ...store.adapterFor(kind), find: (uuid) => knownClient(parts, uuid) }
        : store.adapterFor(kind),
    jwks: { keys: [...keys.secretJwks().keys] } as Configuration['jwks'],
    clientAuthMethods: ['private_key_jwt', ...(proxies ? (['self_signed_tls_client_auth'] as const) : [])],
    clientDefaults: {
      grant_types: [],
      response_types: [],
      token_endpoint_auth_method: 'private_key_jwt',
      id_token_signed_response_alg: 'ES256',
    },
    enabledJWA: {
      clientAuthSigningAlgValues: ALGORITHMS,
      dPoPSigningAlgValues: ALGORITHMS,
      idTokenSigningAlgValues: ['ES256'],
    },
    responseTypes: ['code'],
    scopes: ['openid'],
    acrValues: NSIS_LEVELS.map(acrOf),
    pkce: { required: () => true },
    routes: { token: '/token', jwks: '/jwks', authorization: '/auth', pushed_authorization_request: '/par' },
    interactions: { url: (_ctx, { uid }) => `/adgangsstyring/login/${uid}` },
    cookies: {
      keys: [cookieKey],
      long: { path: '/adgangsstyring', httpOnly: true, sameSite: 'lax', signed: true },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    ttl: {
      AccessToken: (_ctx, { resourceServer }) => resourceServer?.accessTokenTTL ?? LONGEST_LIFE,
      ClientCredentials: (_ctx, { resourceServer }) => resourceServer?.accessTokenTTL ?? LONGEST_LIFE,
      AuthorizationCode: MINUTE,
      IdToken: LONGEST_LIFE,
      Interaction: 30 * MINUTE,
      PushedAuthorizationRequest: MINUTE,
      Grant: SESSION_LIFE,
      Session: (_ctx, { loginTs }) => sessionLeft(loginTs),
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true },
      fapi: { enabled: true, profile: '2.0' },
      pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_ctx, _client, oneOf) => {
          if (oneOf?.length === 1) return oneOf[0];
          throw oneResource();
        },
        getResourceServerInfo: (ctx, service, { clientId }) =>
          authorizing.resourceServer(ctx, service, clientId),
        useGrantedResource: () => true,
      },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      ...(proxies
        ? {
            mTLS: {
              enabled: true,
              certificateBoundAccessTokens: true,
              selfSignedTlsClientAuth: true,
              getCertificate: (ctx) => shownCertificate(ctx, proxies),
            },
          }
        : {}),
    },
    formats: {
      customizers: {
        jwt: async (ctx, _token, jwt) => {
          const authorized = authorizing.of(ctx);
          jwt.payload = claimsOf(jwt.payload as unknown as Parameters<typeof claimsOf>[0], authorized);
          const { client_id, jti, exp } = jwt.payload;
          await journal.onIssued({
            grant: String(ctx.oidc.params?.['grant_type']),
            system: String(client_id),
            service: authorized.service,
            owner: authorized.owner,
            subject: authorized.behalf?.user.subject ?? null,
            tokenId: String(jti),
            agreement: authorized.decision.agreement?.uuid ?? null,
            expires: Number(exp),
          });
        },
      },
    },
    assertJwtClientAuthClaimsAndHeader: (ctx, { aud, exp }) => {
      // RFC 7523 allows the endpoint's address too, and then a stolen assertion is good for whoever receives it (T11).
      if (aud !== ctx.oidc.issuer) throw new errors.InvalidClientAuth('aud is not the issuer');
      if (Number(exp) - Date.now() / 1000 > LONGEST_ASSERTION)
        throw new errors.InvalidClientAuth('the assertion lives too long');
    },
    findAccount: async (ctx, login) => {
      const user = await logins.find(login);
      if (!user) return undefined;
      const account = { accountId: login, claims: () => ({ sub: user.subject }) };
      if (ctx.oidc.route !== 'token') return account;
      const act = { sub: ctx.oidc.client?.clientId ?? '' };
      authorizing.onBehalf(ctx, { user, login, act, owner: null, through: null });
      // Among ourselves a login is known by its id; others know the user.
      return { ...account, accountId: user.subject };
    },
    loadExistingGrant,
    renderError: (ctx, { error, error_description: description = '' }) => {
      ctx.type = 'text/plain; charset=utf-8';
      ctx.body = `${error}: ${description}`;
    },
  };
}

/** Each visit puts it off, but not beyond the login's own end. @param begun seconds since 1970 */
const sessionLeft = (begun = epoch()): number => Math.max(1, Math.min(IDLE, begun + SESSION_LIFE - epoch()));
const epoch = (): number => Math.floor(Date.now() / 1000);

async function knownClient({ clients, attempts }: ProviderParts, uuid: string) {
  const client = await clients.find(uuid);
  attempts.mustWait(Provider.ctx, client ? uuid : null);
  return client as AdapterPayload | undefined;
}

/** Nobody is asked whether a system may see what the municipality has agreed that it may see. */
async function loadExistingGrant({ oidc }: KoaContextWithOIDC) {
  const { provider, session, client, resourceServers = {}, requestParamScopes } = oidc;
  if (!session?.accountId || !client) return undefined;
  const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
  if (requestParamScopes.has('openid')) grant.addOIDCScope('openid');
  for (const [service, { scope }] of Object.entries(resourceServers)) grant.addResourceScope(service, scope);
  await grant.save();
  return grant;
}
