import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { RunningService } from '@stoettesystemer/testing';
import { CERTIFICATE, CERTIFICATE_ENDS, CERTIFIED_JWK, ENDED_CERTIFICATE } from '../spec/certificate';
import { runningAccessControl } from '../spec/running-access-control';
import {
  catalogueIn,
  held,
  type Item,
  made,
  outcomeOf,
  pointing,
  roleBody,
  systemBody,
  Town,
  typeBody,
  vendorIn,
} from '../spec/town';

let service: RunningService;
let vendor: Town;
beforeAll(async () => {
  service = await runningAccessControl();
  vendor = vendorIn(service);
});
afterAll(() => service.close());

const outcome = async (parts: Parameters<typeof systemBody>[0]) =>
  outcomeOf(await vendor.post('it-systemer', systemBody(parts)));

test('T36: terms are accepted, types stay, and what belongs to a type is only there with it', async () => {
  expect(await outcome({ egenskaber: { vilkaarAccepteret: false } })).toEqual([422, 'vilkaar']);
  const callback = held({ adresse: 'https://eksempel.dk/besked' });
  expect(await outcome({ facets: { callback } })).toEqual([422, 'systemtype']);
  expect(await outcome({ types: ['Anvendersystem'], facets: { callback } })).toEqual([201]);

  const path = `it-systemer/${await made(vendor.post('it-systemer', systemBody()))}`;
  const types = (item: Item) => ({ attributter: { systemtype: held(item) } });
  const gone = types({ navn: 'BrugervendtSystem', slut: true });
  expect(outcomeOf(await vendor.change('PATCH', path, gone))).toEqual([422, 'systemtype']);
  expect(outcomeOf(await vendor.change('PATCH', path, types({ navn: 'Serviceudbyder' })))).toEqual([200]);
});

describe('a key', () => {
  const noegle = (item: Item) => outcome({ facets: { noegle: held({ kid: 'k1', brug: 'Token', ...item }) } });
  const jwk = (key: object) => noegle({ jwk: JSON.stringify(key) });
  const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
  const rsa = (modulusLength: number) =>
    generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'jwk' });
  const WRONG = [422, 'noegle'];

  test('is public, and strong', async () => {
    const { publicKey, privateKey } = ec('P-256');
    expect(await jwk(publicKey.export({ format: 'jwk' }))).toEqual([201]);
    expect(await jwk(rsa(2048))).toEqual([201]);
    for (const wrong of [
      privateKey.export({ format: 'jwk' }),
      ec('P-384').publicKey.export({ format: 'jwk' }),
      rsa(1024),
      { kty: 'oct', k: 'aGVtbWVsaWc' },
      { ...publicKey.export({ format: 'jwk' }), y: 'AAAA' },
      { ...publicKey.export({ format: 'jwk' }), kid: 'en-anden' },
      { ...publicKey.export({ format: 'jwk' }), alg: 'HS256' },
      [],
    ])
      expect([wrong, await jwk(wrong)]).toEqual([wrong, WRONG]);
    expect(await noegle({ jwk: 'ikke json' })).toEqual(WRONG);
    expect(await noegle({})).toEqual(WRONG);
  });

  test('that is private is refused without a word of it', async () => {
    const key = ec('P-256').privateKey.export({ format: 'jwk' });
    const facets = { noegle: held({ kid: 'k', brug: 'Token', jwk: JSON.stringify(key) }) };
    const { text } = await vendor.post('it-systemer', systemBody({ facets }));
    expect(text).toContain('privat');
    expect(text).not.toContain(key.d);
  });

  test('with a certificate ends when that does, which has not been', async () => {
    const well = { jwk: CERTIFIED_JWK, certifikat: CERTIFICATE, udloeber: CERTIFICATE_ENDS };
    expect(await noegle(well)).toEqual([201]);
    expect(await noegle({ ...well, jwk: undefined, brug: 'Tls' })).toEqual([201]);
    for (const wrong of [
      { ...well, udloeber: undefined },
      { ...well, udloeber: '2119-12-30T00:00:00Z' },
      { ...well, certifikat: 'ikke et certifikat' },
      { ...well, certifikat: `${CERTIFICATE}-----BEGIN EC PRIVATE KEY-----` },
      { ...well, jwk: JSON.stringify(ec('P-256').publicKey.export({ format: 'jwk' })) },
      { certifikat: ENDED_CERTIFICATE, udloeber: '2020-01-01T00:00:00Z' },
      { jwk: CERTIFIED_JWK, brug: 'Tls' },
    ])
      expect([wrong, await noegle(wrong)]).toEqual([wrong, WRONG]);
    // What was in use until it ended is history.
    const past = {
      kid: 'k0',
      brug: 'Token',
      certifikat: ENDED_CERTIFICATE,
      udloeber: '2020-01-01T00:00:00Z',
    };
    const virkning = { fra: '2019-01-01T00:00:00Z', til: '2020-01-01T00:00:00Z' };
    expect(await outcome({ facets: { noegle: [{ ...past, virkning }] } })).toEqual([201]);
  });
});

test('T78: addresses are https, or this machine while a system is being made; metadata is XML', async () => {
  const facing = (item: Item) => outcome({ facets: { brugervendt: held(item) } });
  for (const omdirigering of ['https://eksempel.dk/tilbage', 'http://localhost:3000/x', 'http://127.0.0.1/x'])
    expect([omdirigering, await facing({ omdirigering: [omdirigering] })]).toEqual([omdirigering, [201]]);
  for (const omdirigering of [
    'http://eksempel.dk/tilbage',
    'http://localhost.eksempel.dk/',
    'https://eksempel.dk/#x',
    'https://bruger@eksempel.dk/',
    'javascript:alert(1)',
    'eksempel',
  ])
    expect([omdirigering, await facing({ omdirigering: [omdirigering] })]).toEqual([
      omdirigering,
      [422, 'adresse'],
    ]);

  const metadata = (inner: string, before = '') =>
    facing({
      metadata: `${before}<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">${inner}</EntityDescriptor>`,
    });
  const at = (address: string) => `<AssertionConsumerService Location="${address}"/>`;
  expect(await metadata(at('https://eksempel.dk/acs'))).toEqual([201]);
  for (const wrong of [at('http://eksempel.dk/acs'), '<a>', at('javascript:alert(1)')])
    expect([wrong, await metadata(wrong)]).toEqual([wrong, [422, 'metadata']]);
  expect(await metadata('', '<!DOCTYPE x [<!ENTITY a "b">]>')).toEqual([422, 'metadata']);
  expect(await facing({ metadata: '<a/>' })).toEqual([422, 'metadata']);
});

test('an entityId is one thing’s in the whole catalogue, and the organisation stays', async () => {
  const entityId = `http://eksempel.dk/${randomUUID()}`;
  const path = `it-systemer/${await made(vendor.post('it-systemer', systemBody({ egenskaber: { entityId } })))}`;
  expect(await outcome({ egenskaber: { entityId } })).toEqual([422, 'entityid_optaget']);
  const type = await vendor.post('dataafgraensningstyper', typeBody(entityId, ['ja']));
  expect(outcomeOf(type)).toEqual([422, 'entityid_optaget']);
  const town = new Town(service);
  expect(outcomeOf(await town.post('it-systemer', systemBody({ egenskaber: { entityId } })))).toEqual([
    422,
    'entityid_optaget',
  ]);
  for (let round = 0; round < 3; round++) {
    const own = systemBody({ egenskaber: { entityId: `http://eksempel.dk/${randomUUID()}` } });
    const both = await Promise.all([vendor.post('it-systemer', own), vendor.post('it-systemer', own)]);
    expect(both.map(outcomeOf).sort()).toEqual([[201], [422, 'entityid_optaget']]);
  }
  const taken = { attributter: { egenskaber: held({ organisationCvr: '11111111' }) } };
  expect(outcomeOf(await vendor.change('PATCH', path, taken))).toEqual([422, 'organisation']);
});

test('T46: a type’s expression can be read, and comes to an end; a list has values', async () => {
  const outcomeOfType = async (values: readonly string[], more: Item) =>
    outcomeOf(await vendor.post('dataafgraensningstyper', typeBody(`urn:x:${randomUUID()}`, values, more)));
  expect(await outcomeOfType([], { regulaertUdtryk: '[a-z]{1,5}(,[a-z]{1,5})*' })).toEqual([201]);
  for (const regulaertUdtryk of ['[', 'a)|(b', '(a+)+$', '([a-z]+)*-', '(x|x)*y'])
    expect([regulaertUdtryk, await outcomeOfType([], { regulaertUdtryk })]).toEqual([
      regulaertUdtryk,
      [422, 'regulaert_udtryk'],
    ]);
  expect(await outcomeOfType(['ja'], { regulaertUdtryk: 'a' })).toEqual([422, 'regulaert_udtryk']);
  expect(await outcomeOfType([], { vaerditype: 'SINGLE' })).toEqual([422, 'vaerdiliste']);
  expect(await outcomeOfType([], { vaerditype: 'MULTI', dimension: 'kle' })).toEqual([201]);
});

test('what others use is not removed, and the refusal says who uses it', async () => {
  const { system, typeUuid, userRole } = await catalogueIn(service);
  for (const [path, user] of [
    [`it-systemer/${system}`, userRole],
    [`dataafgraensningstyper/${typeUuid}`, userRole],
  ] as const)
    for (const [method, address] of [
      ['DELETE', path],
      ['POST', `${path}/passiver`],
    ] as const) {
      const answer = await vendor.change(method, address);
      expect([outcomeOf(answer), answer.text.includes(user)]).toEqual([[422, 'i_brug'], true]);
    }
  for (const path of [
    `brugersystemroller/${userRole}`,
    `dataafgraensningstyper/${typeUuid}`,
    `it-systemer/${system}`,
  ])
    expect(outcomeOf(await vendor.change('DELETE', path))).toEqual([204]);
});

test('an IdP that is agreed on is one, and one that lets the municipality in', async () => {
  const town = new Town(service);
  const agree = async (uuid: string) =>
    outcomeOf(
      await town.post('foederationsaftaler', {
        attributter: { egenskaber: held({ navn: 'Kommunens IdP' }) },
        tilstande: { status: held({ vaerdi: 'Aktiv' }) },
        relationer: { identityProvider: pointing(uuid) },
      }),
    );
  const idp = (authorities?: string[]) =>
    made(
      vendor.post(
        'it-systemer',
        systemBody({ types: ['IdentityProvider'], ...(authorities ? { authorities } : {}) }),
      ),
    );
  expect(await agree(await idp())).toEqual([201]);
  expect(await agree(await idp(['12345678']))).toEqual([201]);
  expect(await agree(await idp(['87654321']))).toEqual([403, 'myndighedsafgraensning']);
  expect(await agree(randomUUID())).toEqual([422, 'it_system']);
  const { system, userRole } = await catalogueIn(service);
  expect(await agree(system)).toEqual([422, 'it_system']);
  // A role in use is known to those who may know it: a vendor sees nothing of what municipalities have made.
  await made(town.post('jobfunktionsroller', roleBody(userRole)));
  expect(outcomeOf(await vendor.change('DELETE', `brugersystemroller/${userRole}`))).toEqual([204]);
});
