import { Refusal } from '@stoettesystemer/object';
import { childrenOf, everyElement, readXml, XML_LIMITS, type XmlElement } from '../../bpp/strict-xml';
import { LoginRefused } from '../login-refused';
import { DSIG, SAML } from './names';

/** An answer as it came, not yet believed. */
export interface SamlAnswer {
  readonly xml: string;
  readonly root: XmlElement;
  /** The request that it says it answers. */
  readonly inResponseTo: string;
}

const refused = (reason: string): LoginRefused => new LoginRefused('idp_svar', reason);

/** Reads a posted SAMLResponse. @throws LoginRefused for what is no response, or has what none of ours needs. */
export function readAnswer(encoded: string): SamlAnswer {
  const text = encoded.replace(/[\t\n\r ]/g, '');
  if (text.length > (XML_LIMITS.size * 4) / 3 + 4) throw refused('larger than 256 KiB');
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw refused('not base64');
  let xml: string;
  let root: XmlElement;
  try {
    xml = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    root = readXml(xml);
  } catch (cause) {
    throw refused(cause instanceof Refusal ? `XML: ${cause.detail}` : 'not UTF-8');
  }
  if (root.name !== 'Response' || root.namespace !== SAML.protocol) throw refused('not a SAML response');
  const inResponseTo = root.attributes.get('InResponseTo') ?? '';
  if (inResponseTo === '') throw refused('answers no request');
  return { xml, root, inResponseTo };
}

/** What the IdP says of how it went. Not signed by all, and believed only when it says no. */
export const isSuccess = ({ root }: SamlAnswer): boolean =>
  childrenOf(root, SAML.protocol, 'Status')
    .flatMap((status) => childrenOf(status, SAML.protocol, 'StatusCode'))
    .some(({ attributes }) => attributes.get('Value') === SAML.success);

/**
 * Holds an answer against the only form that we take, before any signature is looked at: one assertion, a child of the
 * response; two signatures, one in each, over the whole of each, with nothing weaker than SHA-256; no id twice. Every
 * way of wrapping an assertion in another needs a second of something.
 * @throws LoginRefused
 */
export function checkForm({ root }: SamlAnswer): void {
  const all = [...everyElement(root)];
  const named = (name: string) => all.filter((element) => element.name === name);
  const [assertion, ...more] = named('Assertion');
  if (!assertion || more.length > 0) throw refused('not exactly one assertion');
  if (assertion.namespace !== SAML.assertion || !root.children.includes(assertion))
    throw refused('the assertion is not where it belongs');
  if (named('EncryptedAssertion').length > 0) throw refused('an encrypted assertion');
  if (named('Response').length !== 1) throw refused('not exactly one response');
  if (named('Signature').length !== 2) throw refused('not exactly two signatures');
  for (const signed of [root, assertion]) checkSignature(signed);
  const ids = all.flatMap(({ attributes }) =>
    ['ID', 'Id', 'id', 'AssertionID'].flatMap((name) => attributes.get(name) ?? []),
  );
  if (new Set(ids).size < ids.length) throw refused('an id twice');
}

const SIGNATURE_PARTS = ['SignedInfo', 'SignatureValue', 'KeyInfo'];
const TRANSFORMS: readonly string[] = [DSIG.enveloped, DSIG.exclusive];

function checkSignature(signed: XmlElement): void {
  const [signature] = childrenOf(signed, DSIG.namespace, 'Signature');
  if (!signature) throw refused(`${signed.name} is not signed`);
  const isOdd = ({ name, namespace }: XmlElement) =>
    namespace !== DSIG.namespace || !SIGNATURE_PARTS.includes(name);
  if (signature.children.some(isOdd)) throw refused('a signature with parts of its own');
  const info = one(signature, 'SignedInfo');
  const reference = one(info, 'Reference');
  const id = signed.attributes.get('ID') ?? '';
  if (id === '' || reference.attributes.get('URI') !== `#${id}`)
    throw refused(`the signature of ${signed.name} is over something else`);
  mustBeOf(info, 'CanonicalizationMethod', [DSIG.exclusive]);
  mustBeOf(info, 'SignatureMethod', DSIG.methods);
  mustBeOf(reference, 'DigestMethod', DSIG.digests);
  const transforms = childrenOf(one(reference, 'Transforms'), DSIG.namespace, 'Transform');
  if (!transforms.every(({ attributes }) => TRANSFORMS.includes(attributes.get('Algorithm') ?? '')))
    throw refused('a transform that is not known');
}

function one(element: XmlElement, name: string): XmlElement {
  const [found, another] = childrenOf(element, DSIG.namespace, name);
  if (!found || another) throw refused(`not exactly one ${name}`);
  return found;
}

function mustBeOf(element: XmlElement, name: string, known: readonly string[]): void {
  if (!known.includes(one(element, name).attributes.get('Algorithm') ?? ''))
    throw refused(`a ${name} that is too weak or not known`);
}
