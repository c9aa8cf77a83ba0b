import { LEVELS } from '@stoettesystemer/access';
import { decodeJwt } from 'jose';
import * as openid from 'openid-client';
import { idpUuid } from '../seed/demo-people';
import { TestIdp } from '../test-idp/test-idp';
import { Browser } from '../token-service/spec/browser';
import { CLASSIFICATION, MadeUpClient, MUNICIPALITY } from '../token-service/spec/made-up-client';
import {
  OUTSIDE,
  runningTokenService,
  type RunningTokenService,
} from '../token-service/spec/running-token-service';
import { LoginModule } from './login.module';

const RETURN = 'http://127.0.0.1:3999/retur';
const [NOT_SECRET, PERSONAL] = LEVELS;
const CASEWORK = ['klasse:laes', 'sag:laes', 'sag:skriv', 'dokument:laes', 'dokument:skriv'];

let at: RunningTokenService;
let app: MadeUpClient;
beforeAll(async () => {
  at = await runningTokenService({ modules: [LoginModule] });
  app = MadeUpClient.demo(at, 'demo-app');
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
  // The neighbour has an IdP too, from which a delegated role could come.
  const chosen = await browser.get(`${toUs}/idp/${idpUuid(MUNICIPALITY)}`);
  const toIdp = new URL(chosen.headers.get('location') ?? '');
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
    { privileges: CASEWORK, constraints: { kle: ['27.*'], foelsomhed: PERSONAL } },
    { privileges: CASEWORK, constraints: { kle: ['32.30.*'], foelsomhed: NOT_SECRET } },
  ]);
});

test.each(['opdigtet-lavt-niveau', 'opdigtet-nyansat'])('%s logs in, and gets no token', async (employee) => {
  const { outside, redeem } = await tokenFor(employee);
  expect([...(outside?.searchParams.keys() ?? [])]).toEqual(['code', 'state', 'iss']);
  await expect(redeem()).rejects.toMatchObject({ error: 'access_denied' });
});
