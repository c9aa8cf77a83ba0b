import { childrenOf, readXml, type XmlElement } from '../../bpp/strict-xml';
import type { Attributes, NameId } from '../claims';
import { LoginRefused } from '../login-refused';
import { SAML } from './names';

export interface Expected {
  /** entityId of the IdP. */
  readonly issuer: string;
  /** Our own entityId. */
  readonly audience: string;
  /** Where answers are to be brought. */
  readonly recipient: string;
  readonly inResponseTo: string;
  /** Milliseconds since 1970, and how far the IdP's clock may be from ours. */
  readonly now: number;
  readonly skew: number;
}

export interface Assertion {
  readonly nameId: NameId;
  readonly attributes: Attributes;
}

const refused = (reason: string): LoginRefused => new LoginRefused('idp_svar', reason);

/** Holds the response itself against what is expected; the signature over it has been verified. @throws LoginRefused */
export function checkResponse(root: XmlElement, { issuer, recipient }: Expected): void {
  if (root.attributes.get('Version') !== '2.0') throw refused('not SAML 2.0');
  if (root.attributes.get('Destination') !== recipient) throw refused('a response for another address');
  const issuers = childrenOf(root, SAML.assertion, 'Issuer');
  if (issuers.length > 1 || issuers.some(({ text }) => text.trim() !== issuer))
    throw refused('a response of another IdP');
}

/** Reads the bytes that the IdP signed, and nothing else. @throws LoginRefused */
export function readAssertion(xml: string, expected: Expected): Assertion {
  const root = readXml(xml);
  if (root.name !== 'Assertion' || root.namespace !== SAML.assertion) throw refused('not an assertion');
  if (root.attributes.get('Version') !== '2.0') throw refused('not SAML 2.0');
  if (one(root, 'Issuer').text.trim() !== expected.issuer) throw refused('an assertion of another IdP');
  const subject = one(root, 'Subject');
  checkSubject(subject, expected);
  checkConditions(one(root, 'Conditions'), expected);
  const statement = one(root, 'AuthnStatement');
  if (hasPassed(statement.attributes.get('SessionNotOnOrAfter'), expected))
    throw refused('a session that is over');
  const name = one(subject, 'NameID');
  return {
    nameId: { value: name.text, format: name.attributes.get('Format') ?? '' },
    attributes: attributesOf(root),
  };
}

function checkSubject(subject: XmlElement, expected: Expected): void {
  const confirmation = one(subject, 'SubjectConfirmation');
  if (confirmation.attributes.get('Method') !== SAML.bearer) throw refused('not for whoever bears it');
  const { attributes } = one(confirmation, 'SubjectConfirmationData');
  if (attributes.get('Recipient') !== expected.recipient) throw refused('an assertion for another recipient');
  if (attributes.get('InResponseTo') !== expected.inResponseTo)
    throw refused('an assertion for another request');
  checkTimes(attributes, expected);
}

function checkConditions(conditions: XmlElement, expected: Expected): void {
  checkTimes(conditions.attributes, expected);
  const restrictions = childrenOf(conditions, SAML.assertion, 'AudienceRestriction');
  const isForUs = (restriction: XmlElement) =>
    childrenOf(restriction, SAML.assertion, 'Audience').some(({ text }) => text.trim() === expected.audience);
  if (restrictions.length === 0 || !restrictions.every(isForUs))
    throw refused('an assertion for another audience');
}

function checkTimes(attributes: XmlElement['attributes'], expected: Expected): void {
  const until = attributes.get('NotOnOrAfter');
  if (until === undefined) throw refused('an assertion without an end');
  if (hasPassed(until, expected)) throw refused('an assertion that is too old');
  const from = attributes.get('NotBefore');
  if (from !== undefined && timeOf(from) - expected.skew > expected.now)
    throw refused('an assertion that is not valid yet');
}

const hasPassed = (text: string | undefined, { now, skew }: Expected): boolean =>
  text !== undefined && timeOf(text) + skew <= now;

function timeOf(text: string): number {
  const time = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) throw refused('a time that cannot be read');
  return time;
}

function attributesOf(root: XmlElement): Attributes {
  const found = new Map<string, string[]>();
  for (const statement of childrenOf(root, SAML.assertion, 'AttributeStatement'))
    for (const attribute of childrenOf(statement, SAML.assertion, 'Attribute')) {
      const name = attribute.attributes.get('Name') ?? '';
      if (found.has(name)) throw refused('an attribute twice');
      const values = childrenOf(attribute, SAML.assertion, 'AttributeValue');
      found.set(
        name,
        values.map(({ children, text }) => {
          if (children.length > 0) throw refused('an attribute with elements in it');
          return text;
        }),
      );
    }
  return found;
}

function one(element: XmlElement, name: string): XmlElement {
  const [found, another] = childrenOf(element, SAML.assertion, name);
  if (!found || another) throw refused(`not exactly one ${name}`);
  return found;
}
