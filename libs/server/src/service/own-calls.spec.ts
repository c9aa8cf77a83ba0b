import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { EmbeddedJWK, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { OwnCalls } from './own-calls';

const OUTSIDE = 'https://stoette.example';
const SYSTEM = 'd3300000-0000-4000-8000-000000000008';
const folder = mkdtempSync(join(tmpdir(), 'egne-kald-'));
let server: Server;
let inside: string;
let asked: { url: string; headers: IncomingHttpHeaders; body: string }[];
/** Statuses of the next answers, of any service but the one that issues tokens. */
let statuses: number[];
beforeEach(async () => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  writeFileSync(join(folder, 'n.jwk'), JSON.stringify({ ...(await exportJWK(privateKey)), kid: 'n' }));
  [asked, statuses] = [[], []];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const { url = '', headers } = request;
      asked.push({ url, headers, body });
      const isToken = url.endsWith('/token');
      const status = isToken ? 200 : (statuses.shift() ?? 202);
      const type = headers['dpop'] ? 'DPoP' : 'Bearer';
      const count = asked.filter((each) => each.url.endsWith('/token')).length;
      const told = isToken ? { access_token: `t${count}`, token_type: type, expires_in: 300 } : {};
      response
        .writeHead(status, {
          'content-type': 'application/json',
          ...(status === 401 ? { 'www-authenticate': 'DPoP error="invalid_token"' } : {}),
        })
        .end(JSON.stringify(told));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  inside = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const calls = (bound: boolean) => {
  const place = (service: string) => ({
    service,
    outside: `${OUTSIDE}/${service}`,
    inside: `${inside}/${service}`,
  });
  return new OwnCalls({
    places: [place('adgangsstyring'), place('beskedfordeler')],
    system: { uuid: SYSTEM, keyFile: join(folder, 'n.jwk') },
    bound,
  });
};
const send = (by: OwnCalls, owner = '12345678') =>
  by.post({ service: 'beskedfordeler', owner, path: '/v1/beskeder', body: '[]' });
const sent = () =>
  asked.filter(({ url }) => url.endsWith('/v1/beskeder')).map(({ headers }) => headers.authorization);

test('goes the short way, with a proof of the address that the world knows', async () => {
  expect((await send(calls(true))).status).toBe(202);
  expect(asked.map(({ url }) => url)).toEqual(['/adgangsstyring/token', '/beskedfordeler/v1/beskeder']);
  expect(sent()).toEqual(['DPoP t1']);
  for (const [at, { headers }] of asked.entries()) {
    const { payload } = await jwtVerify(headers['dpop'] as string, EmbeddedJWK, { typ: 'dpop+jwt' });
    expect(payload['htu']).toBe(`${OUTSIDE}/${['adgangsstyring/token', 'beskedfordeler/v1/beskeder'][at]!}`);
  }
});

test('one token for each municipality, used until it is refused', async () => {
  const by = calls(false);
  await Promise.all([send(by), send(by), send(by, '87654321')]);
  const scopes = asked
    .filter(({ url }) => url.endsWith('/token'))
    .map(({ body }) => new URLSearchParams(body).get('scope'));
  expect(scopes.sort()).toEqual(['cvr:12345678', 'cvr:87654321']);
  statuses.push(401);
  expect((await send(by)).status).toBe(401);
  expect((await send(by)).status).toBe(202);
  expect(sent().at(-1)).toBe('Bearer t3');
});

test('a key that is not there yet is looked for again', async () => {
  const by = calls(false);
  rmSync(join(folder, 'n.jwk'));
  await expect(send(by)).rejects.toMatchObject({ code: 'ENOENT' });
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  writeFileSync(join(folder, 'n.jwk'), JSON.stringify(await exportJWK(privateKey)));
  expect((await send(by)).status).toBe(202);
});
