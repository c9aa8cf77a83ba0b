import { execFileSync } from 'node:child_process';
import { hash, randomUUID, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMON_OWNER } from '@stoettesystemer/access';
import { decodeJwt, importJWK, type JWK, SignJWT } from 'jose';
import * as openid from 'openid-client';
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

const HEADER = 'x-klient-certifikat';

let at: RunningTokenService;
beforeAll(async () => {
  at = await runningTokenService({
    profile: 'produktion',
    environment: { CERTIFIKAT_HEADER: HEADER, PROXYER: '127.0.0.1,::1' },
  });
});
afterAll(() => at.close());

const wish = { resource: CLASSIFICATION, scope: `cvr:${MUNICIPALITY}` };

async function proofOf({ open, secret }: Awaited<ReturnType<typeof newKey>>, otherwise: object = {}) {
  const { kty, crv, x, y } = open;
  return new SignJWT({ htm: 'POST', htu: `${ISSUER}/token`, jti: randomUUID(), ...otherwise })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty: kty!, crv: crv!, x: x!, y: y! } })
    .setIssuedAt()
    .sign(await importJWK(secret, 'ES256'));
}

describe('T9: no token leaves without a holder', () => {
  test('one that is asked for without a proof is refused', async () => {
    const client = await agreedClient(at);
    expect(await client.ask(await client.form())).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  test('with a proof it is bound to the key of the proof', async () => {
    const config = await (await agreedClient(at)).openid();
    const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256'));
    const { access_token, token_type } = await openid.clientCredentialsGrant(config, wish, { DPoP });
    expect(token_type).toBe('dpop');
    expect(decodeJwt(access_token)['cnf']).toEqual({ jkt: await DPoP.calculateThumbprint() });
  });

  test('a proof is good once', async () => {
    const client = await agreedClient(at);
    const dpop = await proofOf(await newKey());
    expect(await client.ask(await client.form(), { dpop })).toMatchObject({ status: 200 });
    expect(await client.ask(await client.form(), { dpop })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  test.each([
    ['for another address', { htu: `${ISSUER}/par` }],
    ['for the address that we listen on', { htu: 'http://localhost/adgangsstyring/token' }],
    ['for another method', { htm: 'GET' }],
    ['of an hour ago', { iat: Math.floor(Date.now() / 1000) - 3600 }],
  ])('a proof %s', async (_, otherwise: object) => {
    const client = await agreedClient(at);
    const key = await newKey();
    const { kty, crv, x, y } = key.open;
    const claims = {
      htm: 'POST',
      htu: `${ISSUER}/token`,
      jti: randomUUID(),
      iat: Math.floor(Date.now() / 1000),
    };
    const dpop = await new SignJWT({ ...claims, ...otherwise })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty: kty!, crv: crv!, x: x!, y: y! } })
      .sign(await importJWK(key.secret, 'ES256'));
    expect(await client.ask(await client.form(), { dpop })).toMatchObject({
      status: 400,
      body: { error: 'invalid_dpop_proof' },
    });
  });

  test('T12: a test agreement gives nothing here', async () => {
    const { secret, open } = await newKey();
    const system = randomUUID();
    await at.write(COMMON_OWNER, [registered(system, { keys: [open] })]);
    await at.write(MUNICIPALITY, [agreed(randomUUID(), system, { aftaletype: 'Test' })]);
    const client = new MadeUpClient(at, system, secret);
    const dpop = await proofOf(await newKey());
    expect(await client.ask(await client.form(), { dpop })).toMatchObject({
      status: 400,
      body: { error: 'invalid_scope' },
    });
  });
});

describe('a certificate that the proxy has seen', () => {
  function certificateOf(name: string): string {
    const file = join(at.dataDir, `${name}.pem`);
    const subject = ['-subj', `/CN=${name}`, '-days', '2', '-keyout', join(at.dataDir, `${name}.key`)];
    const how = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    execFileSync('openssl', [...how, ...subject, '-out', file], { stdio: 'pipe' });
    return readFileSync(file, 'utf8');
  }
  const form = (client_id: string) =>
    new URLSearchParams({ grant_type: 'client_credentials', client_id, ...wish });
  const register = async (pem: string) => {
    const system = randomUUID();
    await at.write(COMMON_OWNER, [registered(system, { certificates: [{ kid: 'tls', pem }] })]);
    await at.write(MUNICIPALITY, [agreed(randomUUID(), system)]);
    return new MadeUpClient(at, system, {});
  };

  test('shows the system and binds the token, as PEM or as its thumbprint', async () => {
    const pem = certificateOf('systemet');
    const thumbprint = hash('sha256', new X509Certificate(pem).raw, 'base64url');
    const client = await register(pem);
    for (const value of [encodeURIComponent(pem), thumbprint]) {
      const { status, body } = await client.ask(form(client.system), { [HEADER]: value });
      expect(status).toBe(200);
      expect(decodeJwt(String(body['access_token']))['cnf']).toEqual({ 'x5t#S256': thumbprint });
    }
  });

  test('T39: another certificate, none, or nonsense shows nobody', async () => {
    const client = await register(certificateOf('rette'));
    for (const value of [encodeURIComponent(certificateOf('anden')), 'sludder', 'A'.repeat(43)])
      expect(await client.ask(form(client.system), { [HEADER]: value })).toMatchObject({
        status: 401,
        body: { error: 'invalid_client' },
      });
    expect(await client.ask(form(client.system))).toMatchObject({ status: 401 });
  });

  test('T39: a system with a key is not shown by a certificate', async () => {
    const { system } = await agreedClient(at);
    const client = new MadeUpClient(at, system, {});
    expect(await client.ask(form(system), { [HEADER]: 'A'.repeat(43) })).toMatchObject({ status: 401 });
  });
});

test('O6: a client that hurries waits, and does not slow another down', async () => {
  const [one, other] = [await agreedClient(at), await agreedClient(at)];
  const hurry = () =>
    Promise.all(
      Array.from({ length: 60 }, async () =>
        one.ask(await one.form(), { dpop: await proofOf(await newKey()) }),
      ),
    );
  const answers = await hurry();
  // A machine that is slow enough does not hurry.
  while (answers.every(({ status }) => status === 200)) answers.push(...(await hurry()));
  expect(answers.every(({ status }) => status === 200 || status === 429)).toBe(true);
  const slowed = answers.filter(({ status }) => status === 429);
  expect(Number(slowed[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await other.ask(await other.form(), { dpop: await proofOf(await newKey()) })).toMatchObject({
    status: 200,
  });
});

describe('O6: who fails to show who they are', () => {
  const from = async (address: string, client: MadeUpClient, key?: JWK) =>
    client.ask(
      await client.form({ client_assertion: await client.assertion({}, key ? { key } : {}) }),
      // The proxy that we trust adds the last; what the client itself has said stands before it.
      { 'x-forwarded-for': `198.51.100.99, ${address}`, dpop: await proofOf(await newKey()) },
    );

  test('waits, also when they come with the right key; another client, and the real one elsewhere, do not', async () => {
    const [client, other, wrong] = [await agreedClient(at), await agreedClient(at), await newKey()];
    const key = { ...wrong.secret, kid: client.key.kid! };
    for (let tries = 0; tries < 5; tries++)
      expect(await from('192.0.2.1', client, key)).toMatchObject({ status: 401 });
    let slowed = await from('192.0.2.1', client, key);
    // On a machine so slow that the second is over, the wait is longer the next time.
    while (slowed.status === 401) slowed = await from('192.0.2.1', client, key);
    expect(slowed).toMatchObject({ status: 429, body: { error: 'slow_down' } });
    expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await from('192.0.2.1', other)).toMatchObject({ status: 200 });
    expect(await from('192.0.2.2', client)).toMatchObject({ status: 200 });
    while ((await from('192.0.2.1', client)).status !== 200) await new Promise((go) => setTimeout(go, 200));
    for (let tries = 0; tries < 4; tries++)
      expect(await from('192.0.2.1', client, key)).toMatchObject({ status: 401 });
  });

  test('and who tries one unknown system after another', async () => {
    const { secret } = await newKey();
    const known = await agreedClient(at);
    const stranger = () => from('192.0.2.3', new MadeUpClient(at, randomUUID(), secret));
    let answer = await stranger();
    while (answer.status === 401) answer = await stranger();
    expect(answer.status).toBe(429);
    expect(await from('192.0.2.3', known)).toMatchObject({ status: 200 });
  });
});

test('T39: what a stranger says of how we are called is not believed', async () => {
  const response = await at.fetch(`${ISSUER}/.well-known/openid-configuration`, {
    headers: { 'x-forwarded-host': 'ond.example', 'x-forwarded-proto': 'http', 'x-forwarded-for': '1.2.3.4' },
  });
  expect(await response.text()).not.toContain('ond.example');
});
