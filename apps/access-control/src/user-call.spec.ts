import { randomUUID } from 'node:crypto';
import { audienceOf, COMMON_OWNER, DEMO_CLIENTS, LEVELS } from '@stoettesystemer/access';
import type { BulkItem } from '@stoettesystemer/engine';
import { Jobfunktionsrolle } from '@stoettesystemer/model';
import { Journal } from '@stoettesystemer/testing';
import { readFileSync } from 'node:fs';
import { type CryptoKey, importJWK, type JWK } from 'jose';
import * as openid from 'openid-client';
import { internalCaller } from './internal-caller';
import { pointing, seeded } from './seed/body';
import { demoKeyFile } from './seed/demo';
import { DEMO_VENDOR } from './seed/demo-names';
import { idpUuid } from './seed/demo-people';
import { uuidFor } from './seed/identity';
import { RESTRICTIONS } from './seed/restriction-types';
import { twoServices, type TwoServices } from './spec/two-services';
import { TEST_JOB_FUNCTIONS } from './test-idp/test-employees';

const TOWN = '12345678';
const RETURN = 'http://127.0.0.1:3999/retur';
const PROOF = audienceOf('proeve');
const [SERVICE, SYSTEM_ROLE, USER_ROLE] = [randomUUID(), randomUUID(), randomUUID()];
const [OPEN, PERSONAL] = LEVELS;
const always = { virkning: { fra: '2020-01-01T00:00:00Z' } };

let at: TwoServices;
let system: string;
let user: string;

/** A service with journals, an agreement on it, and the caseworker's two job functions with a role in it. */
beforeAll(async () => {
  at = await twoServices('proeve', [Journal]);
  await write(COMMON_OWNER, [
    seeded('Service', SERVICE, {
      egenskaber: { navn: 'Prøve', entityId: PROOF, organisationCvr: COMMON_OWNER },
    }),
    seeded(
      'Servicesystemrolle',
      SYSTEM_ROLE,
      {
        egenskaber: {
          navn: 'Journaler',
          entityId: 'urn:proeve:rolle:system',
          privilegier: ['journal:laes', 'journal:skriv'],
          organisationCvr: COMMON_OWNER,
        },
      },
      { relationer: { service: pointing(SERVICE) } },
    ),
    seeded(
      'Brugersystemrolle',
      USER_ROLE,
      {
        egenskaber: {
          navn: 'Ser journaler',
          entityId: 'urn:proeve:rolle:bruger',
          privilegier: ['journal:laes'],
          organisationCvr: DEMO_VENDOR,
        },
        dataafgraensning: (['kle', 'foelsomhed'] as const).map((each) => ({
          dataafgraensningstype: RESTRICTIONS[each],
          kraevet: true,
        })),
      },
      {
        relationer: {
          brugervendtSystem: pointing(DEMO_CLIENTS['demo-app']!),
          service: pointing(SERVICE),
        },
      },
    ),
  ]);
  await write(TOWN, [
    seeded(
      'Serviceaftale',
      randomUUID(),
      {
        egenskaber: {
          navn: 'Prøve',
          formaal: 'Prøve.',
          aftaletype: 'Test',
          leverandoerCvr: DEMO_VENDOR,
          version: 1,
        },
        rolle: { id: 'r', servicesystemrolle: SYSTEM_ROLE },
      },
      {
        tilstande: { status: 'Aktiv' },
        relationer: { anvendersystem: pointing(DEMO_CLIENTS['demo-app']!), service: pointing(SERVICE) },
      },
    ),
  ]);
  await giveIn(TEST_JOB_FUNCTIONS.omsorg, '27.*', PERSONAL!);
  await giveIn(TEST_JOB_FUNCTIONS.ydelser, '32.30.*', OPEN!);
  system = (await at.token('demo-app', 'proeve', TOWN)).access_token!;
  // What is issued in the second of a change of the municipality's roles is taken back with what was before it.
  do user = await login('opdigtet-sagsbehandler');
  while ((await send(user, 'GET', 'journaler')).status === 401);
});
afterAll(() => at.close());

const asTown = (owner = TOWN) => ({ caller: internalCaller(owner), transaction: randomUUID() });
async function write(owner: string, items: readonly Omit<BulkItem, 'line'>[]): Promise<void> {
  const lines = items.map((item, line) => ({ ...item, line }));
  const results = await at.store.bulk(asTown(owner), lines);
  expect(results.filter(({ outcome }) => outcome === 'afvist')).toEqual([]);
}
async function giveIn(jobFunction: string, kle: string, level: string): Promise<void> {
  const limit = (id: 'kle' | 'foelsomhed', value: string) => ({
    ...always,
    id: `proeve-${id}`,
    rolleId: 'proeve',
    dataafgraensningstype: RESTRICTIONS[id],
    vaerdier: [value],
  });
  const change = {
    attributter: {
      rolle: [{ ...always, id: 'proeve', brugersystemrolle: USER_ROLE }],
      afgraensning: [limit('kle', kle), limit('foelsomhed', level)],
    },
  };
  await at.store.patch(asTown(), Jobfunktionsrolle, uuidFor(`job function ${jobFunction}`), change, 1);
}

/** A browser without scripts: it keeps cookies, follows redirects within the house, and sends the forms it is told to. */
class Browser {
  private readonly cookies = new Map<string, string>();

  async go(address: string, form?: Record<string, string>): Promise<{ text: string; outside: URL | null }> {
    const answer = await fetch(address, {
      redirect: 'manual',
      headers: { accept: 'text/html', cookie: [...this.cookies].map((each) => each.join('=')).join('; ') },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    });
    for (const said of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (said.split(';')[0] ?? '').split(/=(.*)/s);
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null) return { text: await answer.text(), outside: null };
    const next = new URL(location, address);
    return next.href.startsWith(at.address) ? this.go(next.href) : { text: '', outside: next };
  }

  /** The form of a page that holds these words. */
  submit(page: string, words: string) {
    const forms = [...page.matchAll(/<form method="post" action="([^"]*)">(.*?)<\/form>/gs)];
    const [, action = '', inner = ''] = forms.find(([form]) => form.includes(words)) ?? [];
    const fields = [...inner.matchAll(/name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value,
    ]);
    return this.go(new URL(action, at.address).href, Object.fromEntries(fields) as Record<string, string>);
  }
}

/** By the municipality's SAML IdP, from the system and back; gives the token that the system gets. */
async function login(employee: string): Promise<string> {
  const client = DEMO_CLIENTS['demo-app']!;
  const jwk = JSON.parse(readFileSync(demoKeyFile(at.dataDir, 'demo-app'), 'utf8')) as JWK;
  const key = { key: (await importJWK(jwk, 'ES256')) as CryptoKey, kid: jwk.kid ?? '' };
  const config = await openid.discovery(
    new URL(`${at.address}/adgangsstyring`),
    client,
    undefined,
    openid.PrivateKeyJwt(key),
    { execute: [openid.allowInsecureRequests] },
  );
  const [pkceCodeVerifier, state] = [openid.randomPKCECodeVerifier(), openid.randomState()];
  const address = await openid.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: RETURN,
    scope: `openid cvr:${TOWN}`,
    resource: PROOF,
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state,
  });
  const browser = new Browser();
  const { text: choice } = await browser.go(address.href);
  const link = new RegExp(`href="([^"]*/idp/${idpUuid(TOWN)})"`).exec(choice)?.[1] ?? '';
  const { text: people } = await browser.go(new URL(link, at.address).href);
  const { text: recognised } = await browser.submit(people, `value="${employee}"`);
  const { outside } = await browser.submit(recognised, 'SAMLResponse');
  const checks = { pkceCodeVerifier, expectedState: state, idTokenExpected: true };
  const { access_token } = await openid.authorizationCodeGrant(config, outside!, checks, { resource: PROOF });
  return access_token;
}

async function send(token: string, method: string, path: string, body?: object) {
  const answer = await fetch(`${at.address}/proeve/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: answer.status, body: (await answer.json()) as { uuid: string; data: { uuid: string }[] } };
}
const journal = async (kle: string, level: string): Promise<string> => {
  const { status, body } = await send(system, 'POST', 'journaler', {
    attributter: { egenskaber: [{ ...always, brugervendtNoegle: randomUUID(), foelsomhed: level }] },
    relationer: {
      klasse: [
        {
          ...always,
          rolle: 'Primaer',
          indeks: '1',
          reference: { uuid: randomUUID() },
          brugervendtNoegle: kle,
        },
      ],
    },
  });
  expect(status).toBe(201);
  return body.uuid;
};

test('T27: who logs in with KLE 27.* at level 2 and 32.30.* at level 1 sees these, and never the one with the other', async () => {
  const [theirs, open, mixed, elsewhere] = [
    await journal('27.18.02', PERSONAL!),
    await journal('32.30.04', OPEN!),
    await journal('32.30.04', PERSONAL!),
    await journal('28.01.01', OPEN!),
  ];
  const seen = async (uuid: string) => (await send(user, 'GET', `journaler/${uuid}`)).status;
  expect([await seen(theirs!), await seen(open!), await seen(mixed!), await seen(elsewhere!)]).toEqual([
    200, 200, 404, 404,
  ]);
  const { body } = await send(user, 'GET', 'journaler');
  expect(body.data.map(({ uuid }) => uuid).sort()).toEqual([theirs, open].sort());
  // What the system may, the user who comes through it may not.
  expect((await send(user, 'POST', 'journaler', {})).status).toBe(403);
});

test('O1: the service’s log says who it was, at which level, and what was kept from them', async () => {
  const uuid = await journal('32.30.04', PERSONAL!);
  await send(user, 'GET', `journaler/${uuid}`);
  const { rows } = await at.database.run(
    { owner: TOWN },
    {
      name: 'spec-who',
      text: `select subject, assurance, system from audit where objects @> array[$1::uuid] and subject <> system::text`,
      values: [uuid],
    },
  );
  expect(rows).toEqual([
    {
      subject: 'e3300000-0000-4000-8000-000000000001',
      assurance: 'https://data.gov.dk/concept/core/nsis/loa/Substantial',
      system: DEMO_CLIENTS['demo-app'],
    },
  ]);
});
