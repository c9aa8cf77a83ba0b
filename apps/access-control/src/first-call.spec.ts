import { randomUUID } from 'node:crypto';
import { audienceOf, COMMON_OWNER, DEMO_CLIENTS, LEVELS } from '@stoettesystemer/access';
import type { BulkItem } from '@stoettesystemer/engine';
import { Serviceaftale } from '@stoettesystemer/model';
import { Journal } from '@stoettesystemer/testing';
import { internalCaller } from './internal-caller';
import { pointing, seeded } from './seed/body';
import { DEMO_VENDOR } from './seed/demo-names';
import { RESTRICTIONS } from './seed/restriction-types';
import { twoServices, type TwoServices } from './spec/two-services';

const TOWN = '12345678';
const SYSTEM = 'demo-begraenset';
const [SERVICE, ROLE, AGREEMENT] = [randomUUID(), randomUUID(), randomUUID()];
const PRIVILEGES = ['laes', 'skriv', 'historik'].map((verb) => `journal:${verb}`);

let at: TwoServices;
let token: string;
beforeAll(async () => {
  at = await twoServices('proeve', [Journal]);
  await write(COMMON_OWNER, [
    seeded('Service', SERVICE, {
      egenskaber: { navn: 'Prøve', entityId: audienceOf('proeve'), organisationCvr: COMMON_OWNER },
    }),
    seeded(
      'Servicesystemrolle',
      ROLE,
      {
        egenskaber: {
          navn: 'Journaler',
          entityId: 'urn:proeve:rolle',
          privilegier: PRIVILEGES,
          organisationCvr: COMMON_OWNER,
        },
        dataafgraensning: (['kle', 'foelsomhed'] as const).map((each) => ({
          dataafgraensningstype: RESTRICTIONS[each],
          kraevet: true,
        })),
      },
      { relationer: { service: pointing(SERVICE) } },
    ),
  ]);
  await write(TOWN, [
    seeded(
      'Serviceaftale',
      AGREEMENT,
      {
        egenskaber: {
          navn: 'Prøve',
          formaal: 'Prøve.',
          aftaletype: 'Test',
          leverandoerCvr: DEMO_VENDOR,
          version: 1,
        },
        rolle: { id: 'r', servicesystemrolle: ROLE },
        afgraensning: [
          { id: 'k', rolleId: 'r', dataafgraensningstype: RESTRICTIONS.kle, vaerdier: ['27.*'] },
          { id: 'f', rolleId: 'r', dataafgraensningstype: RESTRICTIONS.foelsomhed, vaerdier: [LEVELS[1]] },
        ],
      },
      {
        tilstande: { status: 'Aktiv' },
        relationer: { anvendersystem: pointing(DEMO_CLIENTS[SYSTEM]!), service: pointing(SERVICE) },
      },
    ),
  ]);
  token = (await at.token(SYSTEM, 'proeve', TOWN)).access_token!;
});
afterAll(() => at.close());

async function write(owner: string, items: readonly Omit<BulkItem, 'line'>[]): Promise<void> {
  const ask = { caller: internalCaller(owner), transaction: randomUUID() };
  const results = await at.store.bulk(
    ask,
    items.map((item, line) => ({ ...item, line })),
  );
  expect(results.filter(({ outcome }) => outcome === 'afvist')).toEqual([]);
}

const always = { virkning: { fra: '2020-01-01T00:00:00Z' } };
const journal = (kle: string, level: string) => ({
  attributter: { egenskaber: [{ ...always, brugervendtNoegle: randomUUID(), foelsomhed: level }] },
  relationer: {
    klasse: [
      { ...always, rolle: 'Primaer', indeks: '1', reference: { uuid: randomUUID() }, brugervendtNoegle: kle },
    ],
  },
});

async function send(method: string, path: string, body?: object, transaction = randomUUID()) {
  const answer = await fetch(`${at.address}/proeve/v1/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'x-transaktionsid': transaction,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  const { kode } = (text === '' ? {} : JSON.parse(text)) as { kode?: string };
  return { status: answer.status, kode, text };
}

/** What the security log of the service has of the transaction. */
async function logged(transaction: string) {
  const { rows } = await at.database.run(
    { owner: TOWN },
    {
      name: 'spec-denied',
      text: 'select allowed, rule, system, agreement from audit where transaction = $1::uuid',
      values: [transaction],
    },
  );
  return rows;
}

test('within the agreement: the first call', async () => {
  expect((await send('POST', 'journaler', journal('27.18.02', LEVELS[1]!))).status).toBe(201);
  expect((await send('GET', 'journaler?limit=1')).status).toBe(200);
});

test.each([
  ['another KLE', '28.01.01', LEVELS[0]!],
  ['a higher level', '27.18.02', LEVELS[2]!],
])('%s than the agreement has: refused with a code, and logged', async (_, kle, level) => {
  const transaction = randomUUID();
  const { status, kode } = await send('POST', 'journaler', journal(kle, level), transaction);
  expect([status, kode]).toEqual([403, 'dataafgraensning']);
  expect(await logged(transaction)).toMatchObject([
    { allowed: false, rule: 'dataafgraensning', system: DEMO_CLIENTS[SYSTEM], agreement: AGREEMENT },
  ]);
});

test('an operation, a service, a municipality that the agreement does not have', async () => {
  const transaction = randomUUID();
  const erased = await send('DELETE', `journaler/${randomUUID()}`, undefined, transaction);
  expect([erased.status, erased.kode]).toEqual([403, 'ingen_rettighed']);
  expect(await logged(transaction)).toMatchObject([{ allowed: false, rule: 'journal:slet' }]);
  expect(
    (
      await fetch(`${at.address}/adgangsstyring/v1/it-systemer`, {
        headers: { authorization: `Bearer ${token}` },
      })
    ).status,
  ).toBe(401);
  expect(await at.token('demo-leverandoer', 'proeve', TOWN)).toMatchObject({ error: 'invalid_target' });
  expect(await at.token(SYSTEM, 'proeve', '87654321')).toMatchObject({ error: 'invalid_scope' });
});

test('T18: when the agreement is ended, the long poll ends, the token in hand is refused, and there is no other', async () => {
  const { sidste } = JSON.parse((await send('GET', 'haendelser/tilstand')).text) as { sidste: number };
  const polling = send('GET', `haendelser?efter=${sidste}&vent=25`);
  const ask = { caller: internalCaller(TOWN), transaction: randomUUID() };
  const { number } = await at.store.read(ask, Serviceaftale, AGREEMENT, {
    virkning: 'alle',
    registrering: 'nu',
  });
  const fra = new Date().toISOString();
  const change = {
    tilstande: { status: [{ virkning: { fra }, vaerdi: 'Ophaevet' }] },
    attributter: {
      rolle: [{ virkning: { fra }, id: 'r', slut: true }],
      afgraensning: ['k', 'f'].map((id) => ({ virkning: { fra }, id, slut: true })),
    },
  };
  const begin = Date.now();
  await at.store.patch(ask, Serviceaftale, AGREEMENT, change, number);
  while ((await send('GET', 'journaler')).status !== 401) await new Promise((go) => setTimeout(go, 100));
  // A11 promises ten seconds; a poll that nobody ended would answer after twenty-five.
  expect(Date.now() - begin).toBeLessThan(10_000);
  expect([200, 401]).toContain((await polling).status);
  expect(Date.now() - begin).toBeLessThan(20_000);
  expect(await at.token(SYSTEM, 'proeve', TOWN)).toMatchObject({ error: 'invalid_target' });
});
