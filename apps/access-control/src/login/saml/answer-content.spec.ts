import { COMMON_OWNER } from '@stoettesystemer/access';
import { ItSystem } from '@stoettesystemer/model';
import { responseXml, signed, signedResponse } from '../../test-idp/saml-response';
import { testIdpSystem } from '../../test-idp/test-idp-system';
import { CLAIM } from '../claims';
import type { SigningPair } from '../signing-pair';
import { Browser } from '../spec/browser';
import { OTHER, type RunningLogin, runningLogin, TOWN } from '../spec/running-login';
import { attributes, employee, SamlAnswers } from '../spec/saml-answers';

let login: RunningLogin;
let saml: SamlAnswers;
let pair: SigningPair;
beforeAll(async () => {
  login = await runningLogin();
  saml = new SamlAnswers(login);
  ({ pair } = login);
});
afterAll(() => login.close());

describe('T21: a SAML answer', () => {
  describe('that is not the XML it seems', () => {
    test.each<[string, (xml: string) => string, string]>([
      ['a document type', (xml) => `<!DOCTYPE Response>${xml}`, 'dokumenttype'],
      [
        'an entity',
        (xml) => `<!DOCTYPE Response [<!ENTITY a "High">]>${xml.replace('>Substantial<', '>&a;<')}`,
        'dokumenttype',
      ],
      [
        'an entity from a file',
        (xml) =>
          `<!DOCTYPE Response [<!ENTITY a SYSTEM "file:///etc/passwd">]>${xml.replace('>Substantial<', '>&a;<')}`,
        'dokumenttype',
      ],
      [
        'a billion laughs',
        (xml) =>
          `<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;">]>${xml.replace('>Substantial<', '>&c;<')}`,
        'dokumenttype',
      ],
      ['an entity of nobody', (xml) => xml.replace('>Substantial<', '>&a;<'), 'ikke læses'],
      ['a comment in the name', (xml) => xml.replace(/(<saml:NameID [^>]*>.{8})/, '$1<!-- -->'), 'kommentar'],
      ['a comment in an attribute', (xml) => xml.replace('>12345678<', '>1234<!---->5678<'), 'kommentar'],
      ['a comment before it', (xml) => `<!-- -->${xml}`, 'kommentar'],
      [
        'an instruction in an attribute',
        (xml) => xml.replace('>12345678<', '>1234<?x?>5678<'),
        'behandlingsinstruks',
      ],
      ['XML 1.1', (xml) => `<?xml version="1.1"?>${xml}`, 'version'],
      ['an unknown prefix', (xml) => xml.replace('<samlp:Status>', '<x:y/><samlp:Status>'), 'kan ikke læses'],
      ['half of it', (xml) => xml.slice(0, xml.length / 2), 'kan ikke læses'],
      ['two of it', (xml) => xml + xml, 'kan ikke læses'],
      ['another root', (xml) => `<x>${xml}</x>`, 'not a SAML response'],
      ['nothing', () => '', 'XML'],
    ])('%s is refused', async (_, change, reason) => {
      await saml.expectRefused(
        change(signedResponse(saml.factsFor(await saml.request()), pair)),
        new RegExp(reason.replace('ikke læses', '(ikke læses|kan ikke)')),
      );
    });

    test('a comment that is signed is refused as well', async () => {
      const xml = responseXml(saml.factsFor(await saml.request())).replace(
        /(<saml:NameID [^>]*>.{8})/,
        '$1<!-- -->',
      );
      await saml.expectRefused(signed(signed(xml, 'Assertion', pair), 'Response', pair), 'kommentar');
    });

    test('more than 256 KiB is refused, rightly signed as it is; and so is less, which says too much of nothing', async () => {
      const facts = saml.factsFor(await saml.request(), attributes({ fyld: 'x'.repeat(260 * 1024) }));
      await saml.expectRefused(signedResponse(facts, pair), '256 KiB');
      const fits = saml.factsFor(await saml.request(), attributes({ fyld: 'x'.repeat(200 * 1024) }));
      expect((await saml.post(signedResponse(fits, pair))).status).toBe(303);
    });

    test('a form that is larger still is refused before it is read', async () => {
      const before = await login.stored();
      const page = await new Browser(login).post(saml.acs, { SAMLResponse: 'A'.repeat(600 * 1024) });
      expect([page.status, page.text]).toEqual([413, expect.stringContaining('for_stort')]);
      expect(await login.stored()).toEqual(before);
    });

    test.each([
      ['no response', new URLSearchParams({ RelayState: 'x' })],
      ['two responses', new URLSearchParams('SAMLResponse=a&SAMLResponse=b')],
      ['no base64', new URLSearchParams({ SAMLResponse: '<xml>' })],
      ['no UTF-8', new URLSearchParams({ SAMLResponse: Buffer.from([0x3c, 0xff]).toString('base64') })],
    ])('%s is refused', async (_, body) => {
      const before = await login.stored();
      const response = await fetch(saml.acs, { method: 'POST', body, redirect: 'manual' });
      expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('idp_svar')]);
      expect(await login.stored()).toEqual(before);
    });

    test('a body that is no form is 415', async () => {
      const response = await fetch(saml.acs, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json' },
      });
      expect(response.status).toBe(415);
    });
  });

  describe('that says more than its IdP may', () => {
    test.each<[string, Record<string, string>, string]>([
      ['another municipality’s user', { [CLAIM.cvr]: '11111111' }, 'CVR number that is not'],
      ['a user of one that shares nothing but delegations', { [CLAIM.cvr]: OTHER }, 'CVR number that is not'],
      ['no CVR number', { [CLAIM.cvr]: '' }, 'no CVR number'],
      ['no level', { [CLAIM.level]: '' }, 'no NSIS level'],
      ['an unknown level', { [CLAIM.level]: 'Highest' }, 'no NSIS level'],
      ['a CPR number for a name', { [CLAIM.subject]: '0101011234' }, 'UUID'],
      ['another profile', { [CLAIM.specVersion]: 'OIO-SAML-2.0' }, 'neither'],
      [
        'rights that cannot be read',
        { [CLAIM.privileges]: Buffer.from('<x/>').toString('base64') },
        'privileges: ',
      ],
      [
        'rights with a document type',
        { [CLAIM.privileges]: Buffer.from('<!DOCTYPE x><x/>').toString('base64') },
        'dokumenttype',
      ],
    ])('%s is refused', async (_, changes, reason) => {
      await saml.expectRefused(
        signedResponse(saml.factsFor(await saml.request(), attributes(changes)), pair),
        reason,
      );
    });

    test('an attribute twice is refused, and so is one with two values', async () => {
      const twice = (xml: string, pattern: RegExp) =>
        signed(signed(xml.replace(pattern, '$&$&'), 'Assertion', pair), 'Response', pair);
      const attribute =
        /<saml:Attribute Name="https:\/\/data\.gov\.dk\/model\/core\/eid\/professional\/cvr".*?<\/saml:Attribute>/;
      await saml.expectRefused(
        twice(responseXml(saml.factsFor(await saml.request())), attribute),
        'attribute twice',
      );
      const value = /<saml:AttributeValue>12345678<\/saml:AttributeValue>/;
      await saml.expectRefused(
        twice(responseXml(saml.factsFor(await saml.request())), value),
        'several values',
      );
    });

    test('a level above the one that the IdP is registered with is refused', async () => {
      const facts = {
        externalUrl: login.url,
        home: TOWN,
        protocol: 'Saml',
        from: '2020-01-01T00:00:00Z',
      } as const;
      const { attributter } = testIdpSystem({ ...facts, certificate: pair.certificate });
      const [registered] = attributter.identityProvider;
      const registerAs = (nsisNiveau: string) =>
        login.change(COMMON_OWNER, ItSystem, login.idps.saml, {
          attributter: { identityProvider: [{ ...registered, nsisNiveau }] },
        });
      await registerAs('Low');
      await saml.expectRefused(
        signedResponse(saml.factsFor(await saml.request()), pair),
        'higher NSIS level',
      );
      await registerAs('Substantial');
      expect((await saml.post(signedResponse(saml.factsFor(await saml.request()), pair))).status).toBe(303);
      await registerAs('High');
    });
  });

  test('no reason in the log holds what was sent of the user', () => {
    const log = saml.reasons.join('\n');
    expect(saml.reasons.length).toBeGreaterThan(20);
    for (const secret of [employee.uuid, employee.navn, '0101011234']) expect(log).not.toContain(secret);
  });
});
