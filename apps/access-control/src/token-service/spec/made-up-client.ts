import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { COMMON_OWNER } from '@stoettesystemer/access';
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';
import * as openid from 'openid-client';
import { pointing, seeded } from '../../seed/body';
import { roleUuid, serviceUuid } from '../../seed/catalogue';
import { demoKeyFile, DEMO_PARTIES } from '../../seed/demo';
import { DEMO_VENDOR } from '../../seed/demo-names';
import { ISSUER, type RunningTokenService } from './running-token-service';

export const CLASSIFICATION = 'urn:stoettesystemerne:service:klassifikation';
export const MUNICIPALITY = '12345678';
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export interface Key {
  readonly secret: JWK;
  readonly open: JWK;
}

export async function newKey(alg = 'ES256', kid: string = randomUUID()): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return {
    secret: { ...(await exportJWK(privateKey)), kid, alg },
    open: { ...(await exportJWK(publicKey)), kid, alg },
  };
}

/** An it-system at its own desk: it has a key, and knows how to ask. */
export class MadeUpClient {
  constructor(
    readonly at: RunningTokenService,
    readonly system: string,
    readonly key: JWK,
  ) {}

  static demo(at: RunningTokenService, name = 'demo-fagsystem'): MadeUpClient {
    const key = JSON.parse(readFileSync(demoKeyFile(at.dataDir, name), 'utf8')) as JWK;
    return new MadeUpClient(at, DEMO_PARTIES[name]!.uuid, key);
  }

  /** An assertion as it should be, with whatever is to be otherwise. */
  async assertion(
    otherwise: JWTPayload = {},
    { key = this.key }: { readonly key?: JWK } = {},
  ): Promise<string> {
    const alg = key.alg ?? 'ES256';
    const now = Math.floor(Date.now() / 1000);
    const { system } = this;
    const claims = { iss: system, sub: system, aud: ISSUER, jti: randomUUID(), iat: now, exp: now + 60 };
    return new SignJWT({ ...claims, ...otherwise })
      .setProtectedHeader({ alg, ...(key.kid === undefined ? {} : { kid: key.kid }) })
      .sign(await importJWK(key, alg));
  }

  /** The parameters of a good request; those given replace them, null takes one away. */
  async form(otherwise: Readonly<Record<string, string | null>> = {}): Promise<URLSearchParams> {
    const all: Record<string, string | null> = {
      grant_type: 'client_credentials',
      resource: CLASSIFICATION,
      scope: `cvr:${MUNICIPALITY}`,
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: 'client_assertion' in otherwise ? null : await this.assertion(),
      ...otherwise,
    };
    const given = Object.entries(all).filter((each): each is [string, string] => each[1] !== null);
    return new URLSearchParams(given);
  }

  /** Asks for a token. */
  async ask(
    form: URLSearchParams | string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> {
    const response = await this.at.fetch(`${ISSUER}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: form.toString(),
    });
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, body, headers: response.headers };
  }

  /** This system, as openid-client does it. */
  async openid(): Promise<openid.Configuration> {
    const key = (await importJWK(this.key, 'ES256')) as CryptoKey;
    return openid.discovery(
      new URL(ISSUER),
      this.system,
      undefined,
      openid.PrivateKeyJwt({ key, kid: this.key.kid ?? '' }),
      { [openid.customFetch]: (address, init) => this.at.fetch(address, init as RequestInit) },
    );
  }
}

/** An it-system as it is registered. */
export const registered = (
  uuid: string,
  {
    keys = [],
    certificates = [],
    types = ['Anvendersystem'],
    redirects = [],
    tilstand = 'Aktiv',
  }: {
    readonly keys?: readonly JWK[];
    readonly certificates?: readonly { readonly kid: string; readonly pem: string }[];
    readonly types?: readonly string[];
    readonly redirects?: readonly string[];
    readonly tilstand?: string;
  },
) =>
  seeded(
    'ItSystem',
    uuid,
    {
      egenskaber: {
        navn: 'Prøvesystem',
        organisationCvr: DEMO_VENDOR,
        rollepostkasse: 'drift@example.dk',
        vilkaarAccepteret: true,
      },
      systemtype: types.map((navn) => ({ navn })),
      noegle: [
        ...keys.map((key) => ({ kid: key.kid, brug: 'Token', jwk: JSON.stringify(key) })),
        ...certificates.map(({ kid, pem }) => ({ kid, brug: 'Tls', certifikat: pem })),
      ],
      ...(redirects.length > 0 ? { brugervendt: { omdirigering: redirects } } : {}),
    },
    { tilstande: { tilstand } },
  );

/** A municipality's yes to that the system reads in Klassifikation. */
export const agreed = (
  uuid: string,
  system: string,
  { aftaletype = 'Produktion', status = 'Aktiv' }: { aftaletype?: string; status?: string } = {},
) =>
  seeded(
    'Serviceaftale',
    uuid,
    {
      egenskaber: {
        navn: 'Prøveaftale',
        formaal: 'At prøve.',
        aftaletype,
        leverandoerCvr: DEMO_VENDOR,
        version: 3,
      },
      rolle: { id: 'laes', servicesystemrolle: roleUuid('klassifikation', 'laes') },
    },
    {
      tilstande: { status },
      relationer: {
        anvendersystem: pointing(system),
        service: pointing(serviceUuid('klassifikation')),
      },
    },
  );

/** A system with a key of its own and an agreement with the municipality. */
export async function agreedClient(at: RunningTokenService): Promise<MadeUpClient> {
  const [system, agreement, { secret, open }] = [randomUUID(), randomUUID(), await newKey()];
  await at.write(COMMON_OWNER, [registered(system, { keys: [open] })]);
  await at.write(MUNICIPALITY, [agreed(agreement, system)]);
  return new MadeUpClient(at, system, secret);
}
