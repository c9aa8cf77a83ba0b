import { mkdtempSync, writeFileSync, rmSync } from 'node:fs';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DenyList, type Revocation } from '@stoettesystemer/access';
import type { JWTPayload } from 'jose';
import { type Got, running, type Running, type Sent, ship } from '../spec/running';
import { Holder, ISSUER, OwnIssuer } from './spec/own-issuer';
import { stored } from './spec/stored';

const SHIPS = '/havn/v1/skibe';
const OUTSIDE = 'https://api.example.dk';
const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const secretFile = (name: string, content: string | Buffer = randomBytes(32)): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};
const newKey = (): string =>
  generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;

describe('T9: a token without its holder, in profile produktion', () => {
  let issuer: OwnIssuer;
  let service: Running;
  let holder: Holder;
  beforeAll(async () => {
    issuer = await OwnIssuer.open();
    holder = await Holder.make();
    service = await running(
      {},
      {
        PROFIL: 'produktion',
        UDSTEDER: ISSUER,
        UDSTEDER_NOEGLER: issuer.keysAddress,
        EKSTERN_URL: OUTSIDE,
        CURSOR_NOEGLE: secretFile('cursor'),
        PSEUDONYM_NOEGLE: secretFile('pseudonym'),
        SIKKERHEDSLOG_NOEGLE: secretFile('sikkerhedslog', newKey()),
        RATE: '100000/100000',
      },
    );
  });
  afterAll(async () => {
    await service.close();
    await issuer.stop();
  });

  const tokenOf = (cnf?: object): Promise<string> =>
    issuer.sign({ ...issuer.claims(service.issuer, 'havn'), cnf } as JWTPayload);
  const bound = () => tokenOf({ jkt: holder.thumbprint });
  const ask = (scheme: string, token: string, dpop?: string | string[], sent: Sent = {}): Promise<Got> =>
    service.send(SHIPS, { ...sent, token: null, headers: { authorization: `${scheme} ${token}`, dpop } });

  test('with its holder it is let in, to read and to write', async () => {
    const token = await bound();
    expect((await ask('DPoP', token, await holder.proof(token, 'GET', `${OUTSIDE}${SHIPS}`))).status).toBe(
      200,
    );
    const proof = await holder.proof(token, 'POST', `${OUTSIDE}${SHIPS}`);
    expect((await ask('DPoP', token, proof, { method: 'POST', body: ship() })).status).toBe(201);
  });

  test('as Bearer, without a proof, with one of another key, for another thing, or used: 401', async () => {
    const before = await stored(service);
    const token = await bound();
    const other = await Holder.make();
    const address = `${OUTSIDE}${SHIPS}`;
    const good = () => holder.proof(token, 'POST', address);
    const used = await good();
    const tries: [string, string, string | string[] | undefined][] = [
      ['Bearer', token, undefined],
      ['Bearer', token, await good()],
      ['DPoP', token, undefined],
      ['DPoP', token, 'x'],
      ['DPoP', token, [await good(), await good()]],
      ['DPoP', token, await other.proof(token, 'POST', address)],
      ['DPoP', token, await other.proof(token, 'POST', address, { jwk: holder.jwk })],
      ['DPoP', token, await holder.proof(token, 'GET', address)],
      ['DPoP', token, await holder.proof(token, 'POST', `${address}/x`)],
      ['DPoP', token, await holder.proof(token, 'POST', `http://localhost:${service.port}${SHIPS}`)],
      ['DPoP', token, await holder.proof(await bound(), 'POST', address)],
      ['DPoP', await tokenOf(), await good()],
      ['Bearer', await tokenOf(), undefined],
      ['Bearer', await tokenOf({ 'x5t#S256': holder.thumbprint }), undefined],
    ];
    for (const [scheme, presented, proof] of tries) {
      const got = await ask(scheme, presented, proof, { method: 'POST', body: ship() });
      expect([scheme, proof, got.status]).toEqual([scheme, proof, 401]);
      expect(got.headers['www-authenticate']).toMatch(/^DPoP .*error="invalid_token"/);
    }
    expect(await stored(service)).toBe(before);
    const statuses = await Promise.all(
      Array.from({ length: 10 }, () => ask('DPoP', token, used, { method: 'POST', body: ship() })),
    );
    expect(statuses.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(401)]);
    expect(await stored(service)).toBe(before + 1);
  });

  test('T39: a certificate in a header is believed of nobody, when no proxy is named', async () => {
    const token = await tokenOf({ 'x5t#S256': holder.thumbprint });
    for (const name of ['x-client-cert', 'x-forwarded-client-cert', 'ssl-client-cert', 'x-ssl-client-cert']) {
      const headers = { authorization: `Bearer ${token}`, [name]: holder.thumbprint };
      expect((await service.send(SHIPS, { token: null, headers })).status).toBe(401);
    }
  });
});

describe('T15: the issuer is away', () => {
  const HOUR = 3_600_000;
  const clock = { ahead: 0 };
  const real = Date.now.bind(Date);
  beforeAll(() => {
    jest.spyOn(Date, 'now').mockImplementation(() => real() + clock.ahead);
  });
  beforeEach(() => (clock.ahead = 0));
  afterAll(() => jest.restoreAllMocks());

  let issuer: OwnIssuer;
  beforeEach(async () => {
    issuer = await OwnIssuer.open();
  });
  afterEach(() => issuer.stop());

  const start = () => running({}, { UDSTEDER: ISSUER, UDSTEDER_NOEGLER: issuer.keysAddress });
  /** With a token that the service has not seen before, so that it needs the keys. */
  const ask = async (service: Running): Promise<number> =>
    (await service.send(SHIPS, { token: await issuer.sign(issuer.claims(service.issuer, 'havn')) })).status;
  const ready = async (service: Running): Promise<number> =>
    (await service.send('/havn/sundhed/klar')).status;

  test('a warm service goes on for a day, then says 503 and not 401, and comes to itself', async () => {
    const service = await start();
    try {
      expect([await ask(service), await ready(service)]).toEqual([200, 200]);
      await issuer.stop();
      for (const hours of [0.5, 10, 23.9]) {
        clock.ahead = hours * HOUR;
        expect([hours, await ask(service), await ready(service)]).toEqual([hours, 200, 200]);
      }
      clock.ahead = 25 * HOUR;
      const late = await service.send(SHIPS, {
        token: await issuer.sign(issuer.claims(service.issuer, 'havn')),
      });
      expect([late.status, await ready(service)]).toEqual([503, 503]);
      expect(Number(late.headers['retry-after'])).toBeGreaterThan(0);
      expect(service.faults('GET', SHIPS, late)).toEqual([]);
      await issuer.start();
      clock.ahead += 31_000;
      expect([await ask(service), await ready(service)]).toEqual([200, 200]);
    } finally {
      await service.close();
    }
  });

  test('a cold service is not ready and says 503, lives, and comes to itself unasked', async () => {
    await issuer.stop();
    const service = await start();
    try {
      expect([await ask(service), await ready(service)]).toEqual([503, 503]);
      expect((await service.send('/havn/sundhed/liv')).status).toBe(200);
      await issuer.start();
      // It tries again by itself; until then it is asked for nothing that would make it.
      while ((await ready(service)) !== 200) await new Promise((go) => setTimeout(go, 200));
      expect(await ask(service)).toBe(200);
    } finally {
      await service.close();
    }
  });
});

describe('T18: what has been taken back', () => {
  let service: Running;
  let list: DenyList;
  beforeAll(async () => {
    const asked = jest.spyOn(DenyList.prototype, 'denies');
    service = await running();
    await service.send(SHIPS);
    // The one that this service asks; nobody feeds it here.
    list = asked.mock.contexts[0] as DenyList;
    asked.mockRestore();
  });
  afterAll(() => service.close());

  const WISH = { system: 'demo-fagsystem', service: 'havn', cvr: '12345678' };
  const until = () => Math.floor(Date.now() / 1000) + 600;

  test.each<[string, (claims: JWTPayload) => Revocation]>([
    ['the agreement', ({ agr }) => ({ agr: String(agr), until: until() })],
    ['the token', ({ jti }) => ({ jti: String(jti), until: until() })],
    ['the subject', ({ sub }) => ({ sub: String(sub), until: until() })],
    ['the system', ({ client_id }) => ({ client_id: String(client_id), until: until() })],
  ])('%s: the next request is refused, a long poll under way ends, others go on', async (_, revoke) => {
    const system = randomUUID();
    const own = { sub: system, client_id: system, agr: randomUUID(), jti: randomUUID() };
    const claims = { ...service.issuer.claims(WISH), ...own };
    const token = await service.issuer.sign(claims);
    expect((await service.send(SHIPS, { token })).status).toBe(200);
    const { sidste } = (await service.send('/havn/v1/haendelser/tilstand')).json as { sidste: number };
    const poll = service.send(`/havn/v1/haendelser?efter=${sidste}&vent=25`, { token });
    // A request that comes after the poll and is answered shows that the poll has passed the door.
    expect((await service.send(SHIPS, { token })).status).toBe(200);
    list.add(revoke(claims));
    const refused = [
      await service.send(SHIPS, { token }),
      await service.send(SHIPS, { token, method: 'POST', body: ship() }),
      await poll,
    ];
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect((await service.send(SHIPS)).status).toBe(200);
  });
});
