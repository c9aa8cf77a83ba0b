import { createHash, createPublicKey, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { Inject, Injectable } from '@nestjs/common';
import { Refusal } from '@stoettesystemer/object';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import { calculateJwkThumbprint, exportJWK, importPKCS8, type JSONWebKeySet, SignJWT } from 'jose';
import { readXml } from '../bpp/strict-xml';
import { writeBppBase64 } from '../bpp/write-bpp';
import { CLAIM, LEVEL_URI } from '../login/claims';
import { SamlLogin } from '../login/saml/saml-login';
import { type SigningPair, signingPairFrom } from '../login/signing-pair';
import { attributesOf, nameIdOf, type ResponseFacts, signedResponse } from './saml-response';
import { TEST_EMPLOYEES, type TestEmployee } from './test-employees';
import { issuerOf, profileOf } from './test-idp-system';

const MINUTE = 60_000;
const PEOPLE = new Map(TEST_EMPLOYEES.map((each) => [each.id, each]));

/** The key of the built-in IdP, made where it is first asked for. */
export const testIdpPair = (dataDir: string): Promise<SigningPair> =>
  signingPairFrom(join(dataDir, 'test-idp.pem'), 'Indbygget prøve-IdP', true);

/** What an OIDC client asked for. */
export interface OidcWish {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly nonce: string;
  readonly challenge: string;
}
interface Issued extends OidcWish {
  readonly employee: TestEmployee;
  readonly until: number;
}

const badRequest = (besked: string): Refusal => new Refusal(400, 'proeve_idp', besked);

/** The built-in IdPs of the made-up municipalities, in SAML and OIDC; for development and tests, never in production. */
@Injectable()
export class TestIdp {
  private readonly issued = new Map<string, Issued>();

  constructor(
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
    private readonly saml: SamlLogin,
  ) {}

  /** @throws Refusal 404 in production: there is no such address. */
  mustBeHere(): void {
    if (this.surroundings.settings.profile !== 'udvikling')
      throw new Refusal(404, 'findes_ikke', 'Adressen findes ikke.');
  }

  issuer(home: string): string {
    return issuerOf(this.surroundings.settings.externalUrl, home);
  }

  employeesOf(home: string): readonly TestEmployee[] {
    return TEST_EMPLOYEES.filter((each) => each.home === home);
  }

  /** Id of the request that a browser brings. @throws Refusal 400 */
  requestIn(encoded: string): string {
    try {
      const packed = Buffer.from(encoded, 'base64');
      const { attributes } = readXml(inflateRawSync(packed, { maxOutputLength: 64 * 1024 }).toString('utf8'));
      const id = attributes.get('ID');
      if (id !== undefined && attributes.get('AssertionConsumerServiceURL') === this.saml.recipient)
        return id;
    } catch {
      // Told below, as what is readable and not for us.
    }
    throw badRequest('SAMLRequest kan ikke bruges.');
  }

  /** Where a response is to be posted, and the response in base64. @throws Refusal 400 for an unknown employee */
  async respond(
    home: string,
    inResponseTo: string,
    employee: string,
  ): Promise<{ to: string; response: string }> {
    const said = this.employee(home, employee);
    const now = Date.now();
    const facts: ResponseFacts = {
      id: `_${randomUUID()}`,
      assertionId: `_${randomUUID()}`,
      issuer: this.issuer(home),
      audience: this.saml.entityId,
      recipient: this.saml.recipient,
      inResponseTo,
      issued: new Date(now),
      notBefore: new Date(now - MINUTE),
      notOnOrAfter: new Date(now + 5 * MINUTE),
      nameId: nameIdOf(said, profileOf(home)),
      attributes: attributesOf(said, profileOf(home)),
    };
    const xml = signedResponse(facts, await this.pair());
    return { to: this.saml.recipient, response: Buffer.from(xml).toString('base64') };
  }

  /** A code for an OIDC client. @throws Refusal 400 for an unknown employee */
  code(home: string, wish: OidcWish, employee: string): string {
    const code = randomBytes(32).toString('base64url');
    const said = this.employee(home, employee);
    this.issued.set(code, { ...wish, employee: said, until: Date.now() + MINUTE });
    return code;
  }

  /** An ID token for a code that is used once, by who can show what the challenge was made of. @throws Refusal 400 */
  async idToken(home: string, form: URLSearchParams): Promise<string> {
    const code = form.get('code') ?? '';
    const issued = this.issued.get(code);
    this.issued.delete(code);
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest();
    if (
      !issued ||
      issued.until < Date.now() ||
      issued.employee.home !== home ||
      issued.clientId !== form.get('client_id') ||
      issued.redirectUri !== form.get('redirect_uri') ||
      !isSame(verifier, Buffer.from(issued.challenge, 'base64url'))
    )
      throw badRequest('Koden kan ikke bruges.');
    const { employee, clientId, nonce } = issued;
    const { privateKey } = await this.pair();
    const [key] = (await this.keys()).keys;
    return new SignJWT({
      nonce,
      acr: `${LEVEL_URI}${employee.level}`,
      [CLAIM.cvr]: employee.home,
      [CLAIM.level]: employee.level,
      [CLAIM.privileges]: writeBppBase64(employee.privileges),
    })
      .setProtectedHeader({ alg: 'RS256', kid: key?.kid ?? '' })
      .setIssuer(this.issuer(home))
      .setSubject(employee.uuid)
      .setAudience(clientId)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(await importPKCS8(privateKey, 'RS256'));
  }

  async keys(): Promise<JSONWebKeySet> {
    const { certificate } = await this.pair();
    const key = await exportJWK(createPublicKey(certificate));
    return { keys: [{ ...key, kid: await calculateJwkThumbprint(key), use: 'sig', alg: 'RS256' }] };
  }

  private employee(home: string, id: string): TestEmployee {
    const found = PEOPLE.get(id);
    if (found?.home !== home) throw badRequest('Der er ingen medarbejder med det id.');
    return found;
  }

  private pair(): Promise<SigningPair> {
    return testIdpPair(this.surroundings.settings.dataDir);
  }
}

const isSame = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
