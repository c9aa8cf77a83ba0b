import { createHash, createPrivateKey, type JsonWebKey, type KeyObject, randomUUID } from 'node:crypto';
import { type Declaration, Refusal } from '@stoettesystemer/object';
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { PRIVILEGE_TYPE } from '../token/privileges';
import { audienceOf, type Profile } from '../token/token-verifier';
import { DEMO_SYSTEMS } from './demo-system';
import { DEVELOPMENT_ISSUER } from './name';
import { signingKey } from './signing-key';

export interface DevelopmentIssuerOptions {
  readonly profile: Profile;
  /** Where the key is kept (DATA_DIR). */
  readonly directory: string;
  /** The types of each service, by its prefix: they say which privileges and restrictions there are. */
  readonly services: Readonly<Record<string, readonly Declaration[]>>;
  /** What passes through a service and is no object of it: rights to that are a group of their own. */
  readonly passing?: Readonly<Record<string, readonly Declaration[]>>;
}

/** Which token: `{ system: 'demo-fagsystem', service: 'klassifikation', cvr: '12345678' }`. */
export interface TokenWish {
  readonly system: string;
  readonly service: string;
  readonly cvr: string;
}

const LIFE = 300;

/** Signs tokens for the demo systems until Adgangsstyring does. Never in profile `produktion`. */
export class DevelopmentIssuer {
  private constructor(
    private readonly services: DevelopmentIssuerOptions['services'],
    private readonly passing: NonNullable<DevelopmentIssuerOptions['passing']>,
    private readonly key: KeyObject,
    private readonly kid: string,
  ) {}

  static async open({
    profile,
    directory,
    services,
    passing = {},
  }: DevelopmentIssuerOptions): Promise<DevelopmentIssuer> {
    if (profile === 'produktion')
      throw new Refusal(403, 'profil', 'Tokens til udvikling findes ikke i profil produktion.');
    const jwk = await signingKey(directory);
    return new DevelopmentIssuer(
      services,
      passing,
      createPrivateKey({ format: 'jwk', key: jwk as JsonWebKey }),
      jwk.kid ?? '',
    );
  }

  /** A token that lasts 300 seconds. @throws Refusal in Danish when the system has no agreement for it. */
  issue(wish: TokenWish): Promise<string> {
    return this.sign(this.claims(wish));
  }

  /** What `issue` signs; for tests that want it otherwise. */
  claims({ system, service, cvr }: TokenWish): JWTPayload {
    const demo = Object.hasOwn(DEMO_SYSTEMS, system) ? DEMO_SYSTEMS[system] : undefined;
    const types = Object.hasOwn(this.services, service) ? this.services[service] : undefined;
    if (!demo)
      throw refused(`Der er intet demosystem ved navn ${system}. Vælg ${list(Object.keys(DEMO_SYSTEMS))}.`);
    if (!types)
      throw refused(`Der er ingen tjeneste ved navn ${service}. Vælg ${list(Object.keys(this.services))}.`);
    if (!demo.owners.includes(cvr))
      throw refused(`${system} har ingen serviceaftale med ${cvr}. Den har aftale med ${list(demo.owners)}.`);
    const groups = [types, this.passing[service] ?? []].filter((each, at) => at === 0 || each.length > 0);
    const now = Math.floor(Date.now() / 1000);
    return {
      iss: DEVELOPMENT_ISSUER,
      aud: audienceOf(service),
      sub: demo.uuid,
      client_id: demo.uuid,
      iat: now,
      exp: now + LIFE,
      jti: randomUUID(),
      scope: `cvr:${cvr}`,
      cvr,
      agr: agreementOf(`${system} ${service} ${cvr}`),
      agv: 1,
      authorization_details: groups.map((each, at) => {
        const { verbs, constraints } = demo.rightsTo(each);
        return {
          type: PRIVILEGE_TYPE,
          kind: 'system',
          identifier: cvr,
          privileges: [
            ...each.flatMap(({ name }) => verbs.map((verb) => `${name.toLowerCase()}:${verb}`)),
            ...(demo.seesLog && at === 0 ? [`${service}:sikkerhedslog`] : []),
          ],
          constraints,
        };
      }),
    };
  }

  /** Any claims, under any header: users, holders' keys, and tokens that are wrong. */
  sign(claims: JWTPayload, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: this.kid, ...header })
      .sign(this.key);
  }
}

const refused = (detail: string): Refusal => new Refusal(403, 'serviceaftale', detail);
const list = (names: readonly string[]): string => names.join(', ');

/** The same agreement has the same UUID on every machine (name-based, RFC 9562 version 8). */
function agreementOf(name: string): string {
  const hex = createHash('sha256').update(`serviceaftale ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
