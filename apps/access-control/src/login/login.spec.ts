import { createVerify, randomUUID, X509Certificate } from 'node:crypto';
import { Delegation, Foederationsaftale, ItSystem, Jobfunktionsrolle } from '@stoettesystemer/model';
import { COMMON_OWNER } from '@stoettesystemer/access';
import { readXml, everyElement } from '../bpp/strict-xml';
import { TEST_EMPLOYEES, TEST_JOB_FUNCTIONS, TEST_UNIT } from '../test-idp/test-employees';
import { Browser, formsIn, linksIn, type Page, samlRequestIn } from './spec/browser';
import {
  BACK,
  delegation,
  federation,
  jobFunction,
  OTHER,
  type RunningLogin,
  runningLogin,
  SYSTEM,
  TOWN,
} from './spec/running-login';

let login: RunningLogin;
beforeAll(async () => {
  login = await runningLogin();
});
afterAll(() => login.close());
afterEach(() => {
  login.profile = 'udvikling';
});

const virkning = { fra: '2020-01-01T00:00:00Z' };
const personOf = (id: string) => TEST_EMPLOYEES.find((each) => each.id === id)!;
const formOf = (page: Page, button: string) => {
  const form = formsIn(page).find((each) => each.button === button);
  if (!form) throw new Error(`${page.status}: no ${button} in ${page.text}`);
  return form;
};
const addressOf = (page: Page): string => {
  const address = page.headers.get('location');
  if (page.status !== 303 || address === null)
    throw new Error(`${page.status}: ${login.reasons.at(-1)} ${page.text}`);
  return address;
};

/** All that a user does from the choice of an IdP until they are back; the page that they end at. */
async function logIn(browser: Browser, idp: string, name: string): Promise<Page> {
  const there = addressOf(await browser.get(`/adgangsstyring/login/${browser.uid}/idp/${idp}`));
  const picked = formOf(await browser.get(there), name);
  const answer = await browser.post(picked.action, picked.fields);
  if (answer.status === 303) return browser.get(addressOf(await browser.get(addressOf(answer))));
  const post = formOf(answer, 'Fortsæt');
  return browser.get(addressOf(await browser.post(post.action, post.fields)));
}

describe('a login by HTTP', () => {
  const user = (id: string, rest: object = {}) => {
    const { uuid, home, level, privileges } = personOf(id);
    return {
      subject: uuid,
      home,
      level,
      jobFunctions: privileges.map(({ scope, privileges: [entityId] }) => ({
        scope: scope.value,
        entityId,
        dynamic: {},
      })),
      ...rest,
    };
  };

  test.each([
    ['saml', 'OIOSAML 3', 'opdigtet-sagsbehandler'],
    ['oidc', 'OpenID Connect', 'opdigtet-sagsbehandler'],
    ['other', 'DK-SAML 2.0', 'paafundet-laeser'],
  ] as const)('T21, T27: %s (%s) logs %s in, with each job function by itself', async (idp, _, id) => {
    const browser = new Browser(login, { owner: personOf(id).home });
    const page = await logIn(browser, login.idps[idp], personOf(id).navn);
    expect(addressOf(page)).toBe(BACK);
    expect(login.interactions.finished.at(-1)).toEqual(user(id, { idp: login.idps[idp] }));
  });

  test('T27: the two job functions of one user are two, in the order that the IdP says', async () => {
    await logIn(new Browser(login), login.idps.saml, 'Opdigtet Sagsbehandler');
    const said = login.interactions.finished.at(-1)?.jobFunctions.map(({ entityId }) => entityId);
    expect(said).toEqual([TEST_JOB_FUNCTIONS.omsorg, TEST_JOB_FUNCTIONS.ydelser]);
  });

  test.each(['saml', 'oidc'] as const)(
    'a dynamic value comes under the type that is registered (%s)',
    async (idp) => {
      await logIn(new Browser(login), login.idps[idp], 'Opdigtet Enhedsleder');
      expect(login.interactions.finished.at(-1)?.jobFunctions).toEqual([
        {
          scope: TOWN,
          entityId: TEST_JOB_FUNCTIONS.enhed,
          dynamic: { 'http://sts.kombit.dk/constraints/orgenhed/1': [`${TEST_UNIT}/*`] },
        },
      ]);
    },
  );

  test('who has a delegated role logs in at home, and the role keeps the delegator’s CVR', async () => {
    const browser = new Browser(login, { owner: TOWN });
    expect(addressOf(await logIn(browser, login.idps.other, 'Påfundet Vagt'))).toBe(BACK);
    expect(login.interactions.finished.at(-1)).toMatchObject({
      home: OTHER,
      jobFunctions: [
        { scope: TOWN, entityId: TEST_JOB_FUNCTIONS.vagt },
        { scope: OTHER, entityId: TEST_JOB_FUNCTIONS.proevelaeser },
      ],
    });
  });

  test('a low level is told as it is', async () => {
    await logIn(new Browser(login), login.idps.saml, 'Opdigtet Lavtniveau');
    expect(login.interactions.finished.at(-1)?.level).toBe('Low');
  });

  test('every made-up employee can log in', async () => {
    for (const { navn, home, uuid } of TEST_EMPLOYEES) {
      const idp = home === TOWN ? login.idps.saml : login.idps.other;
      await logIn(new Browser(login, { owner: home }), idp, navn);
      expect(login.interactions.finished.at(-1)?.subject).toBe(uuid);
    }
    expect(JSON.stringify(TEST_EMPLOYEES)).not.toMatch(/(?<![\d-])\d{6}-?\d{4}(?!\d)/);
  });
});

describe('the choice of an IdP', () => {
  test('is between those of the municipality and of those it has delegated to', async () => {
    const page = await new Browser(login).begin();
    expect([
      page.status,
      page.headers.get('content-security-policy'),
      page.headers.get('cache-control'),
    ]).toEqual([200, expect.stringContaining("default-src 'none'"), 'no-store']);
    expect(linksIn(page).map(({ words }) => words)).toEqual([
      'Prøve-IdP i Eksempelkøbing (OpenID Connect)',
      'Prøve-IdP i Eksempelkøbing (SAML)',
      'Prøve-IdP i Prøvelev (SAML)',
    ]);
    expect(page.text).not.toContain('<script');
  });

  test('is none where there is one', async () => {
    const page = await new Browser(login, { owner: OTHER }).begin();
    expect(addressOf(page)).toContain('/adgangsstyring/dev/idp/87654321/saml?SAMLRequest=');
  });

  test('follows what is registered: agreements, what they are for, and what is closed', async () => {
    const town = '11111111';
    const idp = await login.create(COMMON_OWNER, ItSystem, {
      attributter: {
        egenskaber: [
          { virkning, navn: 'x', organisationCvr: town, rollepostkasse: 'a@b.test', vilkaarAccepteret: true },
        ],
        systemtype: [{ virkning, navn: 'IdentityProvider' }],
        identityProvider: [{ virkning, protokol: 'Saml', praesentationsnavn: 'x', nsisNiveau: 'High' }],
      },
    });
    const begin = async (system = SYSTEM) => {
      const { status, text } = await new Browser(login, { owner: town, system }).begin();
      return [status, /<code>([a-z_]+)</.exec(text)?.[1]];
    };
    const none = [403, 'ingen_idp'];
    // There is one: it is got to, and its metadata is read.
    const found = [403, 'idp_opsaetning'];
    expect(await begin()).toEqual(none);
    const other = randomUUID();
    const agreement = await login.create(
      town,
      Foederationsaftale,
      federation(idp, { brugervendtSystem: [{ virkning, reference: { uuid: other } }] }),
    );
    expect([await begin(), await begin(other)]).toEqual([none, found]);
    const ended = { tilstande: { status: [{ virkning, vaerdi: 'Ophaevet' }] } };
    await login.change(town, Foederationsaftale, agreement, ended);
    expect(await begin(other)).toEqual(none);
    await login.create(town, Foederationsaftale, federation(idp));
    expect(await begin()).toEqual(found);
    const closed = { tilstande: { tilstand: [{ virkning, vaerdi: 'Lukket' }] } };
    await login.change(COMMON_OWNER, ItSystem, idp, closed);
    expect(await begin()).toEqual(none);
  });

  test('knows only delegations that are accepted', async () => {
    const [town, receiver] = ['22222222', OTHER];
    const role = await login.create(town, Jobfunktionsrolle, jobFunction('http://a.test/roles/jobrole/1/1'));
    const asked = await login.create(town, Delegation, delegation(role, receiver, 'Anmodet'));
    expect((await new Browser(login, { owner: town }).begin()).status).toBe(403);
    const accepted = { tilstande: { status: [{ virkning, vaerdi: 'Accepteret' }] } };
    await login.change(town, Delegation, asked, accepted);
    expect((await new Browser(login, { owner: town }).begin()).status).toBe(303);
  });

  test('an IdP that is not agreed on is not gone to', async () => {
    const browser = new Browser(login, { owner: OTHER });
    for (const idp of [login.idps.saml, randomUUID(), 'x'])
      expect((await browser.get(`/adgangsstyring/login/${browser.uid}/idp/${idp}`)).text).toContain(
        'ingen_idp',
      );
  });
});

describe('the browser that began', () => {
  /** As far as the address that ends the login. */
  async function almost(browser: Browser): Promise<string> {
    const request = formOf(
      await browser.get(
        addressOf(await browser.get(`/adgangsstyring/login/${browser.uid}/idp/${login.idps.saml}`)),
      ),
      'Opdigtet Læser',
    );
    const answer = formOf(await browser.post(request.action, request.fields), 'Fortsæt');
    return addressOf(await browser.post(answer.action, answer.fields));
  }

  test('is the only one that an answer logs in: not another’s, not one without a login', async () => {
    const [mine, another] = [new Browser(login), new Browser(login)];
    const before = login.interactions.finished.length;
    const theirs = await almost(mine);
    const code = new URL(theirs, login.url).searchParams.get('kode');
    const stolen = await another.get(`/adgangsstyring/login/${another.uid}/svar?kode=${code}`);
    expect([stolen.status, stolen.text]).toEqual([403, expect.stringContaining('login_andet_sted')]);
    // And it is spent.
    expect((await mine.get(theirs)).text).toContain('login_udloebet');
    const anybody = await another.get(await almost(mine));
    expect([anybody.status, anybody.text]).toEqual([403, expect.stringContaining('login_andet_sted')]);
    expect(login.interactions.finished).toHaveLength(before);
  });

  test('ends its login once', async () => {
    const browser = new Browser(login);
    const end = await almost(browser);
    expect(addressOf(await browser.get(end))).toBe(BACK);
    const again = await browser.get(end);
    expect([again.status, again.text]).toEqual([403, expect.stringContaining('login_udloebet')]);
  });

  test('is needed at each step', async () => {
    const { uid } = new Browser(login);
    for (const path of ['', `/idp/${login.idps.saml}`, '/svar?kode=x']) {
      const response = await fetch(`${login.url}/adgangsstyring/login/${uid}${path}`);
      expect([path, response.status, await response.text()]).toEqual([
        path,
        400,
        expect.stringContaining('login_udloebet'),
      ]);
    }
  });
});

describe('what we send to a SAML IdP', () => {
  test('is signed, and asks for NSIS Substantial at the least', async () => {
    const browser = new Browser(login, { owner: OTHER });
    const address = addressOf(await browser.begin());
    const xml = samlRequestIn(address);
    expect(xml).toContain('Comparison="minimum"');
    expect(xml).toContain('>https://data.gov.dk/concept/core/nsis/loa/Substantial<');
    expect(xml).toContain(`AssertionConsumerServiceURL="${login.url}/adgangsstyring/login/saml/acs"`);
    const metadata = await (await fetch(`${login.url}/adgangsstyring/login/saml/metadata`)).text();
    const [written] = [...everyElement(readXml(metadata))].filter(({ name }) => name === 'X509Certificate');
    const certificate = new X509Certificate(Buffer.from(written?.text ?? '', 'base64'));
    const [signed = '', signature = ''] = new URL(address).search.slice(1).split('&Signature=');
    const holds = (text: string) =>
      createVerify('RSA-SHA256')
        .update(text)
        .verify(certificate.publicKey, decodeURIComponent(signature), 'base64');
    expect([holds(signed), holds(signed.replace('SAMLRequest=', 'SAMLRequest=A'))]).toEqual([true, false]);
    expect(metadata).toContain(`entityID="${login.url}/adgangsstyring/login/saml/metadata"`);
    expect(metadata).toContain('WantAssertionsSigned="true"');
  });
});

describe('OpenID Connect', () => {
  async function picked(changes: Record<string, string>): Promise<Page> {
    const browser = new Browser(login);
    const there = addressOf(await browser.get(`/adgangsstyring/login/${browser.uid}/idp/${login.idps.oidc}`));
    const form = formOf(await browser.get(there), 'Opdigtet Læser');
    return browser.get(addressOf(await browser.post(form.action, { ...form.fields, ...changes })));
  }

  test.each([
    ['a nonce of another login', { nonce: 'andet' }, 'idp_svar', 'JWT_CLAIM'],
    ['a challenge of somebody else', { code_challenge: 'a'.repeat(43) }, 'idp_svar', 'response'],
    ['a code for another client', { client_id: 'andet' }, 'idp_svar', 'response'],
    ['a state that nobody began', { state: 'andet' }, 'login_udloebet', 'request is answered'],
  ])('T21: %s: login refused, nothing stored', async (_, changes, code, reason) => {
    const before = await login.stored();
    const page = await picked(changes);
    expect([page.status, page.text]).toEqual([403, expect.stringContaining(code)]);
    expect(login.reasons.at(-1)).toContain(reason);
    expect(await login.stored()).toEqual(before);
  });

  test('T21: an answer is taken once, and one of another IdP not at all', async () => {
    const browser = new Browser(login);
    const there = addressOf(await browser.get(`/adgangsstyring/login/${browser.uid}/idp/${login.idps.oidc}`));
    const form = formOf(await browser.get(there), 'Opdigtet Læser');
    const answer = addressOf(await browser.post(form.action, form.fields));
    const wrong = new URL(answer);
    wrong.searchParams.set('iss', 'https://anden.test');
    const before = await login.stored();
    expect((await browser.get(wrong.href)).text).toContain('idp_svar');
    expect((await browser.get(answer)).text).toContain('login_udloebet');
    expect(await login.stored()).toEqual(before);
  });

  test('an IdP that says no is told as that', async () => {
    const browser = new Browser(login);
    const there = addressOf(await browser.get(`/adgangsstyring/login/${browser.uid}/idp/${login.idps.oidc}`));
    const state = new URL(there).searchParams.get('state') ?? '';
    const iss = encodeURIComponent(`${login.url}/adgangsstyring/dev/idp/${TOWN}`);
    const page = await browser.get(
      `/adgangsstyring/login/oidc/svar?error=access_denied&state=${state}&iss=${iss}`,
    );
    expect([page.status, page.text]).toEqual([403, expect.stringContaining('idp_afbrudt')]);
  });

  test('in production it is not over http', async () => {
    login.profile = 'produktion';
    const browser = new Browser(login);
    for (const idp of [login.idps.oidc, login.idps.saml])
      expect((await browser.get(`/adgangsstyring/login/${browser.uid}/idp/${idp}`)).text).toContain(
        'idp_opsaetning',
      );
  });
});

describe('the built-in IdP', () => {
  const paths = ['saml?SAMLRequest=x', 'login', 'jwks', '.well-known/openid-configuration'];

  test('is not there in production', async () => {
    login.profile = 'produktion';
    for (const path of paths)
      expect((await fetch(`${login.url}/adgangsstyring/dev/idp/${TOWN}/${path}`)).status).toBe(404);
    for (const path of ['saml', 'login', 'token']) {
      const body = new URLSearchParams({ a: 'b' });
      const address = `${login.url}/adgangsstyring/dev/idp/${TOWN}/${path}`;
      expect((await fetch(address, { method: 'POST', body })).status).toBe(404);
    }
  });

  test('is there for the made-up municipalities and no others', async () => {
    const statuses = async (home: string) =>
      Promise.all(
        paths.map(
          async (path) => (await fetch(`${login.url}/adgangsstyring/dev/idp/${home}/${path}`)).status,
        ),
      );
    expect(await statuses('11111111')).toEqual([404, 404, 404, 404]);
    expect(await statuses(OTHER)).toEqual([400, 400, 200, 200]);
  });
});
