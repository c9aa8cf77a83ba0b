import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { audienceOf, DEMO_CLIENTS } from '@stoettesystemer/access';
import { Refusal } from '@stoettesystemer/object';
import { type CryptoKey, importJWK, type JWK } from 'jose';
import * as openid from 'openid-client';

/** Which token: `{ system: 'demo-fagsystem', service: 'klassifikation', cvr: '12345678' }`. */
export interface TokenWish {
  readonly system: string;
  readonly service: string;
  readonly cvr: string;
}

export interface TokenPlace {
  /** Where the platform is: `http://localhost:3000`. */
  readonly address: string;
  /** DATA_DIR, where a platform in profile `udvikling` has put the demo systems' keys. */
  readonly dataDir: string;
  readonly fetch?: openid.CustomFetch;
}

/** A token as the demo system itself gets it. @throws Refusal in Danish, when there is none. */
export function demoToken({ system, ...wish }: TokenWish, place: TokenPlace): Promise<string> {
  const uuid = Object.hasOwn(DEMO_CLIENTS, system) ? DEMO_CLIENTS[system] : undefined;
  if (uuid === undefined)
    return Promise.reject(
      refused(`Der er intet demosystem ved navn ${system}. Vælg ${Object.keys(DEMO_CLIENTS).join(', ')}.`),
    );
  return clientToken({ uuid, keyFile: join(place.dataDir, 'demo', `${system}.jwk`) }, wish, place);
}

/** An it-system, and the file with its private key (JWK). */
export interface TokenClient {
  readonly uuid: string;
  readonly keyFile: string;
}

/** A token as an it-system gets it with its own key. @throws Refusal in Danish, when there is none. */
export async function clientToken(
  { uuid, keyFile }: TokenClient,
  { service, cvr }: Omit<TokenWish, 'system'>,
  place: Pick<TokenPlace, 'address' | 'fetch'>,
): Promise<string> {
  const jwk = await keyOf(keyFile);
  const key = (await importJWK(jwk, 'ES256')) as CryptoKey;
  try {
    const config = await openid.discovery(
      new URL(`${place.address.replace(/\/$/, '')}/adgangsstyring`),
      uuid,
      undefined,
      openid.PrivateKeyJwt({ key, kid: jwk.kid ?? '' }),
      {
        execute: [openid.allowInsecureRequests],
        ...(place.fetch ? { [openid.customFetch]: place.fetch } : {}),
      },
    );
    const wish = { resource: audienceOf(service), scope: `cvr:${cvr}` };
    return (await openid.clientCredentialsGrant(config, wish)).access_token;
  } catch (cause) {
    throw refused(explained(cause, place.address));
  }
}

async function keyOf(file: string): Promise<JWK> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause;
    throw refused(
      `Nøglen ${file} findes ikke. Den laves, første gang platformen startes i profil udvikling med samme DATA_DIR.`,
    );
  });
  return JSON.parse(text) as JWK;
}

/** What went wrong between us and the platform, in words. */
function explained(cause: unknown, address: string): string {
  if (cause instanceof openid.ResponseBodyError)
    return `Der blev ikke udstedt noget token: ${cause.error_description ?? cause.error}`;
  const { code, message } = cause as { code?: string; message: string };
  if (code === 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED')
    return `Platformen på ${address} kalder sig noget andet. Sig med --adresse det, som dens EKSTERN_URL er sat til.`;
  if (code === undefined || code === 'OAUTH_RESPONSE_IS_NOT_CONFORM')
    return `Platformen svarer ikke på ${address}. Start den først, eller sig med --adresse, hvor den er.`;
  return `Der blev ikke udstedt noget token: ${message}`;
}

const refused = (detail: string): Refusal => new Refusal(403, 'token', detail);
