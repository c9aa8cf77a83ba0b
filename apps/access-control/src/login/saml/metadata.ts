import { X509Certificate } from 'node:crypto';
import { Refusal } from '@stoettesystemer/object';
import { childrenOf, readXml, type XmlElement } from '../../bpp/strict-xml';
import { DSIG, SAML } from './names';

/** What is needed of an IdP to send users there and believe its answers. */
export interface IdpMetadata {
  readonly entityId: string;
  /** Where users are sent, by redirect. */
  readonly signOn: string;
  /** Certificates in PEM that answers may be signed by, at the moment asked for: two while they are changed. */
  readonly certificates: readonly string[];
  /** When it is no longer any good: the last of the certificates, or the metadata's own end. */
  readonly until: Date;
}

export interface MetadataRules {
  readonly at: Date;
  /** Addresses with http are only for trying. */
  readonly mustBeSecure: boolean;
}

const LEAST_BITS = 2048;
const wrong = (besked: string): Refusal => new Refusal(422, 'idp_metadata', besked);
const day = (date: Date): string => date.toISOString().slice(0, 10);

/**
 * Reads the SAML metadata of one IdP. It comes from a registration that somebody was authorised to make, so a signature
 * in it is not looked at. @throws Refusal in Danish that says what is wrong.
 */
export function readIdpMetadata(xml: string, { at, mustBeSecure }: MetadataRules): IdpMetadata {
  const root = readXml(xml, { isLenient: true });
  if (root.name !== 'EntityDescriptor' || root.namespace !== SAML.metadata)
    throw wrong('Metadata skal være én EntityDescriptor i SAML 2.0.');
  const entityId = root.attributes.get('entityID') ?? '';
  if (entityId === '') throw wrong('Metadata har intet entityID.');
  const [idp, another] = childrenOf(root, SAML.metadata, 'IDPSSODescriptor').filter(speaksSaml2);
  if (!idp) throw wrong('Metadata er ikke for en IdP: der er ingen IDPSSODescriptor for SAML 2.0.');
  if (another) throw wrong('Metadata har flere IDPSSODescriptor for SAML 2.0.');
  const own = [root, idp].flatMap((each) => endOf(each, at));
  const certificates = certificatesOf(idp, at);
  const ends = [
    ...own,
    certificates.map(({ validTo }) => new Date(validTo)).reduce((a, b) => (a > b ? a : b)),
  ];
  return {
    entityId,
    signOn: signOnOf(idp, mustBeSecure),
    certificates: [...new Set(certificates.map((each) => each.toString()))],
    until: ends.reduce((a, b) => (a < b ? a : b)),
  };
}

const speaksSaml2 = ({ attributes }: XmlElement): boolean =>
  (attributes.get('protocolSupportEnumeration') ?? '').split(/\s+/).includes(SAML.protocol);

function endOf({ attributes }: XmlElement, at: Date): Date[] {
  const until = attributes.get('validUntil');
  if (until === undefined) return [];
  const end = new Date(until);
  if (Number.isNaN(end.getTime())) throw wrong('Metadata har et validUntil, der ikke er et tidspunkt.');
  if (end <= at) throw wrong(`Metadata gjaldt til ${day(end)}. Hent ny metadata hos IdP’en.`);
  return [end];
}

function signOnOf(idp: XmlElement, mustBeSecure: boolean): string {
  const services = childrenOf(idp, SAML.metadata, 'SingleSignOnService');
  const location = services
    .find(({ attributes }) => attributes.get('Binding') === SAML.redirect)
    ?.attributes.get('Location');
  if (location === undefined)
    throw wrong('Metadata har ingen SingleSignOnService med HTTP-Redirect, som brugere kan sendes til.');
  const protocol = URL.canParse(location) ? new URL(location).protocol : '';
  if (protocol !== 'https:' && (mustBeSecure || protocol !== 'http:'))
    throw wrong('Adressen på IdP’ens SingleSignOnService skal være https.');
  return location;
}

function certificatesOf(idp: XmlElement, at: Date): X509Certificate[] {
  const written = childrenOf(idp, SAML.metadata, 'KeyDescriptor')
    .filter(({ attributes }) => (attributes.get('use') ?? 'signing') === 'signing')
    .flatMap((key) => childrenOf(key, DSIG.namespace, 'KeyInfo'))
    .flatMap((info) => childrenOf(info, DSIG.namespace, 'X509Data'))
    .flatMap((data) => childrenOf(data, DSIG.namespace, 'X509Certificate'));
  if (written.length === 0) throw wrong('Metadata har intet certifikat til underskrift.');
  const all = written.map(({ text }) => certificateIn(text));
  const valid = all.filter(({ validFrom, validTo }) => new Date(validFrom) <= at && at < new Date(validTo));
  if (valid.length === 0) throw wrong(whyNone(all, at));
  return valid;
}

function certificateIn(text: string): X509Certificate {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(Buffer.from(text.replace(/\s+/g, ''), 'base64'));
  } catch {
    throw wrong('Metadata har et certifikat, der ikke kan læses.');
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_BITS)
    throw wrong(`IdP’ens certifikat skal have en RSA-nøgle på mindst ${LEAST_BITS} bit.`);
  return certificate;
}

function whyNone(all: readonly X509Certificate[], at: Date): string {
  const coming = all.filter(({ validFrom }) => new Date(validFrom) > at);
  if (coming.length > 0) return `IdP’ens certifikat gælder først fra ${day(new Date(coming[0]!.validFrom))}.`;
  const last = all.map(({ validTo }) => new Date(validTo)).toSorted((a, b) => b.getTime() - a.getTime())[0]!;
  return `IdP’ens certifikat udløb ${day(last)}. Hent ny metadata hos IdP’en.`;
}
