import { join } from 'node:path';
import {
  type Algorithms,
  type ResponseFacts,
  responseXml,
  SHA256,
  signed,
  signedResponse,
} from '../../test-idp/saml-response';
import { type SigningPair, signingPairFrom } from '../signing-pair';
import { Browser } from '../spec/browser';
import { type RunningLogin, runningLogin } from '../spec/running-login';
import { employee, from, MINUTE, SamlAnswers } from '../spec/saml-answers';

let login: RunningLogin;
let saml: SamlAnswers;
let pair: SigningPair;
let others: SigningPair;
beforeAll(async () => {
  login = await runningLogin();
  saml = new SamlAnswers(login);
  ({ pair } = login);
  others = await signingPairFrom(join(login.dataDir, 'others.pem'), 'Anden IdP', true);
});
afterAll(() => login.close());

describe('T21: a SAML answer', () => {
  test('as it should be logs in, in the form of each test below', async () => {
    const before = await login.stored();
    const page = await saml.post(signedResponse(saml.factsFor(await saml.request()), pair));
    expect([page.status, page.headers.get('location')]).toEqual([
      303,
      expect.stringContaining('/svar?kode='),
    ]);
    expect(await login.stored()).not.toEqual(before);
  });

  test.each<[string, (facts: ResponseFacts) => string, string | RegExp]>([
    ['without signatures', (facts) => responseXml(facts), 'two signatures'],
    [
      'of which only the response is signed',
      (facts) => signed(responseXml(facts), 'Response', pair),
      'two signatures',
    ],
    [
      'of which only the assertion is signed',
      (facts) => signed(responseXml(facts), 'Assertion', pair),
      'two signatures',
    ],
    [
      'altered after both were signed',
      (facts) => signedResponse(facts, pair).replace('>Substantial<', '>High<'),
      'Invalid document signature',
    ],
    [
      'whose assertion was altered before the response was signed',
      (facts) =>
        signed(
          signed(responseXml(facts), 'Assertion', pair).replace('>Substantial<', '>High<'),
          'Response',
          pair,
        ),
      'Invalid signature',
    ],
    [
      'whose response was altered after it was signed',
      (facts) => signedResponse(facts, pair).replace('<samlp:Status>', '<samlp:Status> '),
      'Invalid document signature',
    ],
    ['signed with another IdP’s key', (facts) => signedResponse(facts, others), 'Invalid document signature'],
    [
      'whose assertion another IdP signed',
      (facts) => signed(signed(responseXml(facts), 'Assertion', others), 'Response', pair),
      'Invalid signature',
    ],
    [
      'whose response another IdP signed',
      (facts) => signed(signed(responseXml(facts), 'Assertion', pair), 'Response', others),
      'Invalid document signature',
    ],
  ])('%s is refused', async (_, make, reason) =>
    saml.expectRefused(make(saml.factsFor(await saml.request())), reason),
  );

  const SHA1 = 'http://www.w3.org/2000/09/xmldsig#sha1';
  const RSA_SHA1 = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1';
  test.each<[string, Algorithms, string]>([
    ['SHA-1', { signature: RSA_SHA1, digest: SHA1 }, 'SignatureMethod'],
    ['SHA-1 over a digest of SHA-256', { ...SHA256, signature: RSA_SHA1 }, 'SignatureMethod'],
    ['SHA-256 over a digest of SHA-1', { ...SHA256, digest: SHA1 }, 'DigestMethod'],
  ])('signed with %s is refused, whichever of the two it is', async (_, weak, reason) => {
    for (const [ofAssertion, ofResponse] of [
      [weak, SHA256],
      [SHA256, weak],
    ] as const) {
      const xml = signed(responseXml(saml.factsFor(await saml.request())), 'Assertion', pair, ofAssertion);
      await saml.expectRefused(signed(xml, 'Response', pair, ofResponse), reason);
    }
  });

  test.each<[string, Partial<ResponseFacts> | (() => Partial<ResponseFacts>), string]>([
    ['for another audience', { audience: 'https://anden.test/metadata' }, 'audience'],
    ['of another IdP', { issuer: 'https://anden.test' }, 'another IdP'],
    [
      'too old',
      () => ({ issued: from(-9 * MINUTE), notOnOrAfter: from(-5 * MINUTE) }),
      /expired|too old|No valid subject/,
    ],
    ['issued long ago', () => ({ issued: from(-60 * MINUTE) }), /too old|No valid subject/],
    [
      'not valid yet',
      () => ({ notBefore: from(5 * MINUTE), notOnOrAfter: from(9 * MINUTE) }),
      'not yet valid',
    ],
  ] as [string, Partial<ResponseFacts>, string][])('that is %s is refused', async (_, changes, reason) => {
    const changed = typeof changes === 'function' ? (changes as () => Partial<ResponseFacts>)() : changes;
    const facts = saml.factsFor(await saml.request(), changed);
    await saml.expectRefused(signedResponse(facts, pair), new RegExp(reason));
  });

  test.each<[string, (xml: string) => string, string | RegExp]>([
    [
      'another recipient',
      (xml) => xml.replace(/Recipient="[^"]*"/, 'Recipient="https://anden.test/saml.acs"'),
      'recipient',
    ],
    ['no recipient', (xml) => xml.replace(/ Recipient="[^"]*"/, ''), 'recipient'],
    [
      'another destination',
      (xml) => xml.replace(/Destination="[^"]*"/, 'Destination="https://anden.test/saml.acs"'),
      'address',
    ],
    ['no destination', (xml) => xml.replace(/ Destination="[^"]*"/, ''), 'address'],
    [
      'another request in the subject',
      (xml) => xml.replace(/InResponseTo="[^"]*"\/>/, 'InResponseTo="_x"/>'),
      'subjectInResponseTo',
    ],
    ['no request in the subject', (xml) => xml.replace(/ InResponseTo="[^"]*"\/>/, '/>'), 'another request'],
    [
      'no end of the subject',
      (xml) => xml.replace(/ NotOnOrAfter="[^"]*" Recipient/, ' Recipient'),
      /NotOnOrAfter|No valid subject|end/,
    ],
    ['no end of the conditions', (xml) => xml.replace(/" NotOnOrAfter="[^"]*">/, '">'), /NotOnOrAfter|end/],
    [
      'no audience',
      (xml) => xml.replace(/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/, ''),
      /[Aa]udience/,
    ],
    ['another confirmation', (xml) => xml.replace('cm:bearer', 'cm:sender-vouches'), 'bears'],
    [
      'no authentication',
      (xml) => xml.replace(/<saml:AuthnStatement.*<\/saml:AuthnStatement>/, ''),
      'AuthnStatement',
    ],
    [
      'a session that is over',
      (xml) => xml.replace('SessionIndex=', 'SessionNotOnOrAfter="2020-01-01T00:00:00Z" SessionIndex='),
      'over',
    ],
    [
      'a failure in its status',
      (xml) => xml.replace('status:Success', 'status:Responder'),
      'says that the login failed',
    ],
    ['two subjects', (xml) => xml.replace(/<saml:Subject>.*<\/saml:Subject>/, '$&$&'), 'one Subject'],
    ['an older version', (xml) => xml.replaceAll('Version="2.0"', 'Version="1.1"'), 'SAML 2.0'],
  ])('with %s is refused, rightly signed as it is', async (_, change, reason) => {
    const xml = change(responseXml(saml.factsFor(await saml.request())));
    await saml.expectRefused(signed(signed(xml, 'Assertion', pair), 'Response', pair), reason);
  });

  test('is taken once: neither the same nor another answer to the request logs in again', async () => {
    const id = await saml.request();
    const xml = signedResponse(saml.factsFor(id), pair);
    expect((await saml.post(xml)).status).toBe(303);
    await saml.expectRefused(xml, 'request is answered');
    await saml.expectRefused(signedResponse(saml.factsFor(id), pair), 'request is answered');
  });

  test('is taken once of many that come together', async () => {
    const xml = signedResponse(saml.factsFor(await saml.request()), pair);
    const pages = await Promise.all(Array.from({ length: 8 }, () => saml.post(xml)));
    expect(pages.map(({ status }) => status).toSorted()).toEqual([303, ...Array<number>(7).fill(403)]);
  });

  test('that was refused cannot be tried again', async () => {
    const id = await saml.request();
    await saml.expectRefused(responseXml(saml.factsFor(id)), 'two signatures');
    await saml.expectRefused(signedResponse(saml.factsFor(id), pair), 'request is answered');
  });

  test('to no request, or to one that we never made, is refused', async () => {
    await saml.expectRefused(signedResponse(saml.factsFor('_never'), pair), 'request is answered');
    const xml = responseXml(saml.factsFor('_x')).replace(/ InResponseTo="[^"]*"/g, '');
    await saml.expectRefused(signed(signed(xml, 'Assertion', pair), 'Response', pair), 'answers no request');
  });

  test('to a request that has grown too old is refused', async () => {
    const id = await saml.request();
    await login.database.run(
      { owner: null },
      {
        name: 'spec-login-grow-old',
        text: `with old as (delete from login_step where kind = 'spurgt' returning *)
          insert into login_step select key, kind, content, now() - interval '1 second' from old`,
      },
    );
    await saml.expectRefused(signedResponse(saml.factsFor(id), pair), 'request is answered');
  });

  test('of one IdP to a request to another is refused, though one key signs for both', async () => {
    const id = await new Browser(login).samlRequest(login.idps.other);
    await saml.expectRefused(signedResponse(saml.factsFor(id), pair), 'another IdP');
  });

  test('no reason in the log holds what was sent of the user', () => {
    const log = saml.reasons.join('\n');
    expect(saml.reasons.length).toBeGreaterThan(30);
    for (const secret of [employee.uuid, employee.navn, '0101011234']) expect(log).not.toContain(secret);
  });
});
