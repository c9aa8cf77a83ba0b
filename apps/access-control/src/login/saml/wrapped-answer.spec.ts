import { type ResponseFacts, responseXml, signedResponse } from '../../test-idp/saml-response';
import type { SigningPair } from '../signing-pair';
import { type RunningLogin, runningLogin } from '../spec/running-login';
import { evilAssertion, partsOf, SamlAnswers } from '../spec/saml-answers';

let login: RunningLogin;
let saml: SamlAnswers;
let pair: SigningPair;
beforeAll(async () => {
  login = await runningLogin();
  saml = new SamlAnswers(login);
  ({ pair } = login);
});
afterAll(() => login.close());

const inResponse = (xml: string, more: string) =>
  xml.replace('</samlp:Response>', `${more}</samlp:Response>`);

describe('T21: a SAML answer', () => {
  describe('wrapped', () => {
    const original = (xml: string) => xml.replace(/<\?xml.*?\?>/, '');
    const withoutSignature = (xml: string, signature: string) => xml.replace(signature, '');

    test.each<[string, (xml: string, facts: ResponseFacts) => string, string | RegExp]>([
      [
        'XSW1: around the response, which is in the signature',
        (xml, facts) => {
          const { ofResponse } = partsOf(xml);
          const moved = ofResponse.replace(
            '</ds:Signature>',
            `<ds:Object>${withoutSignature(xml, ofResponse)}</ds:Object></ds:Signature>`,
          );
          return responseXml({ ...facts, id: '_evil' }).replace('<samlp:Status>', `${moved}<samlp:Status>`);
        },
        'one assertion',
      ],
      [
        'XSW2: around the response, which is before the signature',
        (xml, facts) => {
          const { ofResponse } = partsOf(xml);
          return responseXml({ ...facts, id: '_evil' }).replace(
            '<samlp:Status>',
            `${withoutSignature(xml, ofResponse)}${ofResponse}<samlp:Status>`,
          );
        },
        'one assertion',
      ],
      [
        'XSW3: an assertion before',
        (xml, facts) => xml.replace('<saml:Assertion ', `${evilAssertion(facts)}<saml:Assertion `),
        'one assertion',
      ],
      ['XSW3: an assertion after', (xml, facts) => inResponse(xml, evilAssertion(facts)), 'one assertion'],
      [
        'XSW4: an assertion around the assertion',
        (xml, facts) => {
          const { assertion } = partsOf(xml);
          return xml.replace(
            assertion,
            evilAssertion(facts).replace('</saml:Assertion>', `${assertion}</saml:Assertion>`),
          );
        },
        'one assertion',
      ],
      [
        'XSW5: the signature in an altered assertion, the original after it',
        (xml, facts) => {
          const { assertion, ofAssertion } = partsOf(xml);
          const evil = evilAssertion(facts).replace('</saml:Issuer>', `</saml:Issuer>${ofAssertion}`);
          return inResponse(xml.replace(assertion, evil), withoutSignature(assertion, ofAssertion));
        },
        'one assertion',
      ],
      [
        'XSW6: the original in the signature in an altered assertion',
        (xml, facts) => {
          const { assertion, ofAssertion } = partsOf(xml);
          const object = `<ds:Object>${withoutSignature(assertion, ofAssertion)}</ds:Object></ds:Signature>`;
          const moved = ofAssertion.replace('</ds:Signature>', object);
          return xml.replace(
            assertion,
            evilAssertion(facts).replace('</saml:Issuer>', `</saml:Issuer>${moved}`),
          );
        },
        'one assertion',
      ],
      [
        'XSW7: an assertion in extensions',
        (xml, facts) =>
          xml.replace(
            '<samlp:Status>',
            `<samlp:Extensions>${evilAssertion(facts)}</samlp:Extensions><samlp:Status>`,
          ),
        'one assertion',
      ],
      [
        'XSW8: an assertion in the response’s signature, which is not part of what it signs',
        (xml, facts) =>
          xml.replace(
            '</ds:Signature><samlp:Status>',
            `<ds:Object>${evilAssertion(facts)}</ds:Object></ds:Signature><samlp:Status>`,
          ),
        'one assertion',
      ],
      [
        'with the same id',
        (xml, facts) => inResponse(xml, evilAssertion(facts, facts.assertionId)),
        'one assertion',
      ],
      [
        'in an element that is not called an assertion, under its id',
        (xml, facts) =>
          inResponse(
            xml,
            evilAssertion(facts, facts.assertionId).replaceAll('saml:Assertion', 'samlp:Extensions'),
          ),
        'id twice',
      ],
      [
        'the altered one in place, the original under another name',
        (xml, facts) => {
          const { assertion, ofAssertion } = partsOf(xml);
          const evil = evilAssertion(facts, '_evil').replace(
            '</saml:Issuer>',
            `</saml:Issuer>${ofAssertion}`,
          );
          return inResponse(
            xml.replace(assertion, evil),
            assertion.replace(ofAssertion, '').replaceAll('saml:Assertion', 'samlp:Extensions'),
          );
        },
        'over something else',
      ],
      [
        'a second signature in the response',
        (xml) => xml.replace('<samlp:Status>', `${partsOf(xml).ofResponse}<samlp:Status>`),
        'two signatures',
      ],
      [
        'something of its own in the signature',
        (xml) =>
          xml.replace(
            '</ds:Signature><samlp:Status>',
            '<ds:Object>x</ds:Object></ds:Signature><samlp:Status>',
          ),
        'parts of its own',
      ],
      [
        'a second SignedInfo',
        (xml) => xml.replace(/<ds:SignedInfo>.*?<\/ds:SignedInfo>/s, '$&$&'),
        'SignedInfo',
      ],
      ['a second reference', (xml) => xml.replace(/<ds:Reference .*?<\/ds:Reference>/s, '$&$&'), 'Reference'],
      [
        'a reference to nothing',
        (xml) => xml.replace(/<ds:Reference URI="#[^"]*"/, '<ds:Reference URI=""'),
        'something else',
      ],
      ['another transform', (xml) => xml.replace(/#enveloped-signature/, '#x'), 'transform'],
      [
        'an assertion of no namespace',
        (xml) => xml.replaceAll('saml:Assertion', 'samlp:Assertion'),
        'where it belongs',
      ],
      ['an encrypted assertion', (xml) => inResponse(xml, '<saml:EncryptedAssertion/>'), 'encrypted'],
    ])('%s is refused', async (_, change, reason) => {
      const facts = saml.factsFor(await saml.request());
      await saml.expectRefused(change(original(signedResponse(facts, pair)), facts), reason);
    });
  });
});
