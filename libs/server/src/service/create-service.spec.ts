import { randomBytes, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type Got, running, type Running, type Sent, ship } from '../spec/running';
import { raw } from '../spec/raw';

let service: Running;
beforeAll(async () => {
  service = await running();
});
afterAll(() => service.close());

const SHIPS = '/havn/v1/skibe';
const post = (body: unknown, headers: Sent['headers'] = {}, path = SHIPS) =>
  service.send(path, { method: 'POST', body, headers });
interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly kode: string;
  readonly instance: string;
  readonly oioStatus: number;
  readonly fejl: { readonly sti: string; readonly kode: string; readonly besked: string }[];
}
const problemOf = (got: Got): Problem => {
  expect(got.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(service.faults('POST', SHIPS, { ...got, status: 400 })).toEqual([]);
  return got.json as Problem;
};
const count = async (): Promise<number> =>
  ((await service.send(`${SHIPS}?antal=true&vis=uuid`)).json as { antal: number }).antal;

describe('tokens', () => {
  test.each([
    ['none', {}],
    ['Basic', { authorization: 'Basic eDp5' }],
    ['in the query', { path: `${SHIPS}?access_token=x` }],
    ['not a token', { authorization: 'Bearer x' }],
  ])(
    '%s is 401, and nothing is read or written',
    async (_, { path = SHIPS, ...headers }: { path?: string; authorization?: string }) => {
      const before = await count();
      const got = await service.send(path, { method: 'POST', token: null, headers, body: ship() });
      expect(problemOf(got)).toMatchObject({ status: 401, kode: 'token', oioStatus: 41, fejl: [] });
      expect(got.headers['www-authenticate']).toContain('error="invalid_token"');
      expect(await count()).toBe(before);
    },
  );

  test('is asked for before the body is', async () => {
    const head = `POST ${SHIPS} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n`;
    const answer = await raw(service.port, [head]);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });

  test('of another service, ended, or altered is 401', async () => {
    const claims = service.issuer.claims({ system: 'demo-fagsystem', service: 'havn', cvr: '12345678' });
    const tokens = await Promise.all([
      service.issuer.sign({ ...claims, aud: 'urn:stoettesystemerne:service:andet' }),
      service.issuer.sign({ ...claims, exp: Math.floor(Date.now() / 1000) - 60 }),
      service.issuer.sign(claims, { typ: 'JWT' }),
      service
        .token()
        .then((token) =>
          token.replace(/\.(.)([^.]*)$/, (_, first, rest) => `.${first === 'A' ? 'B' : 'A'}${rest}`),
        ),
    ]);
    for (const token of tokens) expect((await service.send(SHIPS, { token })).status).toBe(401);
  });

  test('without the right to the operation: 403, before the body, and logged', async () => {
    const claims = service.issuer.claims({ system: 'demo-fagsystem', service: 'havn', cvr: '12345678' });
    const details = [{ ...(claims['authorization_details'] as object[])[0], privileges: ['skib:laes'] }];
    const token = await service.issuer.sign({ ...claims, authorization_details: details });
    const transaction = randomUUID();
    const got = await service.send(SHIPS, {
      method: 'POST',
      token,
      headers: { 'x-transaktionsid': transaction },
      body: 'not JSON',
    });
    expect(problemOf(got)).toMatchObject({ status: 403, kode: 'ingen_rettighed' });
    expect((await service.send(SHIPS, { token })).status).toBe(200);
    expect((await service.send('/havn/v1/import', { method: 'POST', token, body: '' })).status).toBe(403);
    const { database } = service;
    const { rows } = await database.run(
      { owner: '12345678' },
      {
        name: 'spec-audit',
        text: 'select operation, type, allowed, rule from audit where transaction = $1',
        values: [transaction],
      },
    );
    expect(rows).toEqual([{ operation: 'skriv', type: 'Skib', allowed: false, rule: 'skib:skriv' }]);
  });

  test('is not needed where nothing is told of anybody', async () => {
    for (const path of ['openapi.json', 'asyncapi.json', 'typer', 'docs', 'sundhed/liv', 'sundhed/klar'])
      expect((await service.send(`/havn/${path}`, { token: null })).status).toBe(200);
  });
});

describe('the body', () => {
  const before = { n: 0 };
  beforeAll(async () => (before.n = await count()));
  afterAll(async () => expect(await count()).toBe(before.n));

  test.each([
    ['{', 'json'],
    ['', 'json'],
    ['null', 'type'],
    ['[]', 'type'],
    ['"x"', 'type'],
    ['{"a":1,"a":2}', 'dublet'],
    ['{"__proto__":{"polluted":1}}', 'navn'],
    ['{"note":"\\u0000"}', 'tegn'],
    ['{"note":"\\ud800"}', 'tegn'],
    ['{"a":1e999}', 'tal'],
    ['['.repeat(50_000), 'dybde'],
  ])('%.20s is 400', async (text, kode) => {
    const got = await post(text);
    expect(problemOf(got)).toMatchObject({ status: 400 });
    expect(problemOf(got).fejl.map((fault) => fault.kode)).toContain(kode);
  });

  test.each([
    ['Latin-1', Buffer.from('{"note":"\xe6"}', 'latin1'), {}, 400],
    ['a byte order mark', Buffer.from('\ufeff{}'), {}, 400],
    ['no content type', '{}', { 'content-type': undefined }, 415],
    ['text', '{}', { 'content-type': 'text/plain' }, 415],
    ['a form', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }, 401],
    ['UTF-16', '{}', { 'content-type': 'application/json; charset=utf-16' }, 415],
    ['merge-patch', '{}', { 'content-type': 'application/merge-patch+json' }, 415],
    ['brotli', '{}', { 'content-encoding': 'br' }, 415],
    ['two packings', '{}', { 'content-encoding': 'gzip, gzip' }, 415],
    ['what is not gzip', '{}', { 'content-encoding': 'gzip' }, 400],
    ['gzip that was cut', gzipSync(randomBytes(999)).subarray(0, 500), { 'content-encoding': 'gzip' }, 400],
  ])('%s', async (_, body, headers, status) => {
    expect((await post(body, headers)).status).toBe(status);
  });

  test('in capitals, with a charset, or packed is the same', async () => {
    const { status } = await post(ship(), { 'content-type': 'Application/JSON; Charset="UTF-8"' });
    const packed = await post(gzipSync(JSON.stringify(ship())), { 'content-encoding': 'gzip' });
    expect([status, packed.status]).toEqual([201, 201]);
    before.n += 2;
  });

  const tooLarge = (n: number) => `{"note":"${'x'.repeat(n - 11)}"}`;
  test('one byte over 1 MiB is 413, announced or not; packed, what it unpacks to counts', async () => {
    const [exact, over] = [tooLarge(2 ** 20), tooLarge(2 ** 20 + 1)];
    expect((await post(exact)).status).toBe(400);
    expect((await post(over)).status).toBe(413);
    expect((await post(over, { 'transfer-encoding': 'chunked' })).status).toBe(413);
    expect((await post(gzipSync(over), { 'content-encoding': 'gzip' })).status).toBe(413);
    expect((await post(gzipSync(exact), { 'content-encoding': 'gzip' })).status).toBe(400);
  });

  test('a gigabyte of packed zeros costs neither memory nor time', async () => {
    const bomb = gzipSync(Buffer.alloc(256 * 2 ** 20));
    const resident = process.memoryUsage().rss;
    const got = await post(Buffer.concat([bomb, bomb, bomb, bomb]), { 'content-encoding': 'gzip' });
    expect(got.status).toBe(413);
    expect(process.memoryUsage().rss - resident).toBeLessThan(50 * 2 ** 20);
  });

  test('one who sends on after a refusal is hung up on', async () => {
    const token = await service.token();
    const head =
      `POST ${SHIPS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n` +
      'Transfer-Encoding: chunked\r\n\r\n';
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const endless = function* () {
      yield head;
      for (;;) yield chunk;
    };
    expect(await raw(service.port, endless())).toMatch(/^HTTP\/1\.1 413 /);
  });
});

describe('the transaction', () => {
  test('is echoed, or made', async () => {
    const id = randomUUID();
    const trace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const headers = {
      'x-transaktionsid': id.toUpperCase(),
      'x-transaktionstid': '2026-01-01T12:00:00+01:00',
      traceparent: trace,
    };
    const got = await service.send(SHIPS, { headers });
    expect(got.headers).toMatchObject({
      'x-transaktionsid': id,
      'x-transaktionstid': '2026-01-01T12:00:00+01:00',
      traceparent: trace,
    });
    const made = await service.send(`${SHIPS}/x`);
    expect(problemOf(made).instance).toBe(`urn:uuid:${String(made.headers['x-transaktionsid'])}`);
    expect(made.headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  test.each([
    ['x-transaktionsid', 'x', 'transaktionsid'],
    ['x-transaktionstid', 'i dag', 'transaktionstid'],
    ['x-transaktionsid', [randomUUID(), randomUUID()], 'transaktionsid'],
  ])('%s: %s is 400', async (name, value, kode) => {
    expect(problemOf(await service.send(SHIPS, { headers: { [name]: value } }))).toMatchObject({
      status: 400,
      kode,
    });
  });

  test('a trace that cannot be read is begun anew', async () => {
    const got = await service.send(SHIPS, { headers: { traceparent: 'x' } });
    expect([got.status, got.headers['traceparent']]).toEqual([200, expect.stringMatching(/^00-/)]);
  });
});

describe('the address and the method', () => {
  test.each([
    ['GET', '/havn/v1/ubaade', 404],
    ['GET', '/havn', 404],
    ['GET', '/andet/v1/skibe', 404],
    ['GET', '//havn/v1/skibe', 404],
    ['GET', `${SHIPS}/`, 404],
    ['GET', '/havn/v1/SKIBE', 404],
    ['GET', `${SHIPS}/%ff`, 400],
    ['GET', `${SHIPS}/%00`, 400],
    ['GET', `${SHIPS}/..%2f..%2fetc`, 400],
    ['GET', `${SHIPS}/${'x'.repeat(600)}`, 414],
  ])('%s %.40s is %d', async (method, path, status) => {
    expect(problemOf(await service.send(path, { method }))).toMatchObject({ status });
  });

  test.each([
    ['PATCH', SHIPS, 'GET, HEAD, OPTIONS, POST'],
    ['TRACE', SHIPS, 'GET, HEAD, OPTIONS, POST'],
    ['POST', `${SHIPS}/${randomUUID()}`, 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT'],
    ['DELETE', `${SHIPS}/${randomUUID()}/registreringer`, 'GET, HEAD, OPTIONS'],
    ['GET', '/havn/v1/import', 'OPTIONS, POST'],
  ])('%s %s is 405 and says what is allowed', async (method, path, allow) => {
    const got = await service.send(path, { method });
    expect(problemOf(got)).toMatchObject({ status: 405, kode: 'metode' });
    expect(got.headers.allow).toBe(allow);
  });

  test('OPTIONS says the same', async () => {
    const got = await service.send(SHIPS, { method: 'OPTIONS', token: null });
    expect([got.status, got.headers.allow, got.text]).toEqual([204, 'GET, HEAD, OPTIONS, POST', '']);
    expect((await service.send('/havn/v1/ubaade', { method: 'OPTIONS' })).status).toBe(404);
  });

  test.each([
    ['text/html', 406],
    ['application/json;q=0', 406],
    ['application/json;q=0, */*', 406],
    ['text/html, */*;q=0.1', 200],
    ['application/*', 200],
    ['APPLICATION/JSON', 200],
  ])('Accept: %s is %d', async (accept, status) => {
    expect((await service.send(SHIPS, { headers: { accept } })).status).toBe(status);
  });

  test('what a proxy would say is not believed of a client', async () => {
    const { headers } = await post(ship());
    const forged = {
      'x-http-method-override': 'DELETE',
      'x-forwarded-for': '127.0.0.1',
      'x-original-url': '/havn/typer',
      'x-user': 'admin',
      'x-client-cert': 'x',
    };
    const got = await service.send(String(headers.location), { headers: forged });
    expect([got.status, got.headers.etag]).toEqual([200, '"1"']);
  });
});

describe('what is not HTTP', () => {
  test.each([
    ['GET /havn/v1/skibe HTTP/1.1\r\n\r\n', 400],
    ['NONSENSE\r\n\r\n', 400],
    [`GET ${SHIPS} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`, 400],
    [`GET ${SHIPS} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n`, 400],
    [`GET ${SHIPS} HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`, 431],
  ])('%.60j is %d', async (text, status) => {
    const answer = await raw(service.port, [text]);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  test('is answered as a problem all the same', async () => {
    const answer = await raw(service.port, ['NONSENSE\r\n\r\n']);
    const [, body = ''] = answer.split('\r\n\r\n');
    expect(JSON.parse(body)).toMatchObject({ status: 400, kode: 'http', oioStatus: 40 });
  });
});

describe('the log', () => {
  /** A line is written after the answer has gone. */
  const logged = async (lines: number): Promise<void> => {
    while (service.log.length < lines) await new Promise((go) => setTimeout(go, 5));
  };

  test('has one line for a request, with nothing of what was asked', async () => {
    service.log.length = 0;
    const { headers } = await post(ship({ titel: 'Fortroligt' }), { 'x-transaktionsid': randomUUID() });
    await service.send(`${SHIPS}?titel=Fortroligt`);
    await logged(2);
    const lines = service.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toEqual({
      level: 30,
      time: expect.any(String) as string,
      method: 'POST',
      route: '/havn/v1/skibe',
      status: 201,
      ms: expect.any(Number) as number,
      transaktionsid: headers['x-transaktionsid'],
      client_id: 'd3300000-0000-4000-8000-000000000001',
      cvr: '12345678',
    });
    expect(service.log.join('')).not.toContain('Fortroligt');
  });

  test('and no answer holds a CPR number that was put where none belongs', async () => {
    service.log.length = 0;
    const cpr = '2512484916';
    const answers = [
      await service.send(`${SHIPS}/${cpr}`),
      await service.send(`/havn/v1/${cpr}`),
      await service.send(`${SHIPS}?${cpr}=1`),
      await service.send(`${SHIPS}?titel=251248-4916`),
      await service.send(`${SHIPS}?mandskab.fuldtNavn=${cpr}`),
      await post({ [cpr]: 1 }),
      await post(ship({ slags: cpr, takst: `${cpr}x` })),
      await post(`{"note":"${cpr}`),
      await service.send(`${SHIPS}`, {
        headers: { 'x-transaktionsid': cpr, 'idempotency-key': cpr, 'if-match': cpr },
      }),
      await post(ship(), { formaal: cpr, 'idempotency-key': cpr }),
    ];
    expect(answers.map(({ status }) => status).filter((status) => status < 400 || status >= 500)).toEqual([]);
    await logged(answers.length);
    expect(answers.map(({ text }) => text).join('') + service.log.join('')).not.toMatch(/251248-?4916/);
  });
});

describe('what the service says of itself', () => {
  test('typer: the declarations as they are', async () => {
    const { json } = await service.send('/havn/typer');
    expect(json).toMatchObject({
      tjeneste: 'havn',
      titel: 'Havn',
      typer: [{ name: 'Skib', path: 'skibe' }, { name: 'Boeje' }],
    });
  });

  test('docs: a page without script that a browser will load nothing else for', async () => {
    const { headers, text } = await service.send('/havn/docs', { headers: { accept: 'text/html' } });
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(text).toContain('<h2 id="Skib">Skib</h2>');
    expect(text).not.toMatch(/<script|<link|src=|https?:\/\//);
  });

  test('every answer has the headers that browsers heed', async () => {
    for (const path of [SHIPS, '/havn/docs', '/havn/nix'])
      expect((await service.send(path)).headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
  });

  test('sundhed', async () => {
    expect((await service.send('/havn/sundhed/liv')).json).toEqual({ status: 'oppe' });
    const dele = { tjeneste: 'oppe', database: 'oppe', noegler: 'oppe' };
    expect((await service.send('/havn/sundhed/klar')).json).toEqual({ status: 'klar', dele });
  });
});
