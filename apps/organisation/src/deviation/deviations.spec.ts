import { randomUUID } from 'node:crypto';
import { DEMO_CLIENTS } from '@stoettesystemer/access';
import {
  ALWAYS,
  day,
  type Deviation,
  jsonOf,
  Municipality,
  organisation,
  outcomeOf,
  post,
  system,
  to,
  unit,
  user,
  years,
} from '../rules/spec/municipality';

let at: Municipality;
beforeAll(async () => {
  at = await Municipality.open();
});
afterAll(() => at.service.close());

interface Page {
  readonly data: Deviation[];
  readonly naeste: string | null;
}
const get = async (query: string, token?: string) =>
  at.service.send('GET', `/organisation/v1/afvigelser${query}`, {
    token: token ?? (await at.service.token()),
  });
const list = async (query = '', token?: string): Promise<Page> => {
  const answer = await get(query, token);
  expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
  return jsonOf<Page>(answer);
};
const vacant = (units: readonly string[] = []) =>
  at.made(
    'organisationfunktioner',
    post('enhedsrolle', { tilknyttedeEnheder: to(units), tilknyttedeOrganisationer: to(randomUUID()) }),
    false,
  );

test('are told with rule, code, object, place and words', async () => {
  const { organisation: of } = await at.town();
  const second = await at.made('organisationenheder', unit({ tilhoerer: to(of) }), false);
  const { data } = await list(`?objekt=${second}`);
  expect(data).toEqual([
    {
      regel: '1',
      kode: 'regel_1_rod',
      niveau: 'regel',
      objekttype: 'OrganisationEnhed',
      uuid: second,
      om: of,
      sti: '/relationer/overordnet',
      besked: 'En organisation har kun én enhed uden overordnet.',
    },
  ]);
});

test('hold at a moment: now, or the one that is asked after', async () => {
  const { organisation: of, root } = await at.town();
  const team = await at.under(root, of);
  const gap = [{ virkning: years(2040, 2041), reference: null }];
  const body = { relationer: { tilhoerer: gap } } as never;
  expect((await at.send({ method: 'PATCH', path: `organisationenheder/${team}`, body }, false)).status).toBe(
    200,
  );
  const at2 = async (moment: string) => (await list(`?objekt=${team}${moment}`)).data.map(({ kode }) => kode);
  expect(await at2('')).toEqual([]);
  expect(await at2('&virkningstid=2039-12-31T23:59:59.999999Z')).toEqual([]);
  expect(await at2(`&virkningstid=${day(2040)}`)).toEqual(['regel_1_organisation', 'regel_1_overordnet']);
  expect(await at2(`&virkningstid=${day(2041)}`)).toEqual([]);
});

test('are narrowed to a rule, to an object, or to a unit and its functions', async () => {
  const { organisation: of, root } = await at.town();
  const team = await at.under(root, of);
  const crowded = await vacant([root, team]);
  const loose = await at.made('organisationenheder', unit({ overordnet: to(team) }), false);
  const uuids = async (query: string) => (await list(`?limit=500${query}`)).data.map(({ uuid }) => uuid);
  expect(await uuids(`&enhed=${team}`)).toEqual([crowded]);
  expect(await uuids(`&objekt=${crowded}`)).toEqual([crowded]);
  // What it is about is found by either.
  expect([...new Set(await uuids(`&objekt=${team}`))]).toEqual([loose]);
  expect(await uuids(`&regel=2&objekt=${crowded}`)).toEqual([crowded]);
  expect(await uuids(`&regel=1&objekt=${crowded}`)).toEqual([]);
  expect((await list('?limit=500&regel=2')).data.every(({ kode }) => kode.startsWith('regel_2'))).toBe(true);
});

test('T56: are read in pages, each once and in order, by a cursor for one question and one caller', async () => {
  for (let n = 0; n < 5; n++) await vacant();
  const whole = (await list('?limit=500')).data;
  const pages: Deviation[] = [];
  let cursor: string | null = null;
  let last = '';
  do {
    const page: Page = await list(`?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`);
    pages.push(...page.data);
    cursor = page.naeste;
    last = cursor ?? last;
  } while (cursor !== null);
  expect(pages.length).toBeGreaterThan(5);
  expect(pages).toEqual(whole);
  for (const [query, cvr] of [
    [`?regel=2&cursor=${last}`, '12345678'],
    [`?cursor=${last}x`, '12345678'],
    [`?cursor=${last}`, '87654321'],
  ] as const)
    expect(outcomeOf(await get(query, await at.service.token({ cvr })))).toEqual([400, 'cursor']);
});

test('a question that cannot be answered is 400', async () => {
  for (const [query, kode] of [
    ['niveau=alle', 'vaerdi'],
    ['regel=8', 'vaerdi'],
    ['objekt=x', 'uuid'],
    ['enhed=urn:oio:x', 'uuid'],
    ['limit=0', 'tal'],
    ['virkningstid=2020', 'tidspunkt'],
    ['virkning=alle', 'ukendt'],
  ] as const)
    expect([query, ...outcomeOf(await get(`?${query}`))]).toEqual([query, 400, kode]);
});

test('are the municipality’s own, and of what the caller may see', async () => {
  const { organisation: of, root } = await at.town();
  const [left, right] = [await at.under(root, of), await at.under(root, of)];
  const [seen, hidden] = [await vacant([left, right]), await vacant([root, right])];
  const uuids = async (token: string) => (await list('?limit=500', token)).data.map(({ uuid }) => uuid);
  const all = await uuids(await at.service.token());
  expect(all).toEqual(expect.arrayContaining([seen, hidden]));
  const reach = { orgenhed: [{ rod: left, undertrae: true }] };
  expect(await uuids(await at.service.tokenAs({}, { constraints: reach }))).toEqual([seen]);
  expect(await uuids(await at.service.token({ cvr: '87654321' }))).toEqual([]);
  const units = await at.service.tokenWith(['organisationenhed:laes']);
  expect((await list('?limit=500', units)).data.filter(({ uuid }) => uuid === seen)).toEqual([]);
  expect(outcomeOf(await get('', await at.service.tokenWith(['organisationenhed:skriv'])))).toEqual([
    403,
    'ingen_rettighed',
  ]);
});

describe('advice', () => {
  const advised = async (uuid: string) =>
    (await list(`?niveau=raad&objekt=${uuid}`)).data
      .filter((each) => each.uuid === uuid)
      .map(({ kode }) => kode);

  test('is given of everything that strict systems may write and had better not', async () => {
    const { organisation: of, root } = await at.town();
    expect(await advised(of)).toEqual(['raad_oeverste', 'raad_virksomhed']);
    const paying = await at.made(
      'organisationfunktioner',
      post('udbetalendeEnhed', { tilknyttedeEnheder: to(root), tilknyttedeOrganisationer: to(of) }),
    );
    expect(await list(`?niveau=raad&objekt=${paying}`)).toMatchObject({
      data: [{ kode: 'raad_los_adresse', regel: '3', uuid: root }],
    });
    const los = [{ virkning: ALWAYS, rolle: 'LosKortNavn', indeks: '1', reference: { uuid: randomUUID() } }];
    await at.keeps({
      method: 'PATCH',
      path: `organisationenheder/${root}`,
      body: { relationer: { adresser: los } },
    });
    expect(await advised(root)).toEqual([]);
    await at.keeps({
      method: 'PATCH',
      path: `organisationer/${of}`,
      body: { relationer: { overordnet: to(root), virksomhed: to(randomUUID()) } },
    });
    expect(await advised(of)).toEqual([]);
  });

  test('is given of relations and attributes that are not to be used', async () => {
    const organisations = await at.made(
      'organisationer',
      organisation({ tilknyttedeEnheder: to(randomUUID()) }),
    );
    expect(await advised(organisations)).toEqual(['raad_relation_tilknyttedeEnheder', 'raad_virksomhed']);
    const person = await at.made('brugere', user({ tilhoerer: to(randomUUID()) }));
    expect(await advised(person)).toEqual([]);
    const egenskaber = [{ virkning: years(2030), brugerType: 'Intern' }];
    await at.keeps({ method: 'PATCH', path: `brugere/${person}`, body: { attributter: { egenskaber } } });
    expect(await advised(person)).toEqual([]);
    expect(await list(`?niveau=raad&objekt=${person}&virkningstid=${day(2030)}`)).toMatchObject({
      data: [{ kode: 'raad_attribut_brugerType', regel: null, sti: '/attributter/egenskaber/0/brugerType' }],
    });
    expect(await advised(await at.made('brugere', user()))).toEqual(['raad_bruger']);
    const tied = { ...system(), relationer: { tilknyttedeItSystemer: to(randomUUID()) } };
    expect(await advised(await at.made('itsystemer', tied))).toEqual(['raad_relation_tilknyttedeItSystemer']);
  });

  test('is given of a task that nobody finds by its number', async () => {
    const { organisation: of, root } = await at.town();
    const nameless = [{ virkning: ALWAYS, rolle: 'Ansvarlig', reference: { uuid: randomUUID() } }];
    const body = unit({ tilhoerer: to(of), overordnet: to(root), opgaver: nameless });
    expect(await advised(await at.made('organisationenheder', body))).toEqual(['raad_klenummer']);
  });
});

describe('the mode of an it-system', () => {
  const bad = { method: 'POST', path: 'organisationenheder', body: unit() } as const;
  const mode = (system: string, tilstand: string, cvr: string, headers: Record<string, string> = {}) =>
    at.service.token({ cvr }).then((token) =>
      at.service.send('PUT', `/organisation/v1/regeltilstande/${DEMO_CLIENTS[system]!}`, {
        body: { attributter: { egenskaber: [{ virkning: ALWAYS, tilstand, begrundelse: 'Prøve.' }] } },
        headers,
        token,
      }),
    );

  test('is strict until it is said otherwise, and again when that is taken back', async () => {
    const other = async (): Promise<number> => {
      const token = await at.service.token({ cvr: '87654321' });
      return (await at.service.send('POST', '/organisation/v1/organisationenheder', { body: unit(), token }))
        .status;
    };
    expect(await other()).toBe(422);
    expect((await mode('demo-fagsystem', 'tolerant', '87654321')).status).toBe(201);
    expect(await other()).toBe(201);
    // One municipality says nothing for another.
    expect((await at.send(bad)).status).toBe(422);
    expect((await mode('demo-fagsystem', 'streng', '87654321', { 'if-match': '"1"' })).status).toBe(200);
    expect(await other()).toBe(422);
  });
});

test('an import tells of each line what rule it broke, and writes the others', async () => {
  const { organisation: of, root } = await at.town();
  const lines = [
    { ...unit({ tilhoerer: to(of), overordnet: to(root) }) },
    unit({ tilhoerer: to(of) }),
    post('enhedsrolle', { tilknyttedeOrganisationer: to(of) }),
  ].map((body, n) =>
    JSON.stringify({ objekttype: n < 2 ? 'OrganisationEnhed' : 'OrganisationFunktion', ...body }),
  );
  const answer = await at.service.send('POST', '/organisation/v1/import', {
    body: lines.join('\n'),
    headers: { 'content-type': 'application/x-ndjson' },
  });
  expect(
    answer.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object),
  ).toMatchObject([
    { status: 201 },
    { status: 422, fejl: [{ kode: 'regel_1_rod' }] },
    { status: 422, fejl: [{ kode: 'regel_2_enhed' }] },
    { oprettet: 1, afvist: 2 },
  ]);
});
