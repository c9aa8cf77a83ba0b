import { hash, randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { define, type Refusal } from '@stoettesystemer/object';
import { Database, poolFor, serviceDatabase } from '@stoettesystemer/postgres';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  type GenerateKeyPairResult,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';
import type { Pool } from 'pg';
import { DevelopmentIssuer } from '../development/development-issuer';
import { developmentKeysFile } from '../development/signing-key';
import { DenyList } from './deny-list';
import { KeySource } from './key-source';
import type { TokenRequest } from './presented';
import { DatabaseReplayStore, dpopSchema, type ReplayStore } from './replay-store';
import { TokenVerifier, type TokenVerifierOptions } from './token-verifier';

const Klasse = define({
  name: 'Klasse',
  path: 'klasser',
  doc: 'Til test.',
  deletion: 'logical',
  attributes: {},
  states: {},
  relations: {},
});
const directory = mkdtempSync(join(tmpdir(), 'adgang-'));
const ISSUER = 'https://adgang.example';
const URL_OF = 'https://api.example.dk/klassifikation/v1/klasser';

let issuer: DevelopmentIssuer;
let keys: KeySource;
let pool: Pool;
let login: Pool;
let proofs: DatabaseReplayStore;
let holder: GenerateKeyPairResult;
let jwk: JWK;
let jkt: string;
let token: string;

beforeAll(async () => {
  const server = { url: process.env['TEST_DATABASE_URL'] ?? '', prefix: `test_${process.env['TEST_RUN']}` };
  const url = await serviceDatabase(server, 'access_proof');
  login = poolFor(url, { size: 1 });
  await login.query(
    `drop table if exists dpop_proof; grant usage on schema public to stoette_app; ${dpopSchema}`,
  );
  pool = poolFor(url, { size: 4, role: 'stoette_app' });
  proofs = new DatabaseReplayStore(new Database(pool));
  issuer = await DevelopmentIssuer.open({
    profile: 'udvikling',
    directory,
    services: { klassifikation: [Klasse] },
  });
  keys = await KeySource.open({ from: developmentKeysFile(directory) });
  holder = await generateKeyPair('ES256', { extractable: true });
  jwk = await exportJWK(holder.publicKey);
  jkt = await calculateJwkThumbprint(jwk);
  token = await tokenOf({ cnf: { jkt } as never });
});
afterAll(async () => {
  keys.close();
  await pool.end();
  await login.end();
});

const tokenOf = (changes: JWTPayload): Promise<string> =>
  issuer.sign({
    ...issuer.claims({ system: 'demo-fagsystem', service: 'klassifikation', cvr: '12345678' }),
    iss: ISSUER,
    ...changes,
  });
const verifierWith = (options: Partial<TokenVerifierOptions> = {}) =>
  new TokenVerifier({
    profile: 'produktion',
    issuer: ISSUER,
    service: 'klassifikation',
    types: [Klasse],
    keys: keys.find,
    revoked: new DenyList(),
    proofs,
    externalUrl: 'https://api.example.dk',
    ...options,
  });
const proofOf = (changes: JWTPayload = {}, header: object = {}, key = holder.privateKey): Promise<string> =>
  new SignJWT({
    jti: randomUUID(),
    htm: 'GET',
    htu: URL_OF,
    iat: Math.floor(Date.now() / 1000),
    ath: hash('sha256', token, 'base64url'),
    ...changes,
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...header })
    .sign(key);
const get = (
  authorization: string,
  dpop?: string | string[],
  rest: Partial<TokenRequest> = {},
): TokenRequest => ({
  method: 'GET',
  url: '/klassifikation/v1/klasser?titel=Skole*',
  ...rest,
  headers: { authorization, dpop },
});
const causeOf = (request: TokenRequest, verifier = verifierWith()): Promise<unknown> =>
  verifier.verify(request).then(
    () => 'let in',
    ({ status, cause }: Refusal) => (status === 401 ? cause : status),
  );

it('lets the holder in', async () => {
  const verifier = verifierWith();
  expect(await causeOf(get(`DPoP ${token}`, await proofOf()), verifier)).toBe('let in');
  expect(await causeOf(get(`DPoP ${token}`, await proofOf()), verifier)).toBe('let in');
});

it('lets a holder with an RSA key in', async () => {
  const rsa = await generateKeyPair('PS256');
  const own = await exportJWK(rsa.publicKey);
  const bound = await tokenOf({ cnf: { jkt: await calculateJwkThumbprint(own) } as never });
  const proof = await proofOf(
    { ath: hash('sha256', bound, 'base64url') },
    { alg: 'PS256', jwk: own },
    rsa.privateKey,
  );
  expect(await causeOf(get(`DPoP ${bound}`, proof))).toBe('let in');
});

describe('T9', () => {
  it.each(['udvikling', 'produktion'] as const)(
    'refuses a bound token without its holder in profile %s',
    async (profile) => {
      const verifier = verifierWith({ profile });
      const proof = await proofOf();
      expect(await causeOf(get(`Bearer ${token}`, proof), verifier)).toBe(
        'the scheme is not that of the token',
      );
      expect(await causeOf(get(`Bearer ${token}`), verifier)).toBe('the scheme is not that of the token');
      expect(await causeOf(get(`DPoP ${token}`), verifier)).toBe('no DPoP proof');
      expect(await causeOf(get(`DPoP ${token}`, [proof, proof]), verifier)).toBe('no DPoP proof');
    },
  );

  it('refuses an unbound token with a proof', async () => {
    const unbound = await tokenOf({});
    const proof = await proofOf({ ath: hash('sha256', unbound, 'base64url') });
    expect(await causeOf(get(`DPoP ${unbound}`, proof), verifierWith({ profile: 'udvikling' }))).toBe(
      'the scheme is not that of the token',
    );
  });

  it('refuses a proof made with another key', async () => {
    const other = await generateKeyPair('ES256');
    const own = await exportJWK(other.publicKey);
    expect(await causeOf(get(`DPoP ${token}`, await proofOf({}, { jwk: own }, other.privateKey)))).toBe(
      'the proof is made with another key',
    );
    expect(await causeOf(get(`DPoP ${token}`, await proofOf({}, {}, other.privateKey)))).toBe(
      'signature verification failed',
    );
  });

  it('refuses a proof for something else', async () => {
    const now = Math.floor(Date.now() / 1000);
    const wrong: [JWTPayload, string][] = [
      [{ htm: 'POST' }, 'the proof is for another method'],
      [{ htm: 'get' }, 'the proof is for another method'],
      [{ htu: `${URL_OF}/x` }, 'the proof is for another address'],
      [{ htu: URL_OF.replace('https', 'http') }, 'the proof is for another address'],
      [{ htu: URL_OF.replace('api', 'ond') }, 'the proof is for another address'],
      [{ htu: `${URL_OF}?titel=Skole*` }, 'the proof is for another address'],
      [{ htu: 'klasser' }, 'the proof is for another address'],
      [{ ath: hash('sha256', 'en anden', 'base64url') }, 'the proof is for another token'],
      [{ iat: now - 62 }, 'the proof is not of now'],
      [{ iat: now + 62 }, 'the proof is not of now'],
      [{ iat: `${now}` as never }, '"iat" claim must be a number'],
      [{ jti: '' }, 'malformed jti'],
      [{ jti: 'x'.repeat(300) }, 'malformed jti'],
    ];
    for (const [changes, cause] of wrong)
      expect([changes, await causeOf(get(`DPoP ${token}`, await proofOf(changes)))]).toEqual([
        changes,
        cause,
      ]);
    for (const claim of ['jti', 'htm', 'htu', 'iat', 'ath'])
      expect(await causeOf(get(`DPoP ${token}`, await proofOf({ [claim]: undefined })))).toBe(
        `missing required "${claim}" claim`,
      );
  });

  it('takes a proof whose clock is 50 s off', async () => {
    const now = Math.floor(Date.now() / 1000);
    for (const iat of [now - 50, now + 50])
      expect(await causeOf(get(`DPoP ${token}`, await proofOf({ iat })))).toBe('let in');
  });

  it('refuses what is not a proof', async () => {
    const secret = await exportJWK(holder.privateKey);
    for (const header of [
      { typ: 'JWT' },
      { typ: 'at+jwt' },
      { typ: undefined },
      { jwk: undefined },
      { jwk: secret },
      { jwk: { kty: 'oct', k: 'AAAA' } },
    ])
      expect(await causeOf(get(`DPoP ${token}`, await proofOf({}, header)))).not.toBe('let in');
    const edwards = await generateKeyPair('EdDSA');
    const own = await exportJWK(edwards.publicKey);
    const bound = await tokenOf({ cnf: { jkt: await calculateJwkThumbprint(own) } as never });
    const proof = await proofOf(
      { ath: hash('sha256', bound, 'base64url') },
      { alg: 'EdDSA', jwk: own },
      edwards.privateKey,
    );
    expect(await causeOf(get(`DPoP ${bound}`, proof))).toBe(
      '"alg" (Algorithm) Header Parameter value not allowed',
    );
  });

  it('refuses a private key in the proof, also when the public one is known', async () => {
    expect(await causeOf(get(`DPoP ${token}`, await proofOf()))).toBe('let in');
    const secret = await exportJWK(holder.privateKey);
    expect(await causeOf(get(`DPoP ${token}`, await proofOf({}, { jwk: secret })))).toBe(
      'the proof gives its private key away',
    );
  });

  it('takes a proof once, however many come at once and wherever', async () => {
    const request = get(`DPoP ${token}`, await proofOf());
    const verifiers = [verifierWith(), verifierWith({ proofs: new DatabaseReplayStore(new Database(pool)) })];
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => causeOf(request, verifiers[at % 2])),
    );
    expect(answers.filter((answer) => answer === 'let in')).toHaveLength(1);
    expect(new Set(answers)).toEqual(new Set(['let in', 'the proof is used already']));
  });
});

describe('the store', () => {
  it('answers 503 when it cannot be asked', async () => {
    const broken: ReplayStore = { claim: () => Promise.reject(new Error('gone')) };
    expect(await causeOf(get(`DPoP ${token}`, await proofOf()), verifierWith({ proofs: broken }))).toBe(503);
  });

  it('tells keys and ids apart', async () => {
    const until = Math.floor(Date.now() / 1000) + 60;
    expect(await proofs.claim('k1', 'a', until)).toBe(true);
    expect(await proofs.claim('k2', 'a', until)).toBe(true);
    expect(await proofs.claim('k1', 'b', until)).toBe(true);
    expect(await proofs.claim('k1', 'a', until)).toBe(false);
  });

  it('forgets what can no longer be used', async () => {
    const now = Math.floor(Date.now() / 1000);
    await proofs.claim('k3', 'old', now - 61);
    await proofs.claim('k3', 'new', now + 60);
    await new DatabaseReplayStore(new Database(pool)).claim('k3', 'other', now + 60);
    const { rows } = await login.query<{ old: number; all: number }>(
      `select count(*) filter (where until < now())::int as old, count(*)::int as all from dpop_proof`,
    );
    expect(rows[0]?.old).toBe(0);
    expect(rows[0]?.all).toBeGreaterThanOrEqual(2);
  });

  it('lets the application neither read nor change what is there', async () => {
    await expect(pool.query('select key from dpop_proof')).rejects.toThrow('permission denied');
    await expect(pool.query('update dpop_proof set until = now()')).rejects.toThrow('permission denied');
  });
});
