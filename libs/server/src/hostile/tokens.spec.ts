import { createHmac, createPublicKey, createSecretKey, type JsonWebKey, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { audienceOf, developmentKeysFile } from '@stoettesystemer/access';
import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWTPayload, SignJWT } from 'jose';
import { running, type Running, type Sent, ship } from '../spec/running';
import { Holder } from './spec/own-issuer';
import { stored } from './spec/stored';

let service: Running;
beforeAll(async () => {
  service = await running();
});
afterAll(() => service.close());

const SHIPS = '/havn/v1/skibe';
const WISH = { system: 'demo-fagsystem', service: 'havn', cvr: '12345678' };
const claims = (changes: JWTPayload = {}): JWTPayload => ({ ...service.issuer.claims(WISH), ...changes });
const second = () => Math.floor(Date.now() / 1000);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwk = () =>
  (JSON.parse(readFileSync(developmentKeysFile(service.settings.dataDir), 'utf8')) as JSONWebKeySet).keys[0]!;

/** Reads, writes, imports and listens with what is no token: the same 401 each time, and nothing comes of it. */
async function mustBeRefused(sent: Sent): Promise<void> {
  const before = await stored(service);
  const requests: [string, Sent][] = [
    [SHIPS, {}],
    [SHIPS, { method: 'POST', body: ship() }],
    [`${SHIPS}/${randomUUID()}`, { method: 'PUT', body: ship() }],
    ['/havn/v1/import', { method: 'POST', body: JSON.stringify({ objekttype: 'Skib', ...ship() }) }],
    ['/havn/v1/haendelser?vent=25', {}],
  ];
  const details = new Set<string>();
  for (const [path, request] of requests) {
    const got = await service.send(path, { ...request, ...sent });
    const { detail, kode } = got.json as { detail: string; kode: string };
    expect([path, got.status, kode]).toEqual([path, 401, 'token']);
    expect(service.faults(request.method ?? 'GET', path, got)).toEqual([]);
    details.add(`${detail} ${String(got.headers['www-authenticate'])}`);
  }
  expect(details.size).toBe(1);
  expect([...details][0]).toContain('error="invalid_token"');
  expect(await stored(service)).toBe(before);
}
const asToken = (token: string): Promise<void> => mustBeRefused({ token });

test('a good token opens every one of those doors', async () => {
  const { status } = await service.send(SHIPS, { method: 'POST', body: ship() });
  expect([status, (await service.send('/havn/v1/haendelser')).status]).toEqual([201, 200]);
});

describe('T1: a token that is not where a token is', () => {
  test('none, Basic, another scheme, half a header', async () => {
    const token = await service.token();
    for (const authorization of [
      undefined,
      '',
      'Bearer',
      'Bearer ',
      `Basic ${Buffer.from(`a:${token}`).toString('base64')}`,
      `Token ${token}`,
      token,
      `Bearer ${token},`,
      `Bearer ${token} x`,
    ])
      await mustBeRefused({ token: null, headers: { authorization } });
  });

  test('in a cookie, in the query, in a form, in the body', async () => {
    const token = await service.token();
    await mustBeRefused({ token: null, headers: { cookie: `access_token=${token}` } });
    for (const given of [null, token]) {
      const got = await service.send(`${SHIPS}?access_token=${token}`, { token: given });
      expect(got.status).toBe(401);
      expect(got.text).not.toContain(token);
    }
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const given of [null, token]) {
      const body = `access_token=${token}`;
      const got = await service.send(SHIPS, { method: 'POST', token: given, headers: form, body });
      expect(got.status).toBe(401);
    }
    const inJson = await service.send(SHIPS, {
      method: 'POST',
      token: null,
      body: { ...ship(), access_token: token },
    });
    expect(inJson.status).toBe(401);
  });
});

describe('T2: a token that nobody signed', () => {
  test.each(['none', 'None', 'nOnE', 'NONE', ''])('alg %p', async (alg) => {
    const head = encode({ alg, typ: 'at+jwt', kid: jwk().kid });
    for (const signature of ['', 'AAAA']) await asToken(`${head}.${encode(claims())}.${signature}`);
  });

  test('the signature of another, none, or one bit off', async () => {
    const [head = '', body = '', own = ''] = (await service.token()).split('.');
    const [, , other = ''] = (await service.token({ cvr: '87654321' })).split('.');
    const flipped = Buffer.from(own, 'base64url');
    flipped[7]! ^= 1;
    for (const signature of ['', other, flipped.toString('base64url')])
      await asToken(`${head}.${body}.${signature}`);
    await asToken(`${head}.${encode(claims({ cvr: '87654321' }))}.${own}`);
  });
});

describe('T3: a token signed with what everybody knows', () => {
  const pem = () => createPublicKey({ format: 'jwk', key: jwk() as JsonWebKey });
  test.each([
    ['PEM', () => pem().export({ format: 'pem', type: 'spki' })],
    ['DER', () => pem().export({ format: 'der', type: 'spki' })],
    ['JWK', () => JSON.stringify(jwk())],
    ['x of the point', () => Buffer.from(jwk().x!, 'base64url')],
    ['kid', () => jwk().kid!],
  ])('HS256 by the public key as %s', async (_, secret) => {
    const signed = `${encode({ alg: 'HS256', typ: 'at+jwt', kid: jwk().kid })}.${encode(claims())}`;
    const key = createSecretKey(Buffer.from(secret()));
    await asToken(`${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`);
  });

  test('a key that it brings itself', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const own = await exportJWK(publicKey);
    for (const header of [
      { jwk: own },
      { jku: 'http://127.0.0.1:9/jwks' },
      { x5u: 'http://127.0.0.1:9/x' },
      {},
    ]) {
      const named = { alg: 'ES256', typ: 'at+jwt', kid: jwk().kid!, ...header };
      await asToken(await new SignJWT(claims()).setProtectedHeader(named).sign(privateKey));
    }
  });
});

describe('T5: a token for another', () => {
  const mine = audienceOf('havn');
  test.each<[string, JWTPayload]>([
    ['service', { aud: audienceOf('klassifikation') }],
    ['service beside this one', { aud: [mine, audienceOf('klassifikation')] }],
    ['service, this one alone in a list', { aud: [mine] }],
    ['service, with a slash', { aud: `${mine}/` }],
    ['service, in upper case', { aud: mine.toUpperCase() }],
    ['service, none', { aud: undefined }],
    ['issuer', { iss: 'https://ond.example' }],
    ['municipality than its rights', { cvr: '87654321' }],
  ])('%s', async (_, changes) => asToken(await service.issuer.sign(claims(changes))));
});

describe('T6: a token of another time', () => {
  test.each<[string, () => JWTPayload]>([
    ['ended 11 s ago', () => ({ iat: second() - 300, exp: second() - 11 })],
    ['not before 60 s from now', () => ({ nbf: second() + 60 })],
    ['issued 60 s from now', () => ({ iat: second() + 60, exp: second() + 300 })],
    ['an end in words', () => ({ exp: `${second() + 300}` as never })],
    ['no end', () => ({ exp: undefined })],
    ['two hours of life', () => ({ exp: second() + 7200 })],
    ['an end beyond numbers', () => ({ exp: 1e300 })],
  ])('%s', async (_, changes) => asToken(await service.issuer.sign(claims(changes()))));

  test('ended 5 s ago is let in, for clocks differ', async () => {
    const token = await service.issuer.sign(claims({ iat: second() - 200, exp: second() - 5 }));
    expect((await service.send(SHIPS, { token })).status).toBe(200);
  });
});

describe('T7: a token of another kind', () => {
  test.each([
    'JWT',
    'id+jwt',
    'logout+jwt',
    'dpop+jwt',
    'client-authentication+jwt',
    'token-introspection+jwt',
    undefined,
  ])('typ %s', async (typ) => asToken(await service.issuer.sign(claims(), { typ })));

  test('an ID token, a logout token, a client assertion, a proof, as they look', async () => {
    const { iss, sub, aud, iat, exp, jti } = claims();
    const common = { iss, aud, iat, exp, jti };
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    const tokens = [
      await service.issuer.sign({ ...common, sub, nonce: 'n', auth_time: iat }, { typ: 'JWT' }),
      await service.issuer.sign({ ...common, sub, nonce: 'n', auth_time: iat }),
      await service.issuer.sign({ ...common, sub, events, sid: 's' }, { typ: 'logout+jwt' }),
      await service.issuer.sign({ ...common, iss: sub, sub }),
      await (await Holder.make()).proof('x', 'GET', 'http://localhost/havn/v1/skibe'),
    ];
    for (const token of tokens) await asToken(token);
  });

  test.each(['sub', 'client_id', 'jti', 'cvr', 'authorization_details', 'iat', 'iss'])(
    'without %s',
    async (claim) => asToken(await service.issuer.sign(claims({ [claim]: undefined }))),
  );
});
