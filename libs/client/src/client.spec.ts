import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Klasse } from '@stoettesystemer/model';
import {
  calculateJwkThumbprint,
  decodeProtectedHeader,
  EmbeddedJWK,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  jwtVerify,
} from 'jose';
import { Client } from './client';
import { Rejected } from './mailbox';
import { NoAnswer, Problem } from './problem';

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
type Told = [status: number, body?: unknown, headers?: Record<string, string>] | 'hang up';

const SYSTEM = randomUUID();
const OWNER = '12345678';
let key: JWK;
let shown: JWK;
let server: Server;
let address: string;
/** What is asked of the services, and of who issues tokens; what the services answer, one after the other. */
let asked: Asked[];
let tokens: Asked[];
let answers: Told[];

beforeAll(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  key = { ...(await exportJWK(pair.privateKey)), kid: 'n1', alg: 'ES256' };
  shown = await exportJWK(pair.publicKey);
});
beforeEach(async () => {
  [asked, tokens, answers] = [[], [], []];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method = '', url = '', headers } = request;
      const isToken = url === '/adgangsstyring/token';
      (isToken ? tokens : asked).push({ method, url, headers, body });
      const told = isToken
        ? ([200, { access_token: `t${tokens.length}`, expires_in: 300 }] as const)
        : (answers.shift() ?? [200, {}]);
      if (told === 'hang up') return request.socket.destroy();
      const [status, content, more] = told;
      response
        .writeHead(status, { 'content-type': 'application/json', ...more })
        .end(content === undefined ? '' : JSON.stringify(content));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const client = (bound = false) =>
  new Client({ address, system: SYSTEM, key, owner: OWNER, bound, wait: 5000 });
const read = (by: Client) =>
  by.send({ service: 'klassifikation', method: 'GET', path: '/v1/klasser?titel=x' });
const problem = (status: number, kode: string, headers = {}): Told => [
  status,
  { status, kode, detail: 'På dansk', fejl: [{ sti: '/a', kode: 'b', besked: 'c' }] },
  { 'content-type': 'application/problem+json', 'x-transaktionsid': 'T', ...headers },
];

test('one token for a service, asked for by what only the system can sign', async () => {
  const by = client();
  await Promise.all([read(by), read(by)]);
  await by.send({ service: 'organisation', method: 'GET', path: '/v1/brugere' });
  expect(asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t2']);
  const form = new URLSearchParams(tokens[0]!.body);
  expect([form.get('resource'), form.get('scope'), form.get('grant_type')]).toEqual([
    'urn:stoettesystemerne:service:klassifikation',
    `cvr:${OWNER}`,
    'client_credentials',
  ]);
  const assertion = form.get('client_assertion')!;
  const { payload } = await jwtVerify(assertion, await importJWK(shown, 'ES256'), {
    issuer: SYSTEM,
    subject: SYSTEM,
    audience: `${address}/adgangsstyring`,
    requiredClaims: ['jti', 'exp'],
    maxTokenAge: '1m',
  });
  expect(payload.exp! - payload.iat!).toBe(60);
  expect(decodeProtectedHeader(assertion).kid).toBe('n1');
});

test('a bound token is shown with a proof of this request, by the key that it was asked for with', async () => {
  await read(client(true));
  const prints = new Set<string>();
  for (const { method, url, headers } of [tokens[0]!, asked[0]!]) {
    const proof = headers['dpop'] as string;
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt' });
    expect(payload).toMatchObject({ htm: method, htu: `${address}${url.split('?')[0]!}` });
    expect(protectedHeader.jwk).not.toHaveProperty('d');
    prints.add(await calculateJwkThumbprint(protectedHeader.jwk!));
    const ath = createHash('sha256').update('t1').digest('base64url');
    expect(payload['ath']).toBe(url.includes('token') ? undefined : ath);
  }
  expect(prints.size).toBe(1);
  expect(asked[0]!.headers.authorization).toBe('DPoP t1');
});

test('a token that is refused is not used again; the request is sent with another, and at last with one of a later second', async () => {
  const by = client();
  answers.push(problem(401, 'token'), problem(401, 'token'), [200, { data: 1 }]);
  expect((await read(by)).body).toEqual({ data: 1 });
  expect(asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer t1', 'Bearer t2', 'Bearer t3']);
  answers.push(problem(401, 'token'), problem(401, 'token'), problem(401, 'token'));
  await expect(read(by)).rejects.toMatchObject({ status: 401 });
  expect(answers).toEqual([]);
});

test('a problem says what it says', async () => {
  answers.push(problem(422, 'periode'));
  const cause = await read(client()).catch((each: unknown) => each);
  expect(cause).toBeInstanceOf(Problem);
  expect(cause).toMatchObject({
    status: 422,
    kode: 'periode',
    message: 'På dansk',
    transaction: 'T',
    fejl: [{ sti: '/a' }],
  });
  answers.push([502, undefined, { 'content-type': 'text/html' }]);
  const write = { service: 'klassifikation', method: 'PATCH', path: '/v1/klasser/x', body: {} } as const;
  await expect(client().send(write)).rejects.toMatchObject({ status: 502, kode: '' });
});

describe('sent again', () => {
  const klasser = () => client().objects('klassifikation', Klasse);
  const body = { uuid: 'u', registrering: { nummer: 2 } };

  test('what is only read, and what is made under the same key', async () => {
    answers.push('hang up', problem(503, 'utilgaengelig', { 'retry-after': '0' }), [200, body]);
    expect(await klasser().read('u')).toEqual(body);
    expect(asked).toHaveLength(3);
    asked.length = 0;
    answers.push('hang up', [201, body]);
    expect(await klasser().create({})).toEqual(body);
    const [first, second] = asked.map(({ headers }) => headers['idempotency-key']);
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).toBe(first);
  });

  test('not a change of which nothing is known; but one that was turned away at the door', async () => {
    answers.push('hang up');
    await expect(klasser().patch('u', 1, {})).rejects.toBeInstanceOf(NoAnswer);
    answers.push(problem(503, 'utilgaengelig'));
    await expect(klasser().patch('u', 1, {})).rejects.toMatchObject({ status: 503 });
    asked.length = 0;
    answers.push(problem(429, 'for_mange', { 'retry-after': '0' }), [200, body]);
    expect(await klasser().patch('u', 1, {})).toEqual(body);
    expect(asked.map(({ headers }) => headers['if-match'])).toEqual(['"1"', '"1"']);
  });

  test('a change that was made on what had been changed is decided anew', async () => {
    answers.push(
      [200, { ...body, registrering: { nummer: 1 } }],
      problem(412, 'foraeldet'),
      [200, body],
      [200, body],
    );
    const decided: number[] = [];
    await klasser().change('u', ({ registrering }) => {
      decided.push(registrering.nummer);
      return { note: 'Rettet' };
    });
    expect(decided).toEqual([1, 2]);
    expect(asked.map(({ headers }) => headers['if-match'])).toEqual([undefined, '"1"', undefined, '"2"']);
  });

  test('but not for ever', async () => {
    answers.push(...Array.from({ length: 9 }, () => problem(503, 'utilgaengelig', { 'retry-after': '0' })));
    await expect(klasser().read('u')).rejects.toMatchObject({ status: 503 });
    expect(asked).toHaveLength(5);
  });
});

test('what is not there is null, and pages follow one another', async () => {
  const klasser = client().objects('klassifikation', Klasse);
  answers.push(problem(404, 'findes_ikke'));
  expect(await klasser.read('u')).toBeNull();
  asked.length = 0;
  answers.push([200, { data: [1, 2], naeste: 'c+1' }], [200, { data: [3], naeste: null }]);
  const found: unknown[] = [];
  for await (const each of klasser.list({ titel: 'Skole*' })) found.push(each);
  expect(found).toEqual([1, 2, 3]);
  expect(asked.map(({ url }) => url)).toEqual([
    '/klassifikation/v1/klasser?titel=Skole*&limit=500',
    '/klassifikation/v1/klasser?titel=Skole*&limit=500&cursor=c%2B1',
  ]);
});

test('a feed says where it has come to, and when the place is lost', async () => {
  const feed = client().feed('klassifikation');
  const link = '</klassifikation/v1/haendelser?efter=17&epoke=e1>; rel="next"';
  answers.push([200, [{ id: 'a' }], { link }], problem(409, 'epoke'), problem(410, 'position_udloebet'));
  expect(await feed.next({ position: 5 }, { wait: 0, types: ['Klasse'] })).toEqual({
    events: [{ id: 'a' }],
    position: 17,
    epoch: 'e1',
  });
  expect(asked[0]!.url).toBe('/klassifikation/v1/haendelser?efter=5&limit=500&vent=0&type=Klasse');
  for (let time = 0; time < 2; time++)
    await expect(feed.next({ position: 5, epoch: 'e1' }, { wait: 0 })).rejects.toMatchObject({
      name: 'PlaceLost',
    });
});

describe('a dueslag', () => {
  const lease = (...beskeder: object[]): Told => [
    200,
    { krav: 'k', udloeber: new Date(Date.now() + 60_000).toISOString(), beskeder },
  ];
  const none: Told = [200, { krav: null, udloeber: null, beskeder: [] }];

  test('one that fails stops its subject, one that is turned down does not, and the rest is acknowledged', async () => {
    const stopping = new AbortController();
    const messages = ['a1', 'b1', 'a2', 'c1', 'c2'].map((id) => ({ id, source: '/x', subject: id[0] }));
    answers.push(lease(...messages), [204], none);
    const [handled, failed]: string[][] = [[], []];
    const mailbox = client().mailbox('d');
    await mailbox.consume(
      ({ id }) => {
        handled!.push(id);
        if (id === 'a1') throw new Error('For now');
        if (id === 'c1') throw new Rejected('Kan ikke læses');
        if (id === 'c2') stopping.abort();
        return Promise.resolve();
      },
      { signal: stopping.signal, failed: (_, message) => failed!.push(message!.id) },
    );
    expect(handled).toEqual(['a1', 'b1', 'c1', 'c2']);
    expect(failed).toEqual(['a1']);
    expect(JSON.parse(asked[1]!.body)).toEqual({
      krav: 'k',
      modtaget: ['b1', 'c2'],
      afvist: [{ id: 'c1', aarsag: 'Kan ikke læses' }],
    });
  });

  test('a lease that is over is no error, and neither is an installation that comes back', async () => {
    const stopping = new AbortController();
    const message = { id: 'a', source: '/x', subject: 's' };
    answers.push(lease(message), problem(409, 'krav_udloebet'), 'hang up', lease(message), [204]);
    let times = 0;
    const told: unknown[] = [];
    await client()
      .mailbox('d')
      .consume(
        () => {
          if (++times === 2) stopping.abort();
          return Promise.resolve();
        },
        { signal: stopping.signal, failed: (cause) => told.push(cause) },
      );
    expect(times).toBe(2);
    expect(told).toEqual([expect.any(NoAnswer)]);
  });

  test('what will not be otherwise ends it', async () => {
    answers.push(problem(404, 'findes_ikke'));
    const consuming = client()
      .mailbox('d')
      .consume(() => Promise.resolve(), { signal: new AbortController().signal });
    await expect(consuming).rejects.toMatchObject({ status: 404 });
  });
});
