import { createHmac, createPublicKey, createSecretKey } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { define, type Refusal } from '@stoettesystemer/object';
import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWTPayload, SignJWT } from 'jose';
import { DevelopmentIssuer } from '../development/development-issuer';
import { DEVELOPMENT_ISSUER } from '../development/name';
import { developmentKeysFile } from '../development/signing-key';
import { DenyList } from './deny-list';
import { KeySource } from './key-source';
import type { TokenRequest } from './presented';
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
const wish = { system: 'demo-fagsystem', service: 'klassifikation', cvr: '12345678' };
const directory = mkdtempSync(join(tmpdir(), 'adgang-'));

let issuer: DevelopmentIssuer;
let keys: KeySource;
let verifier: TokenVerifier;
let revoked: DenyList;
let now = Date.now();

const verifierWith = (options: Partial<TokenVerifierOptions> = {}): TokenVerifier =>
  new TokenVerifier({
    profile: 'udvikling',
    issuer: DEVELOPMENT_ISSUER,
    service: 'klassifikation',
    types: [Klasse],
    keys: keys.find,
    revoked,
    proofs: { claim: () => Promise.reject(new Error('no proof is expected')) },
    externalUrl: 'https://api.example.dk',
    now: () => now,
    ...options,
  });

beforeAll(async () => {
  issuer = await DevelopmentIssuer.open({
    profile: 'udvikling',
    directory,
    services: { klassifikation: [Klasse], sagsindeks: [Klasse] },
  });
  keys = await KeySource.open({ from: developmentKeysFile(directory) });
});
afterAll(() => keys.close());
beforeEach(() => {
  now = Date.now();
  revoked = new DenyList({ now: () => now });
  verifier = verifierWith();
});

const get = (authorization?: string, rest: Partial<TokenRequest> = {}): TokenRequest => ({
  method: 'GET',
  url: '/klassifikation/v1/klasser',
  ...rest,
  headers: { ...(authorization === undefined ? {} : { authorization }), ...rest.headers },
});
const claims = (changes: JWTPayload = {}): JWTPayload => ({ ...issuer.claims(wish), ...changes });
const bearer = async (changes: JWTPayload = {}, header = {}): Promise<TokenRequest> =>
  get(`Bearer ${await issuer.sign(claims(changes), header)}`);
const second = (): number => Math.floor(now / 1000);
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const refusalOf = async (request: TokenRequest, by = verifier): Promise<Refusal> =>
  by.verify(request).then(
    () => Promise.reject(new Error('let in')),
    (refusal: Refusal) => refusal,
  );
async function expectRefused(request: TokenRequest, by = verifier): Promise<void> {
  const { status, kode, detail, headers, fejl } = await refusalOf(request, by);
  expect({ status, kode, detail, fejl }).toEqual({
    status: 401,
    kode: 'token',
    detail: 'Adgangstokenet mangler eller kan ikke bruges.',
    fejl: [],
  });
  expect(headers['WWW-Authenticate']).toMatch(/^(Bearer|DPoP) .*error="invalid_token"/);
}

it('makes a caller of a token', async () => {
  const payload = claims();
  const caller = await verifier.verify(get(`Bearer ${await issuer.sign(payload)}`));
  expect(caller).toEqual({
    service: 'klassifikation',
    owner: '12345678',
    system: payload['client_id'],
    subject: payload.sub,
    assurance: null,
    agreement: payload['agr'],
    agreementVersion: 1,
    tokenId: payload.jti,
    issued: payload.iat,
    expires: payload.exp,
    groups: [
      {
        kind: 'system',
        privileges: [
          'klasse:laes',
          'klasse:skriv',
          'klasse:slet',
          'klasse:importer',
          'klasse:historik',
          'klassifikation:sikkerhedslog',
        ],
        constraints: {},
      },
    ],
  });
});

describe('T1: where the token is', () => {
  it.each([
    ['nowhere', get()],
    ['Basic', get('Basic ZGVtbzpkZW1v')],
    ['empty', get('Bearer ')],
    ['two tokens', get('Bearer a.b.c, Bearer a.b.c')],
  ])('refuses %s', (_, request) => expectRefused(request));

  it('refuses a good token in the query, in the body, and beside itself', async () => {
    const { headers } = await bearer();
    const token = headers['authorization']?.slice('Bearer '.length);
    await expectRefused(get(undefined, { url: `/klasser?access_token=${String(token)}` }));
    await expectRefused(get(undefined, { url: `/klasser?a=b&%61ccess_token=${String(token)}`, headers }));
    await expectRefused(get(undefined, { body: { access_token: token }, headers }));
    await expectRefused(
      get(undefined, { headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' } }),
    );
    await expect(
      verifier.verify(
        get(undefined, { body: { titel: 'access_token' }, url: '/klasser?titel=access_token', headers }),
      ),
    ).resolves.toBeDefined();
  });

  it('takes the scheme in any case', async () => {
    const { headers } = await bearer();
    await verifier.verify(get(String(headers['authorization']).replace('Bearer', 'bEARER')));
  });
});

describe('T2: no signature', () => {
  it.each(['none', 'None', 'nOnE', 'NONE'])('refuses alg %s', async (alg) => {
    const head = encode({ alg, typ: 'at+jwt' });
    await expectRefused(get(`Bearer ${head}.${encode(claims())}.`));
    await expectRefused(get(`Bearer ${head}.${encode(claims())}.AAAA`));
  });

  it('refuses an empty or another signature', async () => {
    const [head, body] = (await issuer.issue(wish)).split('.');
    const [, , other] = (await issuer.issue(wish)).split('.');
    await expectRefused(get(`Bearer ${head!}.${body!}.`));
    await expectRefused(get(`Bearer ${head!}.${body!}.${other!}`));
    await expectRefused(get(`Bearer ${head!}.${encode(claims({ cvr: '87654321' }))}.${other!}`));
  });
});

describe('T3: key confusion', () => {
  const jwk = () =>
    (JSON.parse(readFileSync(developmentKeysFile(directory), 'utf8')) as JSONWebKeySet).keys[0]!;

  it.each([
    [
      'PEM',
      () => createPublicKey({ format: 'jwk', key: jwk() as never }).export({ format: 'pem', type: 'spki' }),
    ],
    [
      'DER',
      () => createPublicKey({ format: 'jwk', key: jwk() as never }).export({ format: 'der', type: 'spki' }),
    ],
    ['JWK', () => JSON.stringify(jwk())],
    ['point', () => Buffer.from(jwk().x!, 'base64url')],
  ])('refuses HS256 made with the public key as %s', async (_, secret) => {
    const signed = `${encode({ alg: 'HS256', typ: 'at+jwt', kid: jwk().kid })}.${encode(claims())}`;
    const mac = createHmac('sha256', createSecretKey(Buffer.from(secret())))
      .update(signed)
      .digest('base64url');
    await expectRefused(get(`Bearer ${signed}.${mac}`));
  });

  it('refuses a key that the token brings itself, in any header', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const own = await exportJWK(publicKey);
    for (const header of [
      { jwk: own },
      { jku: 'https://ond.example/jwks' },
      { x5u: 'https://ond.example/cert' },
      { x5c: ['AAAA'] },
      {},
    ])
      for (const kid of [undefined, jwk().kid])
        await expectRefused(
          get(
            `Bearer ${await new SignJWT(claims()).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', ...(kid ? { kid } : {}), ...header }).sign(privateKey)}`,
          ),
        );
  });

  it('does not look at those headers in a good token', async () => {
    await verifier.verify(
      await bearer({}, { jku: 'https://ond.example/jwks', x5u: 'https://ond.example/cert' }),
    );
  });

  it('refuses other algorithms of a key it knows', async () => {
    for (const alg of ['RS256', 'ES384', 'EdDSA']) {
      const { privateKey } = await generateKeyPair(alg);
      await expectRefused(
        get(
          `Bearer ${await new SignJWT(claims()).setProtectedHeader({ alg, typ: 'at+jwt', kid: jwk().kid! }).sign(privateKey)}`,
        ),
      );
    }
  });
});

describe('T5: whom the token is for, and whose it is', () => {
  const mine = 'urn:stoettesystemerne:service:klassifikation';
  it.each([
    ['another service', { aud: 'urn:stoettesystemerne:service:sagsindeks' }],
    ['two services', { aud: [mine, 'urn:stoettesystemerne:service:sagsindeks'] }],
    ['one in a list', { aud: [mine] }],
    ['a slash at the end', { aud: `${mine}/` }],
    ['upper case', { aud: mine.toUpperCase() }],
    ['nobody', { aud: undefined }],
    ['another issuer', { iss: 'https://adgang.example' }],
    ['issuers in a list', { iss: [DEVELOPMENT_ISSUER] as never }],
    ['no issuer', { iss: undefined }],
  ])('refuses %s', async (_, changes) => expectRefused(await bearer(changes as JWTPayload)));
});

describe('T6: when', () => {
  it.each<[string, () => JWTPayload]>([
    ['exp 11 s ago', () => ({ exp: second() - 11 })],
    ['nbf in 60 s', () => ({ nbf: second() + 60 })],
    ['iat in 60 s', () => ({ iat: second() + 60, exp: second() + 300 })],
    ['iat in 12 s', () => ({ iat: second() + 12, exp: second() + 300 })],
    ['exp as text', () => ({ exp: `${second() + 300}` as never })],
    ['iat as text', () => ({ iat: `${second()}` as never })],
    ['no exp', () => ({ exp: undefined })],
    ['no iat', () => ({ iat: undefined })],
    ['two hours', () => ({ exp: second() + 7200 })],
    ['601 s', () => ({ iat: second(), exp: second() + 601 })],
  ])('refuses %s', async (_, changes) => expectRefused(await bearer(changes())));

  it.each<[string, () => JWTPayload]>([
    ['exp 5 s ago', () => ({ iat: second() - 300, exp: second() - 5 })],
    ['iat in 5 s', () => ({ iat: second() + 5 })],
    ['nbf now', () => ({ nbf: second() })],
    ['600 s', () => ({ iat: second(), exp: second() + 600 })],
  ])('takes %s', async (_, changes) => {
    await verifier.verify(await bearer(changes()));
  });
});

describe('T7: what it is', () => {
  it.each(['JWT', 'id+jwt', 'logout+jwt', 'dpop+jwt', 'client-authentication+jwt', undefined])(
    'refuses typ %s',
    async (typ) => expectRefused(await bearer({}, { typ })),
  );

  it.each(['sub', 'client_id', 'jti', 'cvr', 'authorization_details'])(
    'refuses a token without %s',
    async (claim) => expectRefused(await bearer({ [claim]: undefined })),
  );

  it.each<[string, JWTPayload]>([
    ['cvr of seven digits', { cvr: '1234567' }],
    ['cvr as a number', { cvr: 12345678 }],
    ['client_id that is no UUID', { client_id: 'demo' }],
    ['agr that is no UUID', { agr: 'aftale' }],
    ['an object as sub', { sub: {} as never }],
    ['an endless jti', { jti: 'x'.repeat(300) }],
    ['groups of another municipality', { cvr: '87654321' }],
  ])('refuses %s', async (_, changes) => expectRefused(await bearer(changes)));

  it('refuses a token of more than 8 kB, and takes one just below', async () => {
    const fill = async (length: number) =>
      get(`Bearer ${await issuer.sign(claims({ fyld: 'x'.repeat(length) }))}`);
    const size = ({ headers }: TokenRequest) => String(headers['authorization']).length - 'Bearer '.length;
    const [large, small] = [await fill(6000), await fill(5000)];
    expect([size(large) > 8192, size(small) < 8192]).toEqual([true, true]);
    await expectRefused(large);
    await verifier.verify(small);
  });
});

describe('holders', () => {
  it('refuses an unbound token in profile produktion, and asks for DPoP', async () => {
    const verifier = verifierWith({ profile: 'produktion', issuer: 'https://adgang.example' });
    const request = await bearer({ iss: 'https://adgang.example' });
    await expectRefused(request, verifier);
    const { cause, headers } = await refusalOf(request, verifier);
    expect(cause).toBe('not bound to a holder');
    expect(headers['WWW-Authenticate']).toMatch(/^DPoP .*algs="ES256 PS256"/);
  });

  it.each([{}, { jwk: {} }, { kid: 'a' }, null, 'x', { jkt: 7 }, { 'x5t#S256': 'kort' }])(
    'refuses cnf %j in every profile',
    async (cnf) => expectRefused(await bearer({ cnf: cnf as never })),
  );

  it('will not trust the issuer of development in profile produktion', () => {
    expect(() => verifierWith({ profile: 'produktion' })).toThrow('profil produktion');
  });
});

describe('mTLS', () => {
  const x5t = 'A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0';
  const from = async (header: object, remoteAddress = '10.0.0.1') => ({
    ...(await bearer({ cnf: { 'x5t#S256': x5t } as never })),
    socket: { remoteAddress },
    extra: header,
  });
  const sent = async (value: string | undefined, remoteAddress?: string): Promise<TokenRequest> => {
    const request = await from({}, remoteAddress);
    return { ...request, headers: { ...request.headers, 'x-client-cert': value } };
  };
  const trusting = () => verifierWith({ proxies: { header: 'x-client-cert', addresses: ['10.0.0.1'] } });

  it('T39: believes no header unless told to', async () => expectRefused(await sent(x5t)));
  it('believes it from the proxy', async () => {
    await trusting().verify(await sent(x5t));
    await trusting().verify(await sent(x5t, '::ffff:10.0.0.1'));
  });
  it('believes it from nobody else', async () => expectRefused(await sent(x5t, '10.0.0.2'), trusting()));
  it('refuses another certificate, none, and nonsense', async () => {
    for (const value of [x5t.replace('A4', 'B4'), undefined, '%', 'x'])
      await expectRefused(await sent(value), trusting());
  });
  it('does not pass over a second way of binding', async () => {
    for (const other of [{ jwk: {} }, { jkt: x5t }]) {
      const request = await bearer({ cnf: { 'x5t#S256': x5t, ...other } as never });
      await expectRefused(
        {
          ...request,
          headers: { ...request.headers, 'x-client-cert': x5t },
          socket: { remoteAddress: '10.0.0.1' },
        },
        trusting(),
      );
    }
  });
  it('does for profile produktion', async () => {
    const verifier = verifierWith({
      profile: 'produktion',
      issuer: 'https://adgang.example',
      proxies: { header: 'x-client-cert', addresses: ['10.0.0.1'] },
    });
    const request = await bearer({ iss: 'https://adgang.example', cnf: { 'x5t#S256': x5t } as never });
    await verifier.verify({
      ...request,
      headers: { ...request.headers, 'x-client-cert': x5t },
      socket: { remoteAddress: '10.0.0.1' },
    });
  });
});

describe('what it remembers', () => {
  it('checks a signature once', async () => {
    let asked = 0;
    const verifier = verifierWith({ keys: (...token) => (asked++, keys.find(...token)) });
    const request = await bearer();
    const callers = [
      await verifier.verify(request),
      await verifier.verify(request),
      await verifier.verify(request),
    ];
    expect(asked).toBe(1);
    expect(new Set(callers).size).toBe(1);
    now += 61_000;
    await verifier.verify(request);
    expect(asked).toBe(2);
  });

  it('does not remember beyond the end of the token', async () => {
    const request = await bearer({ iat: second() - 290, exp: second() + 10 });
    await verifier.verify(request);
    now += 21_000;
    await expectRefused(request);
  });

  it('T18: forgets what is revoked at once', async () => {
    const payload = claims();
    const request = get(`Bearer ${await issuer.sign(payload)}`);
    await verifier.verify(request);
    revoked.add({ agr: String(payload['agr']), until: second() + 600 });
    await expectRefused(request);
    await verifier.verify(await bearer({ agr: undefined }));
  });
});

it('says why to the log and not to the client', async () => {
  const refusals = [
    await refusalOf(get()),
    await refusalOf(await bearer({ aud: 'x' })),
    await refusalOf(await bearer({ cvr: 'x' })),
  ];
  expect(refusals.map(({ cause }) => cause)).toEqual([
    'no token',
    'unexpected "aud" claim value',
    'malformed cvr',
  ]);
  expect(new Set(refusals.map(({ headers }) => headers['WWW-Authenticate'])).size).toBe(1);
});
