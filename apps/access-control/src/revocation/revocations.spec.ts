import { randomUUID } from 'node:crypto';
import type { Revocation } from '@stoettesystemer/access';
import { always, Authority, COMMON, state } from './spec/authority';

let authority: Authority;
beforeAll(async () => {
  authority = await Authority.open();
});
afterAll(() => authority.close());

const HERE = '12345678';
const THERE = '87654321';
const aNumber = expect.any(Number) as number;
/** Two changes of one second to the same thing are told as one. */
const nextSecond = () => new Promise((go) => setTimeout(go, 1001));
/** What is told after `act` that was not told before. */
const toldBy = async (act: () => Promise<unknown>): Promise<Revocation[]> => {
  await authority.settled();
  const before = await authority.news();
  await act();
  await authority.settled();
  const after = await authority.news();
  expect(after.position).toBeGreaterThan(before.position);
  const known = new Set(before.tilbagekaldt.map((each) => JSON.stringify(each)));
  return after.tilbagekaldt.filter((each) => !known.has(JSON.stringify(each)));
};
const bounded = (what: object) => ({ ...what, before: aNumber, until: aNumber });
const users = (...owners: string[]) => owners.map((brugere) => bounded({ brugere }));

describe('what follows from a change', () => {
  test('an agreement that is ended takes back what was issued under it until then', async () => {
    const agr = await authority.agreement();
    const asked = Math.floor(Date.now() / 1000);
    const [told, ...more] = await toldBy(() =>
      authority.change('serviceaftaler', agr, 1, state('status', 'Ophaevet')),
    );
    expect([told, more]).toEqual([bounded({ agr }), []]);
    const { before = 0, until } = told as { before?: number; until: number };
    // One machine: the database's clock is this one.
    expect(before).toBeGreaterThanOrEqual(asked);
    expect(until - before).toBe(330);
  });

  test.each([
    ['is deleted', 'Aktiv', undefined],
    [
      'gets other roles',
      'Aktiv',
      { attributter: { rolle: [{ id: 'a', virkning: { fra: '2021-01-01T00:00:00Z' }, slut: true }] } },
    ],
    [
      'is narrowed',
      'Aktiv',
      {
        attributter: {
          afgraensning: always({ id: 'x', rolleId: 'a', dataafgraensningstype: 'kle', vaerdier: ['27.*'] }),
        },
      },
    ],
  ])('an agreement that %s', async (_, status, body) => {
    const agr = await authority.agreement(status);
    const told = await toldBy(() => authority.change('serviceaftaler', agr, 1, body));
    expect(told).toEqual([bounded({ agr })]);
  });

  test('an agreement that ended less than the life of a token ago still has tokens to take back', async () => {
    const agr = await authority.agreement();
    const ended = [
      {
        virkning: { fra: '2020-01-01T00:00:00Z', til: new Date(Date.now() - 60_000).toISOString() },
        vaerdi: 'Aktiv',
      },
      { virkning: { fra: new Date(Date.now() - 60_000).toISOString() }, vaerdi: 'Udloebet' },
    ];
    await authority.change('serviceaftaler', agr, 1, { tilstande: { status: ended } });
    await nextSecond();
    expect(
      await toldBy(() => authority.change('serviceaftaler', agr, 2, state('status', 'Ophaevet'))),
    ).toEqual([bounded({ agr })]);
  });

  test('nobody loses by an agreement that was not in force, that is asked to be changed, or that is new', async () => {
    expect(await toldBy(() => authority.agreement())).toEqual([]);
    const draft = await authority.agreement('Kladde');
    expect(
      await toldBy(() => authority.change('serviceaftaler', draft, 1, state('status', 'Anmodet'))),
    ).toEqual([]);
    expect(
      await toldBy(() => authority.change('serviceaftaler', draft, 2, state('status', 'Aktiv'))),
    ).toEqual([]);
    const active = await authority.agreement();
    const asked = { attributter: { anmodning: always({ version: 2 }) } };
    expect(await toldBy(() => authority.change('serviceaftaler', active, 1, asked))).toEqual([]);
  });

  test('an it-system that is closed, or loses a key; not one that gets another, or a callback', async () => {
    const key = (kid: string) => ({ attributter: { noegle: always({ kid, brug: 'Token' }) } });
    const system = await authority.system();
    const change = (number: number, body: object) =>
      toldBy(() => authority.change('it-systemer', system, number, body, COMMON));
    expect(await change(1, key('a'))).toEqual([]);
    expect(await change(2, key('b'))).toEqual([]);
    expect(
      await change(3, { attributter: { callback: always({ adresse: 'https://eksempel.dk' }) } }),
    ).toEqual([]);
    const lost = {
      attributter: { noegle: [{ kid: 'a', virkning: { fra: '2021-01-01T00:00:00Z' }, slut: true }] },
    };
    expect(await change(4, lost)).toEqual([bounded({ client_id: system })]);
    await nextSecond();
    expect(await change(5, state('tilstand', 'Lukket'))).toEqual([bounded({ client_id: system })]);
  });

  test('a job function: the users of its municipality; not when it only gives more', async () => {
    const role = await authority.jobFunction(THERE);
    const change = (number: number, body?: object) =>
      toldBy(() => authority.change('jobfunktionsroller', role, number, body, THERE));
    const more = { attributter: { rolle: always({ id: 'b', brugersystemrolle: randomUUID() }) } };
    expect(await change(1, more)).toEqual([]);
    const less = {
      attributter: { rolle: [{ id: 'b', virkning: { fra: '2021-01-01T00:00:00Z' }, slut: true }] },
    };
    expect(await change(2, less)).toEqual(users(THERE));
    await nextSecond();
    expect(await change(3)).toEqual(users(THERE));
  });

  test('a delegation: the users for the municipality that gave it, once it was accepted', async () => {
    const delegation = await authority.delegation(THERE, 'Anmodet', HERE);
    await nextSecond();
    const change = (number: number, status: string) =>
      toldBy(() => authority.change('delegationer', delegation, number, state('status', status)));
    expect(await change(1, 'Accepteret')).toEqual([]);
    expect(await change(2, 'Ophaevet')).toEqual(users(HERE));
  });

  test('a federation agreement and an IdP: the municipality’s users, also with what others delegated to them', async () => {
    await nextSecond();
    const idp = await authority.system({
      identityProvider: always({ protokol: 'Oidc', praesentationsnavn: 'IdP', nsisNiveau: 'High' }),
    });
    const federation = await authority.federation(idp, THERE);
    await authority.delegation(THERE, 'Accepteret', HERE);
    const byOwner = (told: readonly Revocation[]) =>
      [...told].sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
    const lower = {
      attributter: {
        identityProvider: always({ protokol: 'Oidc', praesentationsnavn: 'IdP', nsisNiveau: 'Low' }),
      },
    };
    expect(byOwner(await toldBy(() => authority.change('it-systemer', idp, 1, lower, COMMON)))).toEqual([
      ...users(HERE, THERE),
      bounded({ client_id: idp }),
    ]);
    await nextSecond();
    const ended = () =>
      authority.change('foederationsaftaler', federation, 1, state('status', 'Ophaevet'), THERE);
    expect(byOwner(await toldBy(ended))).toEqual(users(HERE, THERE));
  });
});

describe('the document', () => {
  test('needs no token, is signed, and says nothing but numbers, UUIDs and times', async () => {
    const { iat, epoke, position, tilbagekaldt, noegler, ...rest } = await authority.news();
    expect([iat, position]).toEqual([aNumber, aNumber]);
    expect(epoke).toMatch(/^[0-9a-f-]{36}$/);
    expect(noegler).toHaveLength(2);
    expect(Object.keys(rest)).toEqual(['iss', 'aud']);
    for (const each of tilbagekaldt)
      for (const value of Object.values(each)) expect(String(value)).toMatch(/^(\d+|[0-9a-f-]{36})$/);
  });

  test('is waited for, and comes when there is news', async () => {
    await authority.settled();
    const { position } = await authority.news();
    const agr = await authority.agreement();
    const waiting = authority.news(`?efter=${position + 1}&vent=25`);
    await authority.change('serviceaftaler', agr, 1, state('status', 'Ophaevet'));
    const [heard] = [await waiting];
    expect(heard.position).toBeGreaterThan(position);
  });

  test('comes at once for who stands elsewhere, and after the wait for who has heard it all', async () => {
    await authority.settled();
    const { position } = await authority.news();
    for (const query of ['', '?vent=25', '?efter=0&vent=25', `?efter=${position + 1000}&vent=25`])
      expect((await authority.news(query)).position).toBe(position);
    expect((await authority.news(`?efter=${position}&vent=1`)).position).toBe(position);
  });

  test('of a database that has been restored has another epoch, and leaves nothing out', async () => {
    await authority.settled();
    const before = await authority.news();
    await authority.service.database.run(
      { owner: null, role: 'stoette_feed' },
      { name: 'spec-epoch', text: 'update feed_state set epoch = gen_random_uuid()' },
    );
    const after = await authority.news();
    expect(after.epoke).not.toBe(before.epoke);
    expect(after.tilbagekaldt.length).toBeGreaterThan(0);
    expect(after.tilbagekaldt).toEqual(before.tilbagekaldt);
  });

  test.each(['?efter=x', '?efter=-1', '?vent=26', '?alt=ja', '?efter=1&efter=2'])(
    '%s is 400',
    async (query) => {
      const path = `/adgangsstyring/tilbagekaldelser${query}`;
      expect((await authority.service.send('GET', path, { token: null })).status).toBe(400);
    },
  );
});

describe('taking back by hand', () => {
  const post = async (body: unknown, cvr = HERE, privileges = ['adgangsstyring:tilbagekald']) =>
    authority.service.send('POST', '/adgangsstyring/v1/tilbagekaldelser', {
      body,
      token: await authority.own(privileges, cvr),
    });
  const aarsag = 'Nøglen er kommet i de forkerte hænder.';

  test('is for those who have the right, and the attempt of others is in the log', async () => {
    const system = randomUUID();
    const told = await toldBy(async () => {
      const refused = await post({ client_id: system, aarsag }, HERE, ['serviceaftale:skriv']);
      expect([refused.status, JSON.parse(refused.text)]).toMatchObject([403, { kode: 'ingen_rettighed' }]);
      expect((await post({ client_id: system.toUpperCase(), aarsag })).status).toBe(201);
    });
    expect(told).toEqual([bounded({ client_id: system, cvr: HERE })]);
    const { rows } = await authority.service.database.run(
      { owner: HERE },
      {
        name: 'spec-withdrawn',
        text: `select allowed from audit where operation = 'tilbagekald' order by id desc limit 2`,
      },
    );
    expect(rows).toEqual([{ allowed: true }, { allowed: false }]);
  });

  test('reaches the tokens of the municipality, and all tokens when the common organisation does it', async () => {
    const agr = randomUUID();
    expect(await toldBy(() => post({ agr, aarsag }, COMMON))).toEqual([bounded({ agr })]);
    expect(await toldBy(() => post({ agr, aarsag }, HERE))).toEqual([bounded({ agr, cvr: HERE })]);
  });

  test('until a time it also holds for what is issued after it', async () => {
    const jti = 'Et_jti-som-udstedere-skriver-det';
    const til = new Date(Date.now() + 3_600_000).toISOString();
    const told = await toldBy(() => post({ jti, aarsag, til }));
    expect(told).toEqual([{ jti, cvr: HERE, until: Math.ceil(Date.parse(til) / 1000) }]);
  });

  test.each([
    [{ aarsag }],
    [{ agr: randomUUID() }],
    [{ agr: randomUUID(), jti: 'Et_jti-mere', aarsag }],
    [{ agr: 'x', aarsag }],
    [{ jti: '251248-4916', aarsag }],
    [{ sub: '2512484916', aarsag }],
    [{ agr: randomUUID(), aarsag: ' ' }],
    [{ agr: randomUUID(), aarsag, til: '2020-01-01T00:00:00Z' }, 422],
    [{ agr: randomUUID(), aarsag, til: '2999-01-01T00:00:00Z' }, 422],
    [{ agr: randomUUID(), aarsag, cvr: THERE }],
    [[]],
  ])('%j is refused', async (body, status = 400) => {
    expect((await post(body)).status).toBe(status);
  });

  test('is not undone, by anybody', async () => {
    await post({ agr: randomUUID(), aarsag });
    for (const text of ['delete from revoked_token', `update revoked_token set until = now()`])
      await expect(
        authority.service.database.run({ owner: HERE }, { name: text.slice(0, 20), text }),
      ).rejects.toThrow('permission denied');
  });
});
