import type { RunningService } from '@stoettesystemer/testing';
import { runningAccessControl } from '../spec/running-access-control';
import { held, jsonOf, type Item, outcomeOf } from '../spec/town';
import { KLE, Parties, type Read, statesOf } from './spec/parties';

let service: RunningService;
let at: Parties;
beforeAll(async () => {
  service = await runningAccessControl();
  at = await Parties.in(service);
});
afterAll(() => service.close());

const NEW = () => ({ rolle: [{ id: 'b', servicesystemrolle: at.ids.bare }] });
const inForce = ({ attributter, tilstande }: Read) => [
  tilstande.status?.[0]?.vaerdi,
  attributter['egenskaber']?.[0]?.['version'],
  (attributter['rolle'] ?? []).map(({ id }) => id),
];
const whenKnown = async (uuid: string, nummer: number): Promise<string> => {
  const answer = await at.nobody.send('GET', `v1/serviceaftaler/${uuid}/registreringer/${nummer}`);
  return jsonOf<{ registrering: { fra: string } }>(answer).registrering.fra;
};

test('what is approved for a day to come is not in force before it, nor after its end', async () => {
  const wish = { fra: '2990-01-01T00:00:00Z', til: '2991-01-01T00:00:00Z' };
  const uuid = await at.through(await at.draft(), ['anmod', wish], 'godkend');
  expect(statesOf(await at.read(uuid))).toEqual(['Kladde', 'Anmodet', 'Godkendt', 'Aktiv', 'Udloebet']);
  const then = (time: string) => at.read(uuid, `virkningstid=${time}`);
  expect(inForce(await at.read(uuid, ''))).toEqual(['Godkendt', undefined, []]);
  expect(inForce(await then('2989-12-31T23:59:59.999999Z'))).toEqual(['Godkendt', undefined, []]);
  expect(inForce(await then('2990-01-01T00:00:00Z'))).toEqual(['Aktiv', 1, ['r']]);
  expect(inForce(await then('2990-12-31T23:59:59.999999Z'))).toEqual(['Aktiv', 1, ['r']]);
  expect(inForce(await then('2991-01-01T00:00:00Z'))).toEqual(['Udloebet', 1, []]);
});

test('the old version is in force until the new one is approved, on both axes', async () => {
  const uuid = await at.through(await at.draft(), 'anmod', 'godkend', ['ny-version', NEW()]);
  expect(inForce(await at.read(uuid, ''))).toEqual(['Aktiv', 1, ['r']]);
  await at.through(uuid, ['godkend', { fra: '2990-01-01T00:00:00Z' }]);
  expect(inForce(await at.read(uuid, ''))).toEqual(['Aktiv', 1, ['r']]);
  expect(inForce(await at.read(uuid, 'virkningstid=2990-01-01T00:00:00Z'))).toEqual(['Aktiv', 2, ['b']]);
  // As it was known before the new version was approved, the old one held then too.
  const known = `registreringstid=${await whenKnown(uuid, 4)}`;
  expect(inForce(await at.read(uuid, `virkningstid=2990-01-01T00:00:00Z&${known}`))).toEqual([
    'Aktiv',
    1,
    ['r'],
  ]);
  await at.through(uuid, 'ophaev');
  expect(inForce(await at.read(uuid, 'virkningstid=2990-01-01T00:00:00Z'))).toEqual(['Ophaevet', 2, []]);
});

test('a new version under the same ids and with an end leaves nothing behind', async () => {
  const rolle = [{ id: 'r', servicesystemrolle: at.ids.role }];
  const afgraensning = [{ id: 'k', rolleId: 'r', dataafgraensningstype: KLE, vaerdier: ['28.*'] }];
  const uuid = await at.through(
    await at.draft(),
    'anmod',
    'godkend',
    ['ny-version', { rolle, afgraensning }],
    ['godkend', { til: '2990-01-01T00:00:00Z' }],
  );
  const now = await at.read(uuid, '');
  expect(now.attributter['afgraensning']?.map(({ vaerdier }) => vaerdier)).toEqual([['28.*']]);
  expect(inForce(await at.read(uuid, 'virkningstid=2990-01-01T00:00:00Z'))).toEqual(['Udloebet', 2, []]);
  // And is put off by a third.
  await at.through(uuid, ['ny-version', { rolle, afgraensning }], 'godkend');
  expect(inForce(await at.read(uuid, 'virkningstid=2999-01-01T00:00:00Z'))).toEqual(['Aktiv', 3, ['r']]);
});

test('what is in force is changed by no other way of writing', async () => {
  const uuid = await at.through(await at.draft(), 'anmod', 'godkend');
  const [role] = (await at.read(uuid, '')).attributter['rolle'] ?? [];
  const { fra } = (role as unknown as { virkning: { fra: string } }).virkning;
  const from = (...items: Item[]) => items.map((item) => ({ virkning: { fra }, ...item }));
  const changes: [object, number, string][] = [
    [{ attributter: { rolle: from({ id: 'b', servicesystemrolle: at.ids.bare }) } }, 422, 'ikke_anmodet'],
    [{ attributter: { afgraensning: from({ id: 'k', slut: true }) } }, 422, 'ikke_anmodet'],
    [{ attributter: { egenskaber: from({ version: 2 }) } }, 422, 'ikke_anmodet'],
    [{ attributter: { egenskaber: from({ formaal: 'Noget helt andet' }) } }, 422, 'laast'],
    [{ attributter: { rolle: from({ id: 'r', slut: true }) } }, 422, 'roller'],
    [{ tilstande: { status: from({ vaerdi: 'Godkendt' }) } }, 422, 'i_kraft'],
    [{ tilstande: { status: held({ vaerdi: 'Aktiv' }) } }, 409, 'trin'],
    [{ tilstande: { status: held({ vaerdi: 'Kladde' }) } }, 409, 'trin'],
  ];
  for (const [body, status, kode] of changes) {
    const answer = await at.patch(at.municipality, uuid, body);
    expect([JSON.stringify(body), ...outcomeOf(answer)]).toEqual([JSON.stringify(body), status, kode]);
    expect((await at.patch(at.vendor, uuid, body)).status).toBeGreaterThanOrEqual(403);
  }
  const remove = () => at.nobody.change('DELETE', `serviceaftaler/${uuid}`, undefined, 3);
  expect(outcomeOf(await remove())).toEqual([409, 'trin']);
});

test('a vendor approves nothing, whatever it is given and however it writes', async () => {
  const powers = at.vendor.as({
    privileges: ['adgangsstyring:anmod', 'adgangsstyring:godkend'],
    constraints: { organisation: ['23456789'] },
  });
  const asked = await at.through(await at.draft(), 'anmod');
  for (const command of ['godkend', 'afvis'])
    expect(outcomeOf(await at.step(powers, asked, command, { note: 'Ja' }))).toEqual([
      403,
      'ingen_rettighed',
    ]);
  const pending = await at.through(await at.draft(), 'anmod', 'godkend', ['ny-version', NEW()]);
  for (const command of ['godkend', 'afvis', 'ophaev'])
    expect(outcomeOf(await at.step(powers, pending, command, { note: 'Ja' }))).toEqual([
      403,
      'ingen_rettighed',
    ]);
  const body = at.body({ status: 'Aktiv' });
  const attributter = {
    egenskaber: held({ ...body.attributter!['egenskaber']![0], version: 1 }),
    rolle: held({ id: 'b', servicesystemrolle: at.ids.bare }),
  };
  const active = { ...body, attributter };
  expect(outcomeOf(await powers.send('POST', 'v1/serviceaftaler', active))).toEqual([403, 'ingen_rettighed']);
  const path = 'v1/serviceaftaler/6c0ad0a5-4e2c-4c3f-9e0f-0a8f5a0b1c2d';
  expect(outcomeOf(await powers.send('PUT', path, active))).toEqual([403, 'ingen_rettighed']);
  const approver = at.municipality;
  expect(outcomeOf(await approver.send('PUT', path, active))).toEqual([201]);
});

test('a vendor sees and asks for its own agreements alone', async () => {
  const uuid = await at.draft();
  const other = at.vendor.as({
    privileges: ['adgangsstyring:anmod'],
    constraints: { organisation: ['34567890'] },
  });
  expect(outcomeOf(await other.send('GET', `v1/serviceaftaler/${uuid}`))).toEqual([404, 'findes_ikke']);
  expect(outcomeOf(await other.change('POST', `serviceaftaler/${uuid}/anmod`, {}, 1))).toEqual([
    404,
    'findes_ikke',
  ]);
  expect(outcomeOf(await other.send('GET', `v1/serviceaftaler/${uuid}/oversigt`))).toEqual([
    404,
    'findes_ikke',
  ]);
  expect(outcomeOf(await other.post('serviceaftaler', at.body()))).toEqual([403, 'dataafgraensning']);
});

test('what is asked for stands still while it waits', async () => {
  const uuid = await at.through(await at.draft(), 'anmod');
  for (const who of [at.vendor, at.municipality]) {
    const more = { attributter: { anmodetRolle: held({ id: 'b', servicesystemrolle: at.ids.bare }) } };
    expect(outcomeOf(await at.patch(who, uuid, more))).toEqual([422, 'laast']);
    const words = { attributter: { egenskaber: held({ formaal: 'Et andet' }) } };
    expect(outcomeOf(await at.patch(who, uuid, words))).toEqual([422, 'laast']);
  }
});

test('the signer reads it in words, and finds it among those that wait', async () => {
  const kle = [{ id: 'k', rolleId: 'r', dataafgraensningstype: KLE, vaerdier: ['27.*', '32.*'] }];
  const uuid = await at.through(await at.draft(), 'anmod', 'godkend', [
    'ny-version',
    {
      note: 'Vi skal se mere',
      fra: '2990-01-01T00:00:00Z',
      rolle: [{ id: 'r', servicesystemrolle: at.ids.role }, ...NEW().rolle],
      afgraensning: kle,
    },
  ]);
  const said = await at.municipality.read<Record<string, unknown>>(`v1/serviceaftaler/${uuid}/oversigt`);
  expect(said).toMatchObject({
    navn: 'En aftale',
    formaal: 'At prøve',
    status: 'Aktiv',
    leverandoer: { cvr: '23456789' },
    anvendersystem: { navn: 'Et system' },
    services: [{ navn: 'Prøveservice', beskrivelse: 'Det, der prøves.' }],
    gaeldende: {
      version: 1,
      til: null,
      roller: [
        {
          navn: 'Se ting',
          beskrivelse: 'Kan Se ting.',
          service: 'Prøveservice',
          afgraensninger: [{ navn: 'KLE', vaerdier: [{ vaerdi: '27.*', navn: '27.*' }] }],
        },
      ],
    },
    anmodet: { version: 2, fra: '2990-01-01T00:00:00Z', til: null, begrundelse: 'Vi skal se mere' },
    forskelle: ['Ny rolle: Se alt.', 'Se ting: KLE ændres fra 27.* til 27.*, 32.*.'],
  });
  await at.through(await at.draft(), 'anmod');
  const pages: Item[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { data: Item[]; naeste: string | null } = await at.municipality.read(
      `v1/serviceaftaler/ventende?limit=1${more}`,
    );
    expect(page.data.length).toBeLessThanOrEqual(1);
    pages.push(...page.data);
    cursor = page.naeste;
  }
  expect(pages).toContainEqual(expect.objectContaining({ uuid, version: 2, nyVersion: true }));
  const statuses = await Promise.all(pages.map(async (each) => at.read(String(each['uuid']))));
  for (const each of statuses)
    expect([each.tilstande.status?.at(-1)?.vaerdi, each.attributter['anmodning'] !== undefined]).toEqual([
      expect.stringMatching(/^(Anmodet|Aktiv)$/),
      true,
    ]);
});
