import { randomUUID, X509Certificate } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { COMMON_OWNER } from '@stoettesystemer/access';
import { ObjectStore } from '@stoettesystemer/engine';
import { ItSystem } from '@stoettesystemer/model';
import { type Facets, isUuid, Refusal } from '@stoettesystemer/object';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import { LRUCache } from 'lru-cache';
import type { ClientMetadata, JWK } from 'oidc-provider';
import { internalCaller } from '../internal-caller';
import { TOKEN_EXCHANGE } from './token-exchange';

/** Milliseconds that a client is used without asking for it again: a key that is taken away is out of use this soon. */
const FRESH = 2000;
const REMEMBERED = 5000;
const NOW = { virkning: 'nu', registrering: 'nu' } as const;

type Registered = Facets<typeof ItSystem>;
type Key = NonNullable<NonNullable<Registered['attributter']>['noegle']>[number];

const OURSELVES = internalCaller(COMMON_OWNER);

/** The registered it-systems as clients of the token service. There is no other register of clients. */
@Injectable()
export class ClientRegister {
  private readonly known = new LRUCache<string, { readonly client: ClientMetadata | null }>({
    max: REMEMBERED,
    ttl: FRESH,
    fetchMethod: async (uuid) => ({ client: await this.read(uuid) }),
  });

  constructor(
    private readonly store: ObjectStore,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  /** The client as it is now; undefined when there is none that may ask for tokens. */
  async find(uuid: string): Promise<ClientMetadata | undefined> {
    if (!isUuid(uuid) || uuid !== uuid.toLowerCase()) return undefined;
    return (await this.known.fetch(uuid))?.client ?? undefined;
  }

  private async read(uuid: string): Promise<ClientMetadata | null> {
    try {
      const ask = { caller: OURSELVES, transaction: randomUUID() };
      const { body } = await this.store.read(ask, ItSystem, uuid, NOW);
      return this.clientOf(uuid, JSON.parse(body) as Registered);
    } catch (cause) {
      if (cause instanceof Refusal && cause.status < 500) return null;
      throw cause;
    }
  }

  private clientOf(uuid: string, { attributter = {}, tilstande }: Registered): ClientMetadata | null {
    if (tilstande?.tilstand?.[0]?.vaerdi !== 'Aktiv') return null;
    const { noegle = [], systemtype = [], egenskaber = [], brugervendt = [] } = attributter;
    const types = new Set(systemtype.map(({ navn }) => navn));
    const isProduction = this.surroundings.settings.profile === 'produktion';
    const redirects = (brugervendt[0]?.omdirigering ?? []).filter((address) =>
      mayRedirectTo(address, isProduction),
    );
    const forUsers = types.has('BrugervendtSystem') && redirects.length > 0;
    const grants = [
      ...(types.has('Anvendersystem') || types.has('Serviceudbyder') ? ['client_credentials'] : []),
      ...(forUsers ? ['authorization_code'] : []),
      ...(types.has('Serviceudbyder') ? [TOKEN_EXCHANGE] : []),
    ];
    const signing = noegle.flatMap(signingKeyOf);
    const certificates = noegle.flatMap(certificateKeyOf);
    const byCertificate = signing.length === 0;
    if (grants.length === 0 || (byCertificate && certificates.length === 0)) return null;
    if (byCertificate && !this.surroundings.settings.proxies) return null;
    return {
      client_id: uuid,
      client_name: egenskaber[0]?.navn ?? uuid,
      token_endpoint_auth_method: byCertificate ? 'self_signed_tls_client_auth' : 'private_key_jwt',
      jwks: { keys: byCertificate ? certificates : signing },
      grant_types: grants,
      response_types: forUsers ? ['code'] : [],
      redirect_uris: forUsers ? redirects : [],
      id_token_signed_response_alg: 'ES256',
      dpop_bound_access_tokens: isProduction && !byCertificate,
      tls_client_certificate_bound_access_tokens: byCertificate,
    };
  }
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;
function mayRedirectTo(address: string, isProduction: boolean): boolean {
  const url = URL.parse(address);
  if (!url || url.hash !== '' || url.username !== '' || url.password !== '') return false;
  return (
    url.protocol === 'https:' || (!isProduction && url.protocol === 'http:' && LOOPBACK.test(url.hostname))
  );
}

const ALGORITHM: Readonly<Record<string, string>> = { EC: 'ES256', RSA: 'PS256' };

/** A key whose secret half stands in the register is known to everybody who may read it, and shows nobody. */
function signingKeyOf({ kid, brug, jwk }: Key): JWK[] {
  if (brug !== 'Token' || !jwk) return [];
  try {
    const { kty = '', crv, x, y, n, e, d } = JSON.parse(jwk) as JWK & { d?: unknown };
    const alg = ALGORITHM[kty];
    const isWhole = kty === 'EC' ? crv === 'P-256' && areTexts(x, y) : areTexts(n, e);
    return d === undefined && alg && isWhole ? [{ kty, crv, x, y, n, e, kid, alg, use: 'sig' }] : [];
  } catch {
    return [];
  }
}

const areTexts = (...values: unknown[]): boolean =>
  values.every((value) => typeof value === 'string' && value !== '');

function certificateKeyOf({ kid, brug, certifikat }: Key): JWK[] {
  if (brug !== 'Tls' || !certifikat) return [];
  try {
    const certificate = new X509Certificate(certifikat);
    if (Date.parse(certificate.validTo) <= Date.now()) return [];
    const { kty, crv, x, y, n, e } = certificate.publicKey.export({ format: 'jwk' }) as JWK;
    return [{ kty, crv, x, y, n, e, kid, use: 'sig', x5c: [certificate.raw.toString('base64')] }];
  } catch {
    return [];
  }
}
