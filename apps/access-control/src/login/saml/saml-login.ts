import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import {
  generateServiceProviderMetadata,
  SAML as NodeSaml,
  type SamlConfig,
  ValidateInResponseTo,
} from '@node-saml/node-saml';
import { Refusal } from '@stoettesystemer/object';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import type { NsisLevel } from '../../decision/question';
import { type Claims, claimsOfAssertion, LEVEL_URI } from '../claims';
import type { IdentityProvider } from '../identity-providers';
import { LoginRefused } from '../login-refused';
import { type SigningPair, signingPairFrom } from '../signing-pair';
import { checkForm, isSuccess, type SamlAnswer } from './answer-form';
import { checkResponse, readAssertion } from './assertion';
import { type IdpMetadata, readIdpMetadata } from './metadata';
import { SAML } from './names';

const SECOND = 1000;
/** How far an IdP's clock may be from ours, and how old an assertion may be whatever it says. */
const SKEW = 30 * SECOND;
const LONGEST = 10 * 60 * SECOND;

/** Sends users to SAML IdPs, and judges what they bring back (A15). */
@Injectable()
export class SamlLogin {
  private ours?: Promise<SigningPair>;

  constructor(@Inject(SURROUNDINGS) private readonly surroundings: Surroundings) {}

  private get base(): string {
    return `${this.surroundings.settings.externalUrl}/adgangsstyring/login/saml`;
  }

  /** Our entityId, and where our metadata is. */
  get entityId(): string {
    return `${this.base}/metadata`;
  }

  /** Where IdPs send their answers. */
  get recipient(): string {
    return `${this.base}/acs`;
  }

  async metadata(): Promise<string> {
    const { certificate, privateKey } = await this.pair();
    return generateServiceProviderMetadata({
      issuer: this.entityId,
      callbackUrl: this.recipient,
      identifierFormat: SAML.persistent,
      wantAssertionsSigned: true,
      privateKey,
      publicCerts: certificate,
      signatureAlgorithm: 'sha256',
    });
  }

  /**
   * Where to send the user, with a signed request for a login at that NSIS level or a higher.
   * @param keep is given the request's id before anybody else sees it
   */
  async ask(idp: IdentityProvider, least: NsisLevel, keep: (id: string) => Promise<void>): Promise<string> {
    const saml = await this.with(this.metadataOf(idp), least, {
      saveAsync: async (id, value) => {
        await keep(id);
        return { value, createdAt: Date.now() };
      },
      getAsync: () => Promise.resolve(null),
      removeAsync: () => Promise.resolve(null),
    });
    return saml.getAuthorizeUrlAsync('', undefined, {});
  }

  /** @throws LoginRefused unless all of A15 holds of the answer, whose request the caller has taken. */
  async claimsIn(answer: SamlAnswer, idp: IdentityProvider): Promise<Claims> {
    if (!isSuccess(answer)) throw new LoginRefused('idp_afbrudt', 'the IdP says that the login failed');
    checkForm(answer);
    const metadata = this.metadataOf(idp);
    const expected = {
      issuer: metadata.entityId,
      audience: this.entityId,
      recipient: this.recipient,
      inResponseTo: answer.inResponseTo,
      now: Date.now(),
      skew: SKEW,
    };
    const xml = await this.signedAssertion(answer, metadata);
    checkResponse(answer.root, expected);
    const { attributes, nameId } = readAssertion(xml, expected);
    return claimsOfAssertion(attributes, nameId);
  }

  /** The assertion as it was signed: both signatures hold, by a certificate that is registered. */
  private async signedAssertion({ xml, inResponseTo }: SamlAnswer, metadata: IdpMetadata): Promise<string> {
    const asked = new Date().toISOString();
    const saml = await this.with(metadata, 'Low', {
      saveAsync: () => Promise.resolve(null),
      getAsync: (id) => Promise.resolve(id === inResponseTo ? asked : null),
      removeAsync: () => Promise.resolve(null),
    });
    try {
      const encoded = Buffer.from(xml).toString('base64');
      const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: encoded });
      const signed = profile?.getAssertionXml?.();
      if (signed === undefined) throw new Error('no assertion');
      return signed;
    } catch (cause) {
      throw new LoginRefused('idp_svar', cause instanceof Error ? cause.message : 'not a valid response');
    }
  }

  private metadataOf({ metadata }: IdentityProvider): IdpMetadata {
    const mustBeSecure = this.surroundings.settings.profile === 'produktion';
    try {
      return readIdpMetadata(metadata, { at: new Date(), mustBeSecure });
    } catch (cause) {
      if (cause instanceof Refusal) throw new LoginRefused('idp_opsaetning', cause.detail);
      throw cause;
    }
  }

  private async with(
    { entityId, signOn, certificates }: IdpMetadata,
    least: NsisLevel,
    cacheProvider: NonNullable<SamlConfig['cacheProvider']>,
  ): Promise<NodeSaml> {
    const { privateKey, certificate } = await this.pair();
    return new NodeSaml({
      issuer: this.entityId,
      audience: this.entityId,
      callbackUrl: this.recipient,
      entryPoint: signOn,
      idpIssuer: entityId,
      idpCert: [...certificates],
      privateKey,
      publicCert: certificate,
      signatureAlgorithm: 'sha256',
      digestAlgorithm: 'sha256',
      wantAuthnResponseSigned: true,
      wantAssertionsSigned: true,
      validateInResponseTo: ValidateInResponseTo.always,
      acceptedClockSkewMs: SKEW,
      maxAssertionAgeMs: LONGEST,
      identifierFormat: SAML.persistent,
      authnContext: [`${LEVEL_URI}${least}`],
      racComparison: 'minimum',
      cacheProvider,
    });
  }

  /** Opened when somebody needs it: who uses OIDC alone has none. */
  private pair(): Promise<SigningPair> {
    const { dataDir, profile } = this.surroundings.settings;
    this.ours ??= signingPairFrom(
      join(dataDir, 'login-saml.pem'),
      'Adgangsstyring',
      profile === 'udvikling',
    ).catch((cause: unknown) => {
      delete this.ours;
      throw cause;
    });
    return this.ours;
  }
}
