import { randomUUID } from 'node:crypto';
import { COMMON_OWNER, LEVELS } from '@stoettesystemer/access';
import type { ObjectInput } from '@stoettesystemer/engine';
import { decodeJwt } from 'jose';
import * as openid from 'openid-client';
import { pointing, seeded } from '../seed/body';
import { serviceUuid } from '../seed/catalogue';
import { RESTRICTIONS } from '../seed/restriction-types';
import { TEST_JOB_FUNCTIONS } from '../test-idp/test-employees';
import { TestIdp, testIdpPair } from '../test-idp/test-idp';
import { testIdpSystem } from '../test-idp/test-idp-system';
import { Browser } from '../token-service/spec/browser';
import {
  agreed,
  CLASSIFICATION,
  MadeUpClient,
  MUNICIPALITY,
  newKey,
  registered,
} from '../token-service/spec/made-up-client';
import {
  OUTSIDE,
  runningTokenService,
  type RunningTokenService,
} from '../token-service/spec/running-token-service';
import { LoginModule } from './login.module';
import { federation } from './spec/running-login';

const RETURN = 'https://fagsystem.example.dk/retur';
const [NOT_SECRET, PERSONAL] = LEVELS;

let at: RunningTokenService;
let app: MadeUpClient;
beforeAll(async () => {
  at = await runningTokenService({ modules: [LoginModule] });
  const key = await newKey();
  app = new MadeUpClient(at, randomUUID(), key.secret);
  const [idp, role] = [randomUUID(), randomUUID()];
  const { certificate } = await testIdpPair(at.dataDir);
  const facts = {
    externalUrl: OUTSIDE,
    home: MUNICIPALITY,
    protocol: 'Saml',
    from: '2026-01-01T00:00:00Z',
  } as const;
  await at.write(COMMON_OWNER, [
    registered(app.system, {
      keys: [key.open],
      types: ['Anvendersystem', 'BrugervendtSystem'],
      redirects: [RETURN],
    }),
    { type: 'ItSystem', uuid: idp, input: testIdpSystem({ ...facts, certificate }) as ObjectInput },
    seeded(
      'Brugersystemrolle',
      role,
      {
        egenskaber: {
          navn: 'Læser',
          entityId: 'http://fagsystem.test/roles/usersystemrole/laes/1',
          privilegier: ['klasse:laes'],
          organisationCvr: '23456789',
        },
        dataafgraensning: [
          { dataafgraensningstype: RESTRICTIONS.kle, kraevet: true },
          { dataafgraensningstype: RESTRICTIONS.foelsomhed, kraevet: true },
        ],
      },
      {
        relationer: {
          brugervendtSystem: pointing(app.system),
          service: pointing(serviceUuid('klassifikation')),
        },
      },
    ),
  ]);
  const jobFunction = (entityId: string, kle: string, level: string) =>
    seeded('Jobfunktionsrolle', randomUUID(), {
      egenskaber: { navn: entityId, entityId },
      rolle: { id: 'laes', brugersystemrolle: role },
      afgraensning: [
        { id: 'kle', rolleId: 'laes', dataafgraensningstype: RESTRICTIONS.kle, vaerdier: [kle] },
        { id: 'niveau', rolleId: 'laes', dataafgraensningstype: RESTRICTIONS.foelsomhed, vaerdier: [level] },
      ],
    });
  await at.write(MUNICIPALITY, [
    agreed(randomUUID(), app.system),
    { type: 'Foederationsaftale', uuid: randomUUID(), input: federation(idp) },
    jobFunction(TEST_JOB_FUNCTIONS.omsorg, '27.*', PERSONAL),
    jobFunction(TEST_JOB_FUNCTIONS.ydelser, '32.30.*', NOT_SECRET),
  ]);
});
afterAll(() => at.close());

/** From the system that the user comes from, by the municipality's IdP, back to the system; and what it gets for it. */
async function tokenFor(employee: string) {
  const config = await app.openid();
  const [verifier, state, nonce] = [
    openid.randomPKCECodeVerifier(),
    openid.randomState(),
    openid.randomNonce(),
  ];
  const address = await openid.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: RETURN,
    scope: `openid cvr:${MUNICIPALITY}`,
    resource: CLASSIFICATION,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  });
  const browser = new Browser(at);
  const toUs = (await browser.get(address.href)).headers.get('location') ?? '';
  const toIdp = new URL((await browser.get(toUs)).headers.get('location') ?? '');
  const idp = at.service.app.get(TestIdp, { strict: false });
  const request = idp.requestIn(toIdp.searchParams.get('SAMLRequest') ?? '');
  const { to, response } = await idp.respond(MUNICIPALITY, request, employee);
  // Another site's form: no cookie comes with it.
  const body = new URLSearchParams({ SAMLResponse: response });
  const back = (await at.fetch(to, { method: 'POST', body })).headers.get('location') ?? '';
  const { outside } = await browser.follow(new URL(back, OUTSIDE).href);
  const redeem = () =>
    openid.authorizationCodeGrant(
      config,
      outside!,
      { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true },
      { resource: CLASSIFICATION },
    );
  return { outside, redeem };
}

test('T27: a SAML login by openid-client gives a token with each job function in a group of its own', async () => {
  const { redeem } = await tokenFor('opdigtet-sagsbehandler');
  const claims = decodeJwt((await redeem()).access_token);
  expect(claims).toMatchObject({
    sub: 'e3300000-0000-4000-8000-000000000001',
    cvr: MUNICIPALITY,
    acr: 'https://data.gov.dk/concept/core/nsis/loa/Substantial',
  });
  const groups = claims['authorization_details'] as {
    kind: string;
    privileges: string[];
    constraints: object;
  }[];
  const theirs = groups.filter(({ kind }) => kind === 'user');
  expect(theirs.map(({ privileges, constraints }) => ({ privileges, constraints }))).toEqual([
    { privileges: ['klasse:laes'], constraints: { kle: ['27.*'], foelsomhed: PERSONAL } },
    { privileges: ['klasse:laes'], constraints: { kle: ['32.30.*'], foelsomhed: NOT_SECRET } },
  ]);
});

test.each(['opdigtet-lavt-niveau', 'opdigtet-nyansat'])('%s logs in, and gets no token', async (employee) => {
  const { outside, redeem } = await tokenFor(employee);
  expect([...(outside?.searchParams.keys() ?? [])]).toEqual(['code', 'state', 'iss']);
  await expect(redeem()).rejects.toMatchObject({ error: 'access_denied' });
});
