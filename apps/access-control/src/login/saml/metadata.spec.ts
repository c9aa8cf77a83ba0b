import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { selfSigned } from '../self-signed';
import { readIdpMetadata } from './metadata';

const ROOT = resolve(__dirname, '../../../../..');
const FILES = resolve(ROOT, process.env['TEST_DATA'] ?? '../shared/data', 'sikkerhed/metadata');
const isThere = existsSync(FILES);
if (!isThere) console.warn(`Skipped: the real SAML metadata is not in ${FILES}; TEST_DATA names the folder.`);

const date = (text: string) => new Date(`${text}T12:00:00Z`);
const refusal = (detail: unknown) => expect.objectContaining({ name: 'Refusal', detail }) as Error;
const read = (xml: string, at: string, mustBeSecure = true) =>
  readIdpMetadata(xml, { at: date(at), mustBeSecure });

(isThere ? describe : describe.skip)('the metadata of real IdPs', () => {
  const file = (name: string) => readFileSync(join(FILES, name), 'utf8');

  test.each([
    [
      'idp_Test-nemlog-in-2.xml',
      '2022-01-01',
      'https://saml.test-nemlog-in.dk/',
      'https://login.test-nemlog-in.dk/adfs/ls/',
      '2023-02-25T21:17:21.000Z',
    ],
    [
      'idp_sts-adgangsstyring-eksterntest.xml',
      '2025-01-01',
      'https://saml.n2adgangsstyring.eksterntest-stoettesystemerne.dk',
      'https://n2adgangsstyring.eksterntest-stoettesystemerne.dk/runtime/saml2/issue.idp',
      '2026-03-28T10:38:26.000Z',
    ],
  ])('%s is read', (name, at, entityId, signOn, until) => {
    expect(read(file(name), at)).toEqual({
      entityId,
      signOn,
      certificates: [expect.stringContaining('BEGIN CERTIFICATE')],
      until: new Date(until),
    });
  });

  test('idp_devtest4-nemlogin3.xml is read, with white space in its certificate', () => {
    const { entityId, certificates } = read(file('idp_devtest4-nemlogin3.xml'), '2026-01-01');
    expect(entityId).toBe('https://saml.test-devtest4-nemlog-in.dk');
    expect(new X509Certificate(certificates[0]!).subject).toContain('NemLog-in IdP - Test');
  });

  test.each(['idp_os2rollekatalog-test.xml', 'java-test-metadata.xml'])(
    '%s is read where http will do, and refused in production',
    (name) => {
      expect(read(file(name), '2027-01-01', false).certificates).toHaveLength(1);
      expect(() => read(file(name), '2027-01-01')).toThrow(refusal(expect.stringContaining('https')));
    },
  );

  test.each([
    ['metadata-ADLER.xml', '2026-01-01', 'bit'],
    ['idp_Test-nemlog-in-2.xml', '2026-01-01', 'udløb 2023-02-25'],
    ['idp_sts-adgangsstyring-eksterntest.xml', '2026-11-01', 'udløb 2026-03-28'],
    ['idp_sts-adgangsstyring-eksterntest.xml', '2020-01-01', 'først fra 2023-03-29'],
    ['saml.oiosaml-net.dk.xml', '2020-01-01', 'ikke for en IdP'],
    ['saml.oiosaml3-net.dk.xml', '2020-01-01', 'ikke for en IdP'],
    ['WithValidAppSwitch.xml', '2026-01-01', 'EntityDescriptor'],
  ])('%s on %s is refused, and says why: %s', (name, at, why) => {
    expect(() => read(file(name), at)).toThrow(refusal(expect.stringContaining(why)));
  });
});

describe('IdP metadata', () => {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const certificate = (from: string, to: string) =>
    selfSigned({ name: 'Prøve-IdP', from: date(from), to: date(to) }, keys);
  const bare = (pem: string) => pem.replace(/-----[^-]+-----|\n/g, '');
  const key = (pem: string, use = ' use="signing"') =>
    `<KeyDescriptor${use}><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>${bare(pem)}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>`;
  const service = (location: string, binding = 'HTTP-Redirect') =>
    `<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${binding}" Location="${location}"/>`;
  const metadata = (inner: string, more = '') =>
    `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.test"${more}><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${inner}</IDPSSODescriptor></EntityDescriptor>`;
  const old = certificate('2020-01-01', '2026-06-01');
  const young = certificate('2026-05-01', '2030-01-01');
  const there = service('https://idp.test/sso');

  test('a certificate made here says what it was asked to say', () => {
    const made = new X509Certificate(young);
    expect([made.subject, new Date(made.validFrom), new Date(made.validTo)]).toEqual([
      'CN=Prøve-IdP',
      date('2026-05-01'),
      date('2030-01-01'),
    ]);
    expect([made.checkPrivateKey(keys.privateKey), made.verify(keys.publicKey)]).toEqual([true, true]);
  });

  test('while certificates are changed, both that are valid count; before and after, the one that is', () => {
    const both = metadata(key(old) + key(young) + key(old, ' use="encryption"') + there);
    expect(read(both, '2026-05-15').certificates).toEqual([old, young]);
    expect(read(both, '2026-04-01').certificates).toEqual([old]);
    expect(read(both, '2026-07-01').certificates).toEqual([young]);
    expect(() => read(both, '2031-01-01')).toThrow(refusal(expect.stringContaining('udløb 2030-01-01')));
  });

  test('its end is that of the certificate that lasts the longest, or its own', () => {
    const both = (more = '') => metadata(key(old) + key(young) + there, more);
    expect(read(both(), '2026-05-15').until).toEqual(date('2030-01-01'));
    expect(read(both(), '2026-04-01').until).toEqual(date('2026-06-01'));
    expect(read(both(' validUntil="2027-03-01T12:00:00Z"'), '2026-05-15').until).toEqual(date('2027-03-01'));
  });

  test('a key without a use is for signing too', () => {
    expect(read(metadata(key(young, '') + there), '2027-01-01').certificates).toEqual([young]);
  });

  test.each([
    ['a document type', `<!DOCTYPE x>${metadata(key(young) + there)}`, 'dokumenttype'],
    ['a key for encryption only', metadata(key(young, ' use="encryption"') + there), 'intet certifikat'],
    [
      'no place for a redirect',
      metadata(key(young) + service('https://idp.test', 'HTTP-POST')),
      'HTTP-Redirect',
    ],
    ['an address that is a script', metadata(key(young) + service('javascript:alert(1)')), 'https'],
    ['no address', metadata(key(young) + service('')), 'https'],
    [
      'a validity that has passed',
      metadata(key(young) + there, ' validUntil="2026-12-31T00:00:00Z"'),
      '2026-12-31',
    ],
    ['a certificate that is none', metadata(key('abc') + there), 'ikke kan læses'],
    ['no name', metadata(key(young) + there).replace('https://idp.test"', '"'), 'entityID'],
    [
      'no SAML 2.0',
      metadata(key(young) + there).replace('SAML:2.0:protocol', 'SAML:1.1:protocol'),
      'IDPSSODescriptor',
    ],
  ])('with %s it is refused', (_, xml, why) => {
    expect(() => read(xml, '2027-01-01', false)).toThrow(refusal(expect.stringContaining(why)));
  });
});
