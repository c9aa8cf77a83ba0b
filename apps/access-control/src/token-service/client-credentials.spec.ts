import { randomUUID } from 'node:crypto';
import { COMMON_OWNER, DenyList, TokenVerifier } from '@stoettesystemer/access';
import { classificationTypes } from '@stoettesystemer/model';
import { Database } from '@stoettesystemer/postgres';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import * as openid from 'openid-client';
import { claimsOf } from './access-token';
import { SigningKeys } from './signing-keys';
import {
  agreed,
  agreedClient,
  CLASSIFICATION,
  MadeUpClient,
  MUNICIPALITY,
  newKey,
  registered,
} from './spec/made-up-client';
import { ISSUER, runningTokenService, type RunningTokenService } from './spec/running-token-service';

let at: RunningTokenService;
const lines: string[] = [];
beforeAll(async () => {
  at = await runningTokenService({ lines });
});
afterAll(() => at.close());

const verifier = () =>
  new TokenVerifier({
    profile: 'udvikling',
    issuer: ISSUER,
    service: 'klassifikation',
    types: classificationTypes,
    keys: createLocalJWKSet(at.service.app.get(SigningKeys).publicJwks()),
    revoked: new DenyList(),
    proofs: { claim: () => Promise.resolve(true) },
    externalUrl: 'https://klassifikation.example.dk',
  });

test('openid-client finds the service by its issuer and gets a token for the one service and municipality', async () => {
  const config = await MadeUpClient.demo(at).openid();
  expect(config.serverMetadata()).toMatchObject({
    issuer: ISSUER,
    token_endpoint: `${ISSUER}/token`,
    jwks_uri: `${ISSUER}/jwks`,
    pushed_authorization_request_endpoint: `${ISSUER}/par`,
    authorization_endpoint: `${ISSUER}/auth`,
    grant_types_supported: expect.arrayContaining(['client_credentials', 'authorization_code']) as unknown,
  });
  const answer = await openid.clientCredentialsGrant(config, {
    resource: CLASSIFICATION,
    scope: `cvr:${MUNICIPALITY}`,
  });
  expect(answer).toMatchObject({ token_type: 'bearer', scope: `cvr:${MUNICIPALITY}` });
  expect(decodeProtectedHeader(answer.access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
  const { system } = MadeUpClient.demo(at);
  const claims = decodeJwt(answer.access_token);
  expect(claims).toMatchObject({
    iss: ISSUER,
    aud: CLASSIFICATION,
    sub: system,
    client_id: system,
    scope: `cvr:${MUNICIPALITY}`,
    cvr: MUNICIPALITY,
    agv: 1,
  });
  expect(Number(claims.exp) - Number(claims.iat)).toBe(300);
  const caller = await verifier().verify({
    method: 'GET',
    url: '/klassifikation/v1/klasser',
    headers: { authorization: `Bearer ${answer.access_token}` },
  });
  expect(caller).toMatchObject({
    system,
    owner: MUNICIPALITY,
    agreement: claims['agr'],
    agreementVersion: 1,
  });
  expect(caller.groups.flatMap(({ privileges }) => privileges)).toContain('klasse:laes');
});

test('every answer tells which request it answers, and no other discovery has other endpoints', async () => {
  const transaction = randomUUID();
  const response = await at.fetch(`${ISSUER}/.well-known/openid-configuration`, {
    headers: { 'x-TransaktionsId': transaction },
  });
  expect(response.headers.get('x-TransaktionsId')).toBe(transaction);
  const known = (await response.json()) as Record<string, unknown>;
  const endpoints = Object.keys(known).filter((name) => name.endsWith('_endpoint'));
  expect(endpoints.sort()).toEqual([
    'authorization_endpoint',
    'pushed_authorization_request_endpoint',
    'token_endpoint',
  ]);
  expect(known).toMatchObject({
    grant_types_supported: expect.not.arrayContaining(['implicit', 'refresh_token', 'password']) as unknown,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    code_challenge_methods_supported: ['S256'],
    require_pushed_authorization_requests: true,
  });
});

describe('T11', () => {
  const refused = async (client: MadeUpClient, assertion: string) => {
    const { status, body } = await client.ask(await client.form({ client_assertion: assertion }));
    expect(body).toMatchObject({ error: 'invalid_client' });
    expect(status).toBe(401);
  };

  test('an assertion is good once, and of many that come at once one alone gets a token', async () => {
    const client = MadeUpClient.demo(at);
    const assertion = await client.assertion();
    const form = await client.form({ client_assertion: assertion });
    const answers = await Promise.all(Array.from({ length: 8 }, () => client.ask(form)));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      200,
      ...Array.from({ length: 7 }, () => 401),
    ]);
    await refused(client, assertion);
  });

  test.each([
    ['the address of the token endpoint', `${ISSUER}/token`],
    ['a list with the issuer in it', [ISSUER]],
    ['the issuer with a slash', `${ISSUER}/`],
    ['another issuer', 'https://example.dk'],
  ])('an assertion for %s', async (_, aud) => {
    const client = MadeUpClient.demo(at);
    await refused(client, await client.assertion({ aud }));
  });

  test.each([
    ['without end', { exp: undefined }],
    ['that has ended', { exp: Math.floor(Date.now() / 1000) - 60 }],
    ['that lives for an hour', { exp: Math.floor(Date.now() / 1000) + 3600 }],
    ['without id', { jti: undefined }],
    ['in another’s name', { iss: randomUUID() }],
  ])('an assertion %s', async (_, claims) => {
    const client = MadeUpClient.demo(at);
    await refused(client, await client.assertion(claims));
  });

  test('an assertion signed with the public key as a secret, or not at all', async () => {
    const client = MadeUpClient.demo(at);
    const open = JSON.stringify({ ...client.key, d: undefined });
    const claims = { iss: client.system, sub: client.system, aud: ISSUER, jti: randomUUID() };
    const confused = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1m')
      .sign(new TextEncoder().encode(open));
    await refused(client, confused);
    const [, payload] = confused.split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    await refused(client, `${none}.${payload}.`);
  });

  test('an assertion by another’s key, and by one whose secret stands in the register', async () => {
    const client = MadeUpClient.demo(at);
    const { secret } = await newKey('ES256', client.key.kid);
    await refused(client, await client.assertion({}, { key: secret }));
    const [system, shown] = [randomUUID(), await newKey()];
    await at.write(COMMON_OWNER, [registered(system, { keys: [shown.secret] })]);
    const careless = new MadeUpClient(at, system, shown.secret);
    await refused(careless, await careless.assertion());
  });

  test('a key that cannot be read does not stand in the way of one that can', async () => {
    const [system, { secret, open }] = [randomUUID(), await newKey()];
    const broken = [
      { kty: 'EC', crv: 'P-256', kid: 'half' },
      { kty: 'oct', k: 'aGVtbWVsaWc', kid: 'shared' },
    ];
    await at.write(COMMON_OWNER, [registered(system, { keys: [...broken, open] })]);
    await at.write(MUNICIPALITY, [agreed(randomUUID(), system)]);
    const client = new MadeUpClient(at, system, secret);
    expect(await client.ask(await client.form())).toMatchObject({ status: 200 });
  });

  test('a key that is taken away is out of use, and the other that the system has is not', async () => {
    const [system, agreement] = [randomUUID(), randomUUID()];
    const [first, second] = [await newKey(), await newKey('PS256')];
    await at.write(COMMON_OWNER, [registered(system, { keys: [first.open, second.open] })]);
    await at.write(MUNICIPALITY, [agreed(agreement, system)]);
    const before = new MadeUpClient(at, system, first.secret);
    const after = new MadeUpClient(at, system, second.secret);
    const statusOf = async (client: MadeUpClient) => (await client.ask(await client.form())).status;
    expect([await statusOf(before), await statusOf(after)]).toEqual([200, 200]);
    await at.write(COMMON_OWNER, [registered(system, { keys: [second.open] })]);
    while ((await statusOf(before)) === 200);
    await refused(before, await before.assertion());
    expect(await statusOf(after)).toBe(200);
  });

  test('a system that is closed, unknown, or of no kind that asks', async () => {
    const { secret, open } = await newKey();
    const [closed, idp] = [randomUUID(), randomUUID()];
    await at.write(COMMON_OWNER, [
      registered(closed, { keys: [open], tilstand: 'Lukket' }),
      registered(idp, { keys: [open], types: ['IdentityProvider'] }),
    ]);
    for (const system of [closed, idp, randomUUID()]) {
      const client = new MadeUpClient(at, system, secret);
      await refused(client, await client.assertion());
    }
  });
});

describe('T12', () => {
  test('a service that the agreement does not give is not a target', async () => {
    const client = await agreedClient(at);
    const resource = 'urn:stoettesystemerne:service:adgangsstyring';
    expect(await client.ask(await client.form({ resource }))).toMatchObject({
      status: 400,
      body: {
        error: 'invalid_target',
        error_description: expect.stringMatching(/^ingen_roller: /) as unknown,
      },
    });
    expect(await client.ask(await client.form({ resource: 'urn:ukendt:service' }))).toMatchObject({
      status: 400,
      body: {
        error: 'invalid_target',
        error_description: expect.stringMatching(/^ukendt_service: /) as unknown,
      },
    });
  });

  test('a municipality that has agreed to nothing is not in the scope', async () => {
    const client = await agreedClient(at);
    expect(await client.ask(await client.form({ scope: 'cvr:87654321' }))).toMatchObject({
      status: 400,
      body: {
        error: 'invalid_scope',
        error_description: expect.stringMatching(/^ingen_aftale: /) as unknown,
      },
    });
  });

  test('an agreement that is revoked gives nothing', async () => {
    const { secret, open } = await newKey();
    const system = randomUUID();
    await at.write(COMMON_OWNER, [registered(system, { keys: [open] })]);
    await at.write(MUNICIPALITY, [agreed(randomUUID(), system, { status: 'Ophaevet' })]);
    const client = new MadeUpClient(at, system, secret);
    expect(await client.ask(await client.form())).toMatchObject({
      status: 400,
      body: {
        error: 'invalid_scope',
        error_description: expect.stringMatching(/^aftale_ikke_i_kraft: /) as unknown,
      },
    });
  });

  test('an agreement that starts tomorrow or ended yesterday gives nothing, and one that ends soon a short token', async () => {
    const DAY = 86_400_000;
    const day = (from: number) => new Date(Date.now() + from).toISOString();
    const statesOf = async (...states: readonly [fra: string, til: string | undefined, vaerdi: string][]) => {
      const { secret, open } = await newKey();
      const system = randomUUID();
      const item = agreed(randomUUID(), system);
      const status = states.map(([fra, til, vaerdi]) => ({
        virkning: til === undefined ? { fra } : { fra, til },
        vaerdi,
      }));
      await at.write(COMMON_OWNER, [registered(system, { keys: [open] })]);
      await at.write(MUNICIPALITY, [{ ...item, input: { ...item.input, tilstande: { status } } }]);
      const client = new MadeUpClient(at, system, secret);
      return client.ask(await client.form());
    };
    const [long, yesterday, tomorrow, soon] = [day(-30 * DAY), day(-DAY), day(DAY), day(100_000)];
    const refused = { status: 400, body: { error: 'invalid_scope' } };
    expect(await statesOf([long, tomorrow, 'Godkendt'], [tomorrow, undefined, 'Aktiv'])).toMatchObject(
      refused,
    );
    expect(await statesOf([long, yesterday, 'Aktiv'], [yesterday, undefined, 'Udloebet'])).toMatchObject(
      refused,
    );
    const { status, body } = await statesOf([long, soon, 'Aktiv'], [soon, undefined, 'Udloebet']);
    expect(status).toBe(200);
    expect(body['expires_in']).toBeLessThanOrEqual(100);
    const { iat = 0, exp = 0 } = decodeJwt(String(body['access_token']));
    expect(exp - iat).toBe(body['expires_in']);
  });

  test('a refusal is told of in the log, and nothing of what was shown', async () => {
    const client = await agreedClient(at);
    const form = await client.form({ scope: 'cvr:87654321' });
    lines.length = 0;
    await client.ask(form);
    const told = lines.find((line) => line.includes('token refused')) ?? '';
    expect(JSON.parse(told)).toMatchObject({
      system: client.system,
      service: CLASSIFICATION,
      owner: '87654321',
      error: 'invalid_scope',
      why: 'ingen_aftale',
    });
    expect(lines.join('')).not.toContain(form.get('client_assertion')!.slice(0, 60));
  });
});

describe('T14', () => {
  test.each([
    ['resource', CLASSIFICATION],
    ['scope', `cvr:${MUNICIPALITY}`],
    ['grant_type', 'client_credentials'],
    ['client_assertion', 'x.y.z'],
  ])('two %s', async (name, value) => {
    const client = MadeUpClient.demo(at);
    const form = await client.form();
    form.append(name, value);
    expect(await client.ask(form)).toMatchObject({ status: 400 });
  });

  test('a body in JSON, or in nothing', async () => {
    const client = MadeUpClient.demo(at);
    const body = JSON.stringify(Object.fromEntries(await client.form()));
    expect(await client.ask(body, { 'content-type': 'application/json' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
    expect(await client.ask('')).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  test.each([
    ['any authorization_details', { authorization_details: '[]' }, 'invalid_request'],
    ['no resource', { resource: null }, 'invalid_target'],
    ['no scope', { scope: null }, 'invalid_scope'],
    ['two municipalities', { scope: `cvr:${MUNICIPALITY} cvr:87654321` }, 'invalid_scope'],
    ['a word more', { scope: `openid cvr:${MUNICIPALITY}` }, 'invalid_scope'],
    ['no municipality', { scope: 'cvr:1234' }, 'invalid_scope'],
    ['a resource that is no address', { resource: 'klassifikation' }, 'invalid_target'],
    ['another grant', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['no code for a system without users', { grant_type: 'authorization_code' }, 'invalid_request'],
  ])('%s', async (_, otherwise: Record<string, string | null>, error) => {
    const client = MadeUpClient.demo(at);
    expect(await client.ask(await client.form(otherwise))).toMatchObject({ status: 400, body: { error } });
  });
});

test('A5: a token that is asked for with a proof is bound to its key, and the proof is good once', async () => {
  const client = MadeUpClient.demo(at);
  const config = await client.openid();
  const keys = await openid.randomDPoPKeyPair('ES256');
  const DPoP = openid.getDPoPHandle(config, keys);
  const wish = { resource: CLASSIFICATION, scope: `cvr:${MUNICIPALITY}` };
  const answer = await openid.clientCredentialsGrant(config, wish, { DPoP });
  expect(answer.token_type).toBe('dpop');
  const { cnf } = decodeJwt(answer.access_token);
  expect(cnf).toEqual({ jkt: await DPoP.calculateThumbprint() });
  await expect(
    verifier().verify({
      method: 'GET',
      url: '/klassifikation/v1/klasser',
      headers: { authorization: `Bearer ${answer.access_token}` },
    }),
  ).rejects.toMatchObject({ status: 401 });
});

test('A8: a token that is too large to send is refused with a word for it', () => {
  const many = Array.from(
    { length: 900 },
    (_, number) => `27.${String(number % 90).padStart(2, '0')}.${number}`,
  );
  const authorized = {
    service: CLASSIFICATION,
    owner: MUNICIPALITY,
    scope: `cvr:${MUNICIPALITY}`,
    behalf: null,
    decision: {
      refused: null,
      groups: [
        {
          kind: 'system',
          privileges: ['klasse:laes'],
          constraints: { kle: many },
          ground: { kind: 'system' },
        },
      ],
      void: [],
      agreement: null,
      until: null,
    },
  } as const;
  const issued = { iss: ISSUER, iat: 0, exp: 300, jti: 'x', client_id: randomUUID() };
  expect(() => claimsOf(issued, authorized)).toThrow(
    expect.objectContaining({ error: 'invalid_target', error_detail: 'token_for_stort' }) as Error,
  );
});

test('O1: each token and each refusal is in the municipality’s security log, with the rule', async () => {
  const client = MadeUpClient.demo(at, 'demo-begraenset');
  const { body } = await client.ask(await client.form());
  const { jti } = decodeJwt(String(body['access_token']));
  const refused = await client.ask(await client.form({ scope: 'cvr:87654321' }));
  expect(refused.body['error']).toBe('invalid_scope');
  const logged = async (owner: string) => {
    const { rows } = await at.service.app.get(Database).run(
      { owner },
      {
        name: 'spec-log',
        text: `select allowed, rule, criteria->>'jti' as jti from audit where operation = 'token' and system = $1
          order by id`,
        values: [client.system],
      },
    );
    return rows;
  };
  expect((await logged(MUNICIPALITY)).at(-1)).toEqual({ allowed: true, rule: null, jti });
  for (let rows = 0; rows === 0;) rows = (await logged('87654321')).length;
  expect(await logged('87654321')).toEqual([{ allowed: false, rule: 'ingen_aftale', jti: null }]);
});
