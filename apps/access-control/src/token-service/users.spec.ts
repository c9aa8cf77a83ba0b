import { randomUUID } from 'node:crypto';
import { COMMON_OWNER, DenyList, TokenVerifier } from '@stoettesystemer/access';
import { classificationTypes } from '@stoettesystemer/model';
import { Database } from '@stoettesystemer/postgres';
import { createLocalJWKSet, decodeJwt } from 'jose';
import * as openid from 'openid-client';
import type { Decision, Question } from '../decision/question';
import { Revocations } from '../revocation/revocations';
import { pointing, seeded } from '../seed/body';
import type { LoggedIn } from './login-register';
import { SigningKeys } from './signing-keys';
import { Browser } from './spec/browser';
import { CLASSIFICATION, MadeUpClient, MUNICIPALITY, newKey, registered } from './spec/made-up-client';
import { MadeUpDecision, MadeUpLoginModule, stage } from './spec/made-up-login';
import { ISSUER, runningTokenService, type RunningTokenService } from './spec/running-token-service';

const RETURN = 'https://fagsystem.example.dk/retur';
const ARCHIVE = 'urn:eksempel:service:arkiv';
const ACR = 'https://data.gov.dk/concept/core/nsis/loa/Substantial';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

const anna: LoggedIn = {
  subject: 'a0000000-0000-4000-8000-00000000000a',
  home: MUNICIPALITY,
  idp: 'd3300000-0000-4000-8000-0000000000f1',
  level: 'Substantial',
  jobFunctions: [{ scope: MUNICIPALITY, entityId: 'http://jobfunktion/sagsbehandler', dynamic: {} }],
};

let at: RunningTokenService;
let app: MadeUpClient;
let archive: MadeUpClient;
const agreement = randomUUID();

/** Yes, with a group for the system and one for the user. */
const yes = ({ user }: Question): Decision => ({
  refused: null,
  groups: (['system', ...(user ? (['user'] as const) : [])] as const).map((kind) => ({
    kind,
    privileges: ['klasse:laes'],
    constraints: {},
    ground: { kind },
  })),
  void: [],
  agreement: { uuid: agreement, version: 2 },
  until: null,
});

beforeAll(async () => {
  at = await runningTokenService({ modules: [MadeUpLoginModule], decision: MadeUpDecision });
  const [one, two] = [await newKey(), await newKey()];
  app = new MadeUpClient(at, randomUUID(), one.secret);
  archive = new MadeUpClient(at, randomUUID(), two.secret);
  await at.write(COMMON_OWNER, [
    registered(app.system, { keys: [one.open], types: ['BrugervendtSystem'], redirects: [RETURN] }),
    registered(archive.system, { keys: [two.open], types: ['Serviceudbyder'] }),
    seeded(
      'Service',
      randomUUID(),
      { egenskaber: { navn: 'Arkiv', entityId: ARCHIVE, organisationCvr: '23456789' } },
      { relationer: { udbyder: pointing(archive.system) } },
    ),
  ]);
});
afterAll(() => at.close());
beforeEach(() => Object.assign(stage, { user: anna, pending: [], asked: [], decide: yes }));

interface LoginWish {
  readonly service?: string;
  readonly more?: Readonly<Record<string, string>>;
  readonly browser?: Browser;
}

async function login({ service = CLASSIFICATION, more = {}, browser = new Browser(at) }: LoginWish = {}) {
  const config = await app.openid();
  openid.enableNonRepudiationChecks(config);
  const verifier = openid.randomPKCECodeVerifier();
  const [state, nonce] = [openid.randomState(), openid.randomNonce()];
  const address = await openid.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: RETURN,
    scope: `openid cvr:${MUNICIPALITY}`,
    resource: service,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...more,
  });
  const { outside, way, answer } = await browser.follow(address.href);
  const redeem = () =>
    openid.authorizationCodeGrant(
      config,
      outside!,
      { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true },
      { resource: service },
    );
  return { config, browser, outside, way, answer, redeem, verifier };
}

describe('a user logs in', () => {
  test('the token holds the system’s groups and the user’s, and who acts for whom', async () => {
    const { redeem, outside } = await login({ more: { acr_values: ACR } });
    expect(outside?.searchParams.get('iss')).toBe(ISSUER);
    expect(stage.pending).toEqual([
      {
        uid: expect.any(String) as string,
        system: app.system,
        service: CLASSIFICATION,
        owner: MUNICIPALITY,
        level: 'Substantial',
      },
    ]);
    const answer = await redeem();
    const { access_token } = answer;
    expect(answer.claims()).toMatchObject({ sub: anna.subject, aud: app.system, acr: ACR });
    const claims = decodeJwt(access_token);
    expect(claims).toMatchObject({
      iss: ISSUER,
      aud: CLASSIFICATION,
      sub: anna.subject,
      client_id: app.system,
      act: { sub: app.system },
      acr: ACR,
      cvr: MUNICIPALITY,
      scope: `cvr:${MUNICIPALITY}`,
      agr: agreement,
      agv: 2,
    });
    const { subject: _, ...user } = anna;
    expect(stage.asked).toEqual([
      {
        system: app.system,
        service: CLASSIFICATION,
        owner: MUNICIPALITY,
        at: expect.anything() as unknown,
        user,
      },
    ]);
    const verifier = new TokenVerifier({
      profile: 'udvikling',
      issuer: ISSUER,
      service: 'klassifikation',
      types: classificationTypes,
      keys: createLocalJWKSet(at.service.app.get(SigningKeys).publicJwks()),
      revoked: new DenyList(),
      proofs: { claim: () => Promise.resolve(true) },
      externalUrl: 'https://klassifikation.example.dk',
    });
    const headers = { authorization: `Bearer ${access_token}` };
    const caller = await verifier.verify({ method: 'GET', url: '/x', headers });
    expect(caller).toMatchObject({ subject: anna.subject, system: app.system, assurance: ACR });
    expect(caller.groups.map(({ kind }) => kind)).toEqual(['system', 'user']);
  });

  test('a second service is reached in the same session, without another login', async () => {
    const { browser, redeem } = await login();
    await redeem();
    const again = await login({ browser, service: ARCHIVE });
    expect(stage.pending).toHaveLength(1);
    expect(decodeJwt((await again.redeem()).access_token)).toMatchObject({ aud: ARCHIVE, sub: anna.subject });
  });

  test('another user in the same browser gets a session of their own, and the former’s ends', async () => {
    const { browser, redeem } = await login();
    const bo = { ...anna, subject: randomUUID() };
    stage.user = bo;
    const second = await login({ browser, more: { prompt: 'login' } });
    expect(decodeJwt((await second.redeem()).access_token).sub).toBe(bo.subject);
    await expect(redeem()).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  test('O15: a session ends after half an hour without a visit, and eight hours after the login however many there are', async () => {
    const { browser, redeem } = await login();
    const { sub = '' } = decodeJwt((await redeem()).access_token);
    const database = at.service.app.get(Database);
    const ofSession = (what: string) => ({
      name: `spec-${what}`,
      text: `${what} where kind = 'Session' and content->>'accountId' in
        (select id from token_entry where kind = 'Login' and content->>'subject' = '${sub}')`,
    });
    const left = async (): Promise<number[]> => {
      const what = 'select extract(epoch from until - now())::float8 as seconds from token_entry';
      return (await database.run({ owner: null }, ofSession(what))).rows.map((row) => Number(row['seconds']));
    };
    const set = (what: string) => database.run({ owner: null }, ofSession(`update token_entry set ${what}`));
    expect(Math.max(...(await left()))).toBeLessThanOrEqual(30 * 60);
    await set(`until = now() + interval '1 minute'`);
    await login({ browser });
    expect(Math.max(...(await left()))).toBeGreaterThan(25 * 60);
    const begun = Math.floor(Date.now() / 1000) - 8 * 3600 + 300;
    await set(`content = jsonb_set(content::jsonb, '{loginTs}', '${begun}')::json`);
    await login({ browser });
    expect(Math.max(...(await left()))).toBeLessThanOrEqual(300);
    expect(stage.pending).toHaveLength(1);
    await set(`until = now()`);
    await (await login({ browser })).redeem();
    expect(stage.pending).toHaveLength(2);
  });

  test('cookies are for https alone, out of reach for scripts, and not sent from other sites', async () => {
    const browser = new Browser(at);
    const said: string[] = [];
    const get = browser.get.bind(browser);
    browser.get = async (address) => {
      const response = await get(address);
      said.push(...response.headers.getSetCookie());
      return response;
    };
    await login({ browser });
    expect(said.length).toBeGreaterThan(0);
    for (const cookie of said) {
      expect(cookie).toMatch(/; secure/i);
      expect(cookie).toMatch(/; httponly/i);
      expect(cookie).toMatch(/; samesite=lax/i);
    }
  });

  test('a code is good once, in whichever process, and takes its verifier', async () => {
    const beside = await runningTokenService({
      modules: [MadeUpLoginModule],
      decision: MadeUpDecision,
      beside: at,
    });
    try {
      const { outside, verifier } = await login();
      const there = new MadeUpClient(beside, app.system, app.key);
      const code = outside?.searchParams.get('code') ?? '';
      const form = (client: MadeUpClient, code_verifier = verifier) =>
        client.form({
          grant_type: 'authorization_code',
          code,
          code_verifier,
          redirect_uri: RETURN,
          scope: null,
        });
      const wrong = await form(app, openid.randomPKCECodeVerifier());
      expect(await app.ask(wrong)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
      const answers = await Promise.all(
        [app, there, app, there].map(async (client) => client.ask(await form(client))),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    } finally {
      await beside.close();
    }
  });

  test('who is refused has no token, and the system hears why', async () => {
    stage.decide = () => ({ ...yes({} as Question), refused: 'ingen_jobfunktioner', groups: [] });
    const { redeem } = await login();
    await expect(redeem()).rejects.toMatchObject({ error: 'access_denied' });
  });

  test('who gives up comes back to the system with an error', async () => {
    stage.user = null;
    const { outside } = await login();
    expect(outside?.searchParams.get('error')).toBe('access_denied');
    expect(outside?.searchParams.has('code')).toBe(false);
  });

  test('without PAR, or to another address, nobody is sent anywhere', async () => {
    const query = new URLSearchParams({
      client_id: app.system,
      response_type: 'code',
      redirect_uri: RETURN,
      scope: `openid cvr:${MUNICIPALITY}`,
      resource: CLASSIFICATION,
    });
    const { answer, outside } = await new Browser(at).follow(`${ISSUER}/auth?${query.toString()}`);
    expect(outside?.searchParams.has('code') ?? false).toBe(false);
    expect(outside?.searchParams.get('error') ?? String(answer.status)).toMatch(/invalid_request|400/);
    await expect(login({ more: { redirect_uri: 'https://ond.example/retur' } })).rejects.toMatchObject({
      error: 'invalid_request',
    });
  });

  test.each([
    ['two municipalities', { scope: 'openid cvr:12345678 cvr:87654321' }, 'invalid_scope'],
    ['no municipality', { scope: 'openid' }, 'invalid_scope'],
    ['what would narrow it', { authorization_details: '[]' }, 'invalid_request'],
    ['no PKCE', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
    ['a PKCE that shows the secret', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a token in the address', { response_type: 'token' }, 'unsupported_response_type'],
  ])('%s', async (_, more: Record<string, string>, error) => {
    await expect(login({ more })).rejects.toMatchObject({ error });
  });

  test('a login that nobody has begun is told so', async () => {
    const answer = await new Browser(at).get(`${ISSUER}/login/intet`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ kode: 'login_udloebet' });
  });
});

describe('A4: a service passes the user on', () => {
  const exchange = async (client: MadeUpClient, token: string, more: Record<string, string | null> = {}) =>
    client.ask(
      await client.form({
        grant_type: EXCHANGE,
        subject_token: token,
        subject_token_type: ACCESS_TOKEN,
        ...more,
      }),
    );
  const tokenFor = async (service: string) => (await (await login({ service })).redeem()).access_token;

  test('with a token for it, it gets one for another service on behalf of the user', async () => {
    const token = await tokenFor(ARCHIVE);
    stage.asked.length = 0;
    const { status, body } = await exchange(archive, token);
    expect(status).toBe(200);
    expect(body).toMatchObject({ issued_token_type: ACCESS_TOKEN, scope: `cvr:${MUNICIPALITY}` });
    expect(decodeJwt(String(body['access_token']))).toMatchObject({
      aud: CLASSIFICATION,
      sub: anna.subject,
      client_id: archive.system,
      act: { sub: archive.system, act: { sub: app.system } },
      acr: ACR,
    });
    const { subject: _, ...user } = anna;
    expect(stage.asked).toMatchObject([{ system: archive.system, user, through: app.system }]);
  });

  test('not with one for another service, nor one that is passed on already, nor a system’s own', async () => {
    const refused = { status: 400, body: { error: 'invalid_grant' } };
    expect(await exchange(archive, await tokenFor(CLASSIFICATION))).toMatchObject(refused);
    const passed = await exchange(archive, await tokenFor(ARCHIVE), { resource: ARCHIVE });
    expect(passed.status).toBe(200);
    expect(await exchange(archive, String(passed.body['access_token']))).toMatchObject(refused);
    const own = await archive.ask(await archive.form({ resource: ARCHIVE }));
    expect(own.status).toBe(200);
    expect(await exchange(archive, String(own.body['access_token']))).toMatchObject(refused);
  });

  test('A11: not with one that has been taken back', async () => {
    const token = await tokenFor(ARCHIVE);
    const wish = {
      cvr: null,
      reason: 'Stod i en log.',
      until: null,
      system: app.system,
      subject: app.system,
    };
    const revocations = new Revocations(at.service.app.get(Database));
    const nothing = { name: 'spec-nothing', text: 'select 1' };
    const value = decodeJwt(token).jti ?? '';
    await revocations.withdraw({ ...wish, kind: 'jti', value }, MUNICIPALITY, nothing);
    expect(await exchange(archive, token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await exchange(archive, await tokenFor(ARCHIVE))).status).toBe(200);
  });

  test('not for another municipality, not with an ID token, and not by a system that is no service', async () => {
    const token = await tokenFor(ARCHIVE);
    expect(await exchange(archive, token, { scope: 'cvr:87654321' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_scope' },
    });
    const { id_token = '' } = await (await login()).redeem();
    expect(await exchange(archive, id_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect(await exchange(app, token)).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    for (const [name, value] of [
      ['audience', CLASSIFICATION],
      ['actor_token', token],
      ['subject_token_type', 'x'],
    ] as const)
      expect(await exchange(archive, token, { [name]: value })).toMatchObject({
        status: 400,
        body: { error: 'invalid_request' },
      });
  });
});
