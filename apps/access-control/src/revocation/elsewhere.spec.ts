import { randomUUID } from 'node:crypto';
import type { RunningService } from '@stoettesystemer/testing';
import { Authority, state } from './spec/authority';

const TING = '/proeve/v1/ting';
/** A generous bound on what the promise is, so that a slow machine does not make it a broken one. */
const PROMISED = 10_000;

let authority: Authority;
let service: RunningService;
beforeAll(async () => {
  authority = await Authority.open();
  service = await authority.listener();
});
afterAll(async () => {
  await service.close();
  await authority.close();
});

const ask = async (token: string): Promise<number> => (await service.send('GET', TING, { token })).status;
const refused = async (token: string): Promise<void> => {
  while ((await ask(token)) !== 401) await new Promise((go) => setTimeout(go, 50));
};
/** Ends with the answer when the token does. */
const poll = async (token: string) => {
  const { text } = await service.send('GET', '/proeve/v1/haendelser/tilstand', { token });
  const { sidste } = JSON.parse(text) as { sidste: number };
  return service.send('GET', `/proeve/v1/haendelser?efter=${sidste}&vent=25`, { token });
};

test('T18: an agreement is ended: its tokens and its long polls are, elsewhere too, and those of others are not', async () => {
  const agr = await authority.agreement();
  const [token, other] = [await authority.token({ agr }), await authority.token()];
  expect([await ask(token), await ask(other)]).toEqual([200, 200]);
  const polling = poll(token);
  const began = performance.now();
  await authority.change('serviceaftaler', agr, 1, state('status', 'Ophaevet'));
  await refused(token);
  expect((await polling).status).toBe(401);
  expect(performance.now() - began).toBeLessThan(PROMISED);
  expect(await ask(other)).toBe(200);
});

test('T18: who gets a new token under what the agreement now says goes on', async () => {
  const agr = await authority.agreement();
  const token = await authority.token({ agr });
  expect(await ask(token)).toBe(200);
  const narrowed = {
    attributter: {
      rolle: [{ id: 'b', servicesystemrolle: randomUUID(), virkning: { fra: '2021-01-01T00:00:00Z' } }],
    },
  };
  await authority.change('serviceaftaler', agr, 1, narrowed);
  await refused(token);
  // As from a clock three seconds later: what is issued in the second of the change is refused with the rest.
  expect(await ask(await authority.token({ agr }, 3))).toBe(200);
});

test('T18: an it-system is closed, and the users of a municipality lose a role', async () => {
  const system = await authority.system();
  const role = await authority.jobFunction();
  const ofSystem = await authority.token({ client_id: system, sub: system });
  const ofUser = await authority.token({ sub: randomUUID() });
  await authority.change('it-systemer', system, 1, state('tilstand', 'Lukket'), '19435075');
  await refused(ofSystem);
  const ofNobody = await authority.token();
  await authority.change('jobfunktionsroller', role, 1);
  await refused(ofUser);
  expect(await ask(ofNobody)).toBe(200);
});

test('T18: a token is taken back by hand', async () => {
  const jti = randomUUID();
  const token = await authority.token({ jti });
  expect(await ask(token)).toBe(200);
  const answer = await authority.service.send('POST', '/adgangsstyring/v1/tilbagekaldelser', {
    body: { jti, aarsag: 'Det stod i en fejlrapport.' },
    token: await authority.own(['adgangsstyring:tilbagekald']),
  });
  expect(answer.status).toBe(201);
  await refused(token);
});

test('T18: a service that starts later knows what was taken back before it came', async () => {
  const agr = await authority.agreement();
  const token = await authority.token({ agr });
  await authority.change('serviceaftaler', agr, 1, state('status', 'Ophaevet'));
  await authority.settled();
  const late = await authority.listener();
  try {
    expect((await late.send('GET', TING, { token })).status).toBe(401);
    expect((await late.send('GET', TING, { token: await authority.token() })).status).toBe(200);
  } finally {
    await late.close();
  }
});

test('T15: nobody tells: reads go on, changes take a new token', async () => {
  const alone = await authority.listener('http://127.0.0.1:9/adgangsstyring');
  const body = {
    attributter: { egenskaber: [{ virkning: { fra: '2020-01-01T00:00:00Z' }, brugervendtNoegle: 'x' }] },
  };
  const write = async (token: string) => (await alone.send('POST', TING, { body, token })).status;
  try {
    const [old, fresh] = [await authority.token({}, -90), await authority.token()];
    expect((await alone.send('GET', TING, { token: old })).status).toBe(200);
    expect([await write(old), await write(fresh)]).toEqual([401, 201]);
    expect((await alone.send('GET', '/proeve/sundhed/klar', { token: null })).status).toBe(200);
  } finally {
    await alone.close();
  }
});
