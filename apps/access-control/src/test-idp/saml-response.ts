import { SignedXml } from 'xml-crypto';
import { writeBppBase64 } from '../bpp/write-bpp';
import { CLAIM, LEVEL_URI, OLD_CLAIM } from '../login/claims';
import { safe } from '../login/html-page';
import { DSIG, SAML } from '../login/saml/names';
import type { SigningPair } from '../login/signing-pair';
import type { TestEmployee } from './test-employees';

export type SamlProfile = 'OIO-SAML-3.0' | 'DK-SAML-2.0';

/** All that a response says. */
export interface ResponseFacts {
  /** Ids of the response and its assertion. */
  readonly id: string;
  readonly assertionId: string;
  readonly issuer: string;
  readonly audience: string;
  readonly recipient: string;
  readonly inResponseTo: string;
  readonly issued: Date;
  readonly notBefore: Date;
  readonly notOnOrAfter: Date;
  readonly nameId: { readonly format: string; readonly value: string };
  readonly attributes: Readonly<Record<string, string>>;
}

const OLD_LEVELS = { Low: '2', Substantial: '3', High: '4' } as const;

/** What the IdP says of an employee, in the words of a profile. */
export function attributesOf(
  { home, level, uuid, privileges }: TestEmployee,
  profile: SamlProfile,
): Record<string, string> {
  const bpp = writeBppBase64(privileges);
  if (profile === 'OIO-SAML-3.0')
    return {
      [CLAIM.specVersion]: profile,
      [CLAIM.level]: level,
      [CLAIM.cvr]: home,
      [CLAIM.subject]: uuid,
      [CLAIM.privileges]: bpp,
    };
  return {
    [OLD_CLAIM.specVersion]: profile,
    [OLD_CLAIM.level]: OLD_LEVELS[level],
    [OLD_CLAIM.cvr]: home,
    [OLD_CLAIM.privileges]: bpp,
  };
}

export const nameIdOf = (
  { home, navn, uuid }: TestEmployee,
  profile: SamlProfile,
): ResponseFacts['nameId'] =>
  profile === 'OIO-SAML-3.0'
    ? { format: SAML.persistent, value: uuid }
    : { format: SAML.subjectName, value: `C=DK,O=${home},CN=${navn},Serial=${uuid}` };

const attribute = ([name, value]: [string, string]): string =>
  `<saml:Attribute Name="${safe(name)}" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri"><saml:AttributeValue>${safe(value)}</saml:AttributeValue></saml:Attribute>`;

/** The response in XML, not yet signed. */
export function responseXml(facts: ResponseFacts): string {
  const { id, assertionId, issuer, audience, recipient, inResponseTo, nameId, attributes } = facts;
  const [issued, from, to] = [facts.issued, facts.notBefore, facts.notOnOrAfter].map((time) =>
    time.toISOString(),
  );
  return (
    `<samlp:Response xmlns:samlp="${SAML.protocol}" xmlns:saml="${SAML.assertion}" ID="${id}" Version="2.0" IssueInstant="${issued}" Destination="${safe(recipient)}" InResponseTo="${safe(inResponseTo)}">` +
    `<saml:Issuer>${safe(issuer)}</saml:Issuer><samlp:Status><samlp:StatusCode Value="${SAML.success}"/></samlp:Status>` +
    `<saml:Assertion xmlns:saml="${SAML.assertion}" ID="${assertionId}" Version="2.0" IssueInstant="${issued}"><saml:Issuer>${safe(issuer)}</saml:Issuer>` +
    `<saml:Subject><saml:NameID Format="${nameId.format}">${safe(nameId.value)}</saml:NameID>` +
    `<saml:SubjectConfirmation Method="${SAML.bearer}"><saml:SubjectConfirmationData NotOnOrAfter="${to}" Recipient="${safe(recipient)}" InResponseTo="${safe(inResponseTo)}"/></saml:SubjectConfirmation></saml:Subject>` +
    `<saml:Conditions NotBefore="${from}" NotOnOrAfter="${to}"><saml:AudienceRestriction><saml:Audience>${safe(audience)}</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
    `<saml:AuthnStatement AuthnInstant="${issued}" SessionIndex="${assertionId}"><saml:AuthnContext><saml:AuthnContextClassRef>${LEVEL_URI}Substantial</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>` +
    `<saml:AttributeStatement>${Object.entries(attributes).map(attribute).join('')}</saml:AttributeStatement></saml:Assertion></samlp:Response>`
  );
}

export interface Algorithms {
  readonly signature: string;
  readonly digest: string;
}
export const SHA256: Algorithms = { signature: DSIG.methods[0], digest: DSIG.digests[0] };

/** The XML with the element of that name signed, after its issuer. */
export function signed(
  xml: string,
  element: 'Response' | 'Assertion',
  { privateKey, certificate }: SigningPair,
  { signature, digest }: Algorithms = SHA256,
): string {
  const signer = new SignedXml({
    privateKey,
    publicCert: certificate,
    signatureAlgorithm: signature,
    canonicalizationAlgorithm: DSIG.exclusive,
  });
  const xpath = `//*[local-name(.)='${element}']`;
  signer.addReference({ xpath, digestAlgorithm: digest, transforms: [DSIG.enveloped, DSIG.exclusive] });
  signer.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: `${xpath}/*[local-name(.)='Issuer']`, action: 'after' },
  });
  return signer.getSignedXml();
}

/** Both signatures, the assertion's first, as the response's is over it. */
export const signedResponse = (facts: ResponseFacts, pair: SigningPair): string =>
  signed(signed(responseXml(facts), 'Assertion', pair), 'Response', pair);
