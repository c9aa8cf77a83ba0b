import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { define, type Refusal } from '@stoettesystemer/object';
import { decodeJwt, decodeProtectedHeader, jwtVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { DevelopmentIssuer } from './development-issuer';
import { DEVELOPMENT_ISSUER } from './name';
import { developmentKeysFile } from './signing-key';

const path = { facet: 'tilstand' };
const base = {
  doc: 'Til test.',
  deletion: 'logical',
  attributes: {},
  states: { tilstand: { doc: 'Til test.', values: ['A'] } },
  relations: {},
} as const;
const services = {
  klassifikation: [define({ ...base, name: 'Klasse', path: 'klasser' })],
  sagsindeks: [
    define({ ...base, name: 'Sag', path: 'sager', access: { kle: path, foelsomhed: path, orgenhed: path } }),
    define({ ...base, name: 'Dokument', path: 'dokumenter', access: { foelsomhed: path } }),
  ],
};
const fresh = () => mkdtempSync(join(tmpdir(), 'adgang-'));
const open = (directory = fresh()) => DevelopmentIssuer.open({ profile: 'udvikling', directory, services });
const groupOf = (issuer: DevelopmentIssuer, system: string, service: string, cvr: string) =>
  (issuer.claims({ system, service, cvr })['authorization_details'] as object[])[0];

it('issues what A6 says', async () => {
  const directory = fresh();
  const issuer = await open(directory);
  const token = await issuer.issue({ system: 'demo-fagsystem', service: 'klassifikation', cvr: '87654321' });
  const keys = JSON.parse(readFileSync(developmentKeysFile(directory), 'utf8')) as JSONWebKeySet;
  const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(keys));
  expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: keys.keys[0]?.kid });
  expect(payload).toMatchObject({
    iss: DEVELOPMENT_ISSUER,
    aud: 'urn:stoettesystemerne:service:klassifikation',
    scope: 'cvr:87654321',
    cvr: '87654321',
    sub: payload['client_id'],
    exp: payload.iat! + 300,
    agv: 1,
  });
  const again = decodeJwt(
    await issuer.issue({ system: 'demo-fagsystem', service: 'klassifikation', cvr: '87654321' }),
  );
  expect([again['agr'] === payload['agr'], again.jti === payload.jti]).toEqual([true, false]);
});

it('gives demo-fagsystem everything, said aloud', async () => {
  const issuer = await open();
  expect(groupOf(issuer, 'demo-fagsystem', 'sagsindeks', '12345678')).toMatchObject({
    kind: 'system',
    identifier: '12345678',
    privileges: expect.arrayContaining([
      'sag:laes',
      'sag:importer',
      'dokument:historik',
      'dokument:slet',
    ]) as string[],
    constraints: { kle: '*', foelsomhed: '*', orgenhed: '*' },
  });
  expect(groupOf(issuer, 'demo-fagsystem', 'klassifikation', '12345678')).toMatchObject({ constraints: {} });
});

it('restricts demo-begraenset where there is something to restrict by', async () => {
  const issuer = await open();
  expect(groupOf(issuer, 'demo-begraenset', 'sagsindeks', '12345678')).toMatchObject({
    privileges: expect.arrayContaining(['sag:skriv']) as string[],
    constraints: { kle: ['27.*'], foelsomhed: 'FORTROLIGE_PERSONOPLYSNINGER', orgenhed: '*' },
  });
  expect(groupOf(issuer, 'demo-begraenset', 'klassifikation', '12345678')).toMatchObject({
    privileges: ['klasse:laes', 'klasse:historik'],
    constraints: {},
  });
});

it('lets demo-faelles act for the common organisation', async () => {
  expect(groupOf(await open(), 'demo-faelles', 'klassifikation', '19435075')).toMatchObject({
    privileges: ['klasse:laes', 'klasse:skriv', 'klasse:slet', 'klasse:importer', 'klasse:historik'],
  });
});

it.each([
  [
    'demo-begraenset',
    'klassifikation',
    '87654321',
    'demo-begraenset har ingen serviceaftale med 87654321. Den har aftale med 12345678.',
  ],
  [
    'demo-fagsystem',
    'klassifikation',
    '19435075',
    'demo-fagsystem har ingen serviceaftale med 19435075. Den har aftale med 12345678, 87654321.',
  ],
  [
    'demo-faelles',
    'klassifikation',
    '12345678',
    'demo-faelles har ingen serviceaftale med 12345678. Den har aftale med 19435075.',
  ],
  [
    'demo-fagsystem',
    'vejrudsigt',
    '12345678',
    'Der er ingen tjeneste ved navn vejrudsigt. Vælg klassifikation, sagsindeks.',
  ],
  [
    'constructor',
    'klassifikation',
    '12345678',
    'Der er intet demosystem ved navn constructor. Vælg demo-fagsystem, demo-begraenset, demo-faelles.',
  ],
])('refuses %s for %s and %s', async (system, service, cvr, detail) => {
  const issuer = await open();
  expect(() => issuer.claims({ system, service, cvr })).toThrow(
    expect.objectContaining({ status: 403, detail }) as Error,
  );
});

it('is not there in profile produktion', async () => {
  const directory = fresh();
  const refusal = await DevelopmentIssuer.open({ profile: 'produktion', directory, services }).catch(
    (cause: Refusal) => cause,
  );
  expect(refusal).toMatchObject({
    status: 403,
    detail: 'Tokens til udvikling findes ikke i profil produktion.',
  });
  expect(readdirSync(directory)).toEqual([]);
});

describe('the key', () => {
  it('is one, whoever comes first, and stays', async () => {
    const directory = fresh();
    const issuers = await Promise.all(Array.from({ length: 20 }, () => open(directory)));
    const wish = { system: 'demo-fagsystem', service: 'klassifikation', cvr: '12345678' };
    const kids = await Promise.all(
      [...issuers, await open(directory)].map(
        async (issuer) => decodeProtectedHeader(await issuer.issue(wish)).kid,
      ),
    );
    expect(new Set(kids).size).toBe(1);
    expect(readdirSync(directory).sort()).toEqual(['development-jwks.json', 'development-key.json']);
  });

  it('is for nobody else to read, and its public half holds no secret', async () => {
    const directory = fresh();
    await open(directory);
    expect(statSync(join(directory, 'development-key.json')).mode & 0o777).toBe(0o600);
    const { keys } = JSON.parse(readFileSync(developmentKeysFile(directory), 'utf8')) as JSONWebKeySet;
    expect(Object.keys(keys[0]!).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  it('is not replaced when it is damaged', async () => {
    const directory = fresh();
    writeFileSync(join(directory, 'development-key.json'), 'hemmelig');
    await expect(open(directory)).rejects.toThrow(/^Nøglen i \S+ kan ikke læses\. (?!.*hemmelig)/);
    expect(readFileSync(join(directory, 'development-key.json'), 'utf8')).toBe('hemmelig');
  });
});
