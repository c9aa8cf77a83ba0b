import { randomUUID } from 'node:crypto';
import { type Got, running, type Running, type Sent, ship } from '../spec/running';

let service: Running;
beforeAll(async () => {
  service = await running();
});
afterAll(() => service.close());

const SHIPS = '/havn/v1/skibe';

/** Every answer of these tests must be one that the OpenAPI document promises. */
const send = (path: string, sent?: Sent): Promise<Got> => service.exchange(path, sent);
const post = (path: string, body: unknown, headers: Sent['headers'] = {}) =>
  send(path, { method: 'POST', body, headers });

interface Ship {
  readonly uuid: string;
  readonly registrering: { readonly nummer: number; readonly livscyklus: string; readonly note?: string };
  readonly attributter: Record<string, Record<string, unknown>[]>;
  readonly tilstande: Record<string, Record<string, unknown>[]>;
  readonly relationer: Record<string, Record<string, unknown>[]>;
}
const shipOf = ({ json }: Got): Ship => json as Ship;
const kodeOf = ({ json }: Got): string => (json as { kode: string }).kode;
const faultsOf = ({ json }: Got) =>
  (json as { fejl: { sti: string; kode: string }[] }).fejl.map(({ sti, kode }) => [sti, kode]);

async function made(over: Record<string, unknown> = {}, more: Record<string, unknown> = {}): Promise<Ship> {
  const got = await post(SHIPS, ship(over, more));
  expect(got.status).toBe(201);
  return shipOf(got);
}

describe('opret', () => {
  test('answers the object, its address and its tag', async () => {
    const got = await post(SHIPS, ship({}, { note: 'søsat' }));
    const { uuid, registrering } = shipOf(got);
    expect(got.status).toBe(201);
    expect(got.headers.location).toBe(`${SHIPS}/${uuid}`);
    expect(got.headers.etag).toBe('"1"');
    expect(got.headers['cache-control']).toBe('no-store');
    expect(registrering).toMatchObject({ nummer: 1, livscyklus: 'Opstaaet', note: 'søsat' });
  });

  test('every kind of field comes back as it was told', async () => {
    const register = randomUUID();
    const members = {
      beskrivelse: 'To\nlinjer',
      kode: 'ABC123',
      master: 3,
      dybgang: 4.5,
      takst: '-12498.00',
      bygget: '1860-11-20',
      synet: '2026-01-31T12:00:00.123456Z',
      fredet: true,
      slags: 'Dampskib',
      emne: 'urn:oio:kle:27.18.02',
      register,
      vaerft: { uuid: register, label: 'Orlogsværftet' },
      flag: ['Dannebrog', 'Union Jack'],
    };
    const { uuid, attributter } = await made({
      ...members,
      synet: '2026-01-31T13:00:00.123456+01:00',
      register: register.toUpperCase(),
    });
    expect(attributter['egenskaber']?.[0]).toMatchObject(members);
    expect(shipOf(await send(`${SHIPS}/${uuid}`)).attributter['egenskaber']?.[0]).toMatchObject(members);
  });

  test('return=minimal leaves the object out', async () => {
    const got = await post(SHIPS, ship(), { prefer: 'return=minimal' });
    expect(got).toMatchObject({ status: 201, text: '' });
    expect(got.headers['preference-applied']).toBe('return=minimal');
    expect(got.headers.location).toBeDefined();
  });

  test('what is not declared, or is the server’s to say, is refused', async () => {
    const sent = {
      ...ship({ farve: 'sort' }),
      uuid: randomUUID(),
      ejer: '87654321',
      registrering: { nummer: 1 },
      oprettetAf: 'mig',
    };
    const got = await post(SHIPS, sent);
    expect(got.status).toBe(400);
    expect(faultsOf(got)).toEqual([
      ['/uuid', 'ukendt'],
      ['/ejer', 'ukendt'],
      ['/registrering', 'ukendt'],
      ['/oprettetAf', 'ukendt'],
      ['/attributter/egenskaber/0/farve', 'ukendt'],
    ]);
  });

  test('a period that ends before it begins is 422', async () => {
    const virkning = { fra: '2026-02-01T00:00:00Z', til: '2026-01-01T00:00:00Z' };
    const got = await post(SHIPS, ship({ virkning }));
    expect(got.status).toBe(422);
    expect(faultsOf(got)).toEqual([['/attributter/egenskaber/0/virkning/til', 'periode']]);
  });

  test('two periods that overlap are 422, two that meet are not', async () => {
    const item = (fra: string, til: string) => ({
      virkning: { fra, til },
      brugervendtNoegle: 'x',
      titel: 'y',
    });
    const body = (til: string) => ({
      attributter: {
        egenskaber: [item('2026-01-01T00:00:00Z', til), item('2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z')],
      },
    });
    expect((await post(SHIPS, body('2026-02-01T00:00:00.000001Z'))).status).toBe(422);
    expect((await post(SHIPS, body('2026-02-01T00:00:00Z'))).status).toBe(201);
  });
});

describe('Idempotency-Key', () => {
  test('the same request again gets the same answer and makes nothing', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = ship();
    const first = await post(SHIPS, body, headers);
    const again = await post(SHIPS, body, headers);
    expect(again.text).toBe(first.text);
    expect(again.headers.location).toBe(first.headers.location);
    expect([first.headers['idempotent-replayed'], again.headers['idempotent-replayed']]).toEqual([
      undefined,
      'true',
    ]);
  });

  test('another request under the same key is 422', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    await post(SHIPS, ship(), headers);
    const got = await post(SHIPS, ship(), headers);
    expect([got.status, kodeOf(got)]).toEqual([422, 'idempotens']);
  });

  test('fifty at once make one object', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = ship({ titel: `Samtidig ${randomUUID()}` });
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(SHIPS, body, headers)));
    const done = answers.filter(({ status }) => status === 201);
    expect(answers.filter(({ status }) => status !== 201).map(({ status }) => status)).toEqual(
      Array.from({ length: 50 - done.length }, () => 409),
    );
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    const titel = body.attributter.egenskaber[0]!.titel;
    const found = await send(`${SHIPS}?titel=${encodeURIComponent(titel)}&vis=uuid`);
    expect((found.json as { data: string[] }).data).toHaveLength(1);
  });

  test('a key that is not a UUID is 400', async () => {
    expect((await post(SHIPS, ship(), { 'idempotency-key': 'en' })).status).toBe(400);
  });
});

describe('importer (PUT)', () => {
  test('201 new, 200 changed, 200 and uaendret when nothing differs', async () => {
    const path = `${SHIPS}/${randomUUID()}`;
    const put = (body: unknown, match?: string) =>
      send(path, { method: 'PUT', body, headers: { 'if-match': match } });
    const body = ship();
    expect((await put(body)).status).toBe(201);
    const same = await put(body, '"1"');
    expect([same.status, same.headers['preference-applied'], same.headers.etag]).toEqual([
      200,
      'uaendret',
      '"1"',
    ]);
    const changed = await put(ship({ titel: 'Ny' }), '"1"');
    expect([changed.status, changed.headers['preference-applied'], changed.headers.etag]).toEqual([
      200,
      undefined,
      '"2"',
    ]);
  });

  test('a live object needs If-Match: 428 without, 412 stale, 400 weak or *', async () => {
    const { uuid } = await made();
    const statusOf = async (match?: string) =>
      (await send(`${SHIPS}/${uuid}`, { method: 'PUT', body: ship(), headers: { 'if-match': match } }))
        .status;
    expect(
      await Promise.all([undefined, '"7"', '"abc"', 'W/"1"', '*', '"1", "2"', '1'].map(statusOf)),
    ).toEqual([428, 412, 412, 400, 400, 400, 400]);
  });

  test('If-None-Match: * writes only where there is nothing', async () => {
    const path = `${SHIPS}/${randomUUID()}`;
    const put = () => send(path, { method: 'PUT', body: ship(), headers: { 'if-none-match': '*' } });
    expect([(await put()).status, (await put()).status]).toEqual([201, 412]);
  });
});

describe('læs', () => {
  test('HEAD answers as GET does, without the object', async () => {
    const { uuid } = await made();
    const got = await send(`${SHIPS}/${uuid}`, { method: 'HEAD' });
    expect(got).toMatchObject({ status: 200, text: '', headers: { etag: '"1"' } });
  });

  test('an upper-case UUID is the same; one that is none is 400', async () => {
    const { uuid } = await made();
    expect(shipOf(await send(`${SHIPS}/${uuid.toUpperCase()}`)).uuid).toBe(uuid);
    for (const wrong of [
      'x',
      `{${uuid}}`,
      uuid.slice(1),
      '00000000-0000-0000-0000-000000000000',
      '%00',
      'laes',
    ])
      expect((await send(`${SHIPS}/${wrong}`)).status).toBe(400);
  });

  test('what is another municipality’s looks as if it were not there', async () => {
    const { uuid } = await made();
    const token = await service.token({ cvr: '87654321' });
    const [theirs, nobodys] = [
      await send(`${SHIPS}/${uuid}`, { token }),
      await send(`${SHIPS}/${randomUUID()}`, { token }),
    ];
    const bare = ({ json }: Got) => ({ ...(json as object), instance: '' });
    expect([theirs.status, nobodys.status]).toEqual([404, 404]);
    expect(bare(theirs)).toEqual(bare(nobodys));
  });

  test('304 only where the answer can change with nothing but a registration', async () => {
    const { uuid } = await made();
    const headers = { 'if-none-match': '"1"' };
    expect((await send(`${SHIPS}/${uuid}`, { headers })).status).toBe(200);
    expect((await send(`${SHIPS}/${uuid}?virkning=alle`, { headers })).status).toBe(304);
    expect(
      (await send(`${SHIPS}/${uuid}?virkning=alle`, { headers: { 'if-none-match': '"2"' } })).status,
    ).toBe(200);
  });

  test('many at once, without those that are not there', async () => {
    const [one, two] = [await made(), await made()];
    const got = await post(`${SHIPS}/laes`, { uuid: [two.uuid, randomUUID(), one.uuid.toUpperCase()] });
    expect((got.json as { data: Ship[] }).data.map(({ uuid }) => uuid).sort()).toEqual(
      [one.uuid, two.uuid].sort(),
    );
    const many = Array.from({ length: 501 }, () => randomUUID());
    expect((await post(`${SHIPS}/laes`, { uuid: many })).status).toBe(400);
    expect((await post(`${SHIPS}/laes`, { uuid: ['x'] })).status).toBe(400);
  });
});

describe('tidsrejse', () => {
  test('on both axes', async () => {
    const { uuid } = await made({ titel: 'Før' });
    const body = {
      attributter: { egenskaber: [{ virkning: { fra: '2026-06-01T00:00:00Z' }, titel: 'Efter' }] },
    };
    expect(
      (await send(`${SHIPS}/${uuid}`, { method: 'PATCH', body, headers: { 'if-match': '"1"' } })).status,
    ).toBe(200);
    const { data } = (await send(`${SHIPS}/${uuid}/registreringer`)).json as { data: { fra: string }[] };
    const [second, first] = data.map(({ fra }) => fra);
    const titles = async (query: string) =>
      shipOf(await send(`${SHIPS}/${uuid}?${query}`)).attributter['egenskaber']?.map(({ titel }) => titel);
    expect(await titles('virkningstid=2026-03-01T00:00:00Z')).toEqual(['Før']);
    expect(await titles('virkningstid=2026-07-01T00:00:00%2B02:00')).toEqual(['Efter']);
    expect(await titles('virkning=alle')).toEqual(['Før', 'Efter']);
    expect(await titles('virkningFra=2026-05-01T00:00:00Z&virkningTil=2026-07-01T00:00:00Z')).toEqual([
      'Før',
      'Efter',
    ]);
    expect(await titles(`virkningstid=2026-07-01T00:00:00Z&registreringstid=${first}`)).toEqual(['Før']);
    expect(
      await titles(`virkning=alle&registreringFra=2026-01-01T00:00:00Z&registreringTil=${second}`),
    ).toEqual(['Før']);
  });

  test.each([
    ['virkningstid=2026-02-30T00:00:00Z', 400],
    ['virkningstid=2026-01-01T00:00:00', 400],
    ['virkningstid=2026-01-01T00:00:60Z', 400],
    ['virkningstid=2026-W01-1T00:00:00Z', 400],
    ['virkningstid=2026-01-01T00:00:00+01:00', 400],
    ['virkning=noget', 400],
    ['virkning=alle&virkningstid=2026-01-01T00:00:00Z', 400],
    ['virkningTil=2026-01-01T00:00:00Z', 400],
    ['virkningFra=2026-02-01T00:00:00Z&virkningTil=2026-01-01T00:00:00Z', 422],
    ['registreringFra=2026-02-01T00:00:00Z&registreringTil=2026-02-01T00:00:00Z', 422],
  ])('%s is %d', async (query, status) => {
    const { uuid } = await made();
    expect((await send(`${SHIPS}/${uuid}?${query}`)).status).toBe(status);
  });
});

describe('ret', () => {
  test('says what holds in a period, and only that', async () => {
    const { uuid } = await made(
      { beskrivelse: 'kobberforhudet' },
      {
        relationer: {
          havn: [{ virkning: { fra: '2026-01-01T00:00:00Z' }, reference: { urn: 'urn:oio:havn:aarhus' } }],
        },
      },
    );
    const body = {
      note: 'rigget om',
      attributter: {
        egenskaber: [
          {
            virkning: { fra: '2026-03-01T00:00:00Z', til: '2026-04-01T00:00:00Z' },
            titel: 'Ny',
            beskrivelse: null,
          },
        ],
      },
      tilstande: { fart: [{ virkning: { fra: '2026-01-01T00:00:00Z' }, vaerdi: 'I havn' }] },
      relationer: { havn: [{ virkning: { fra: '2026-05-01T00:00:00Z' }, reference: null }] },
    };
    const got = await send(`${SHIPS}/${uuid}`, { method: 'PATCH', body, headers: { 'if-match': '"1"' } });
    const { attributter, tilstande, relationer, registrering } = shipOf(got);
    expect(got.headers.etag).toBe('"2"');
    expect(registrering).toMatchObject({ livscyklus: 'Rettet', note: 'rigget om' });
    expect(attributter['egenskaber']?.map(({ titel, beskrivelse }) => [titel, beskrivelse])).toEqual([
      ['Fregatten Jylland', 'kobberforhudet'],
      ['Ny', undefined],
      ['Fregatten Jylland', 'kobberforhudet'],
    ]);
    expect(tilstande['fart']).toHaveLength(1);
    expect(relationer['havn']?.[0]?.['virkning']).toMatchObject({ til: '2026-05-01T00:00:00Z' });
  });

  test('what is required can be left out and not cleared', async () => {
    const { uuid } = await made();
    const body = {
      attributter: { egenskaber: [{ virkning: { fra: '2026-03-01T00:00:00Z' }, titel: null }] },
    };
    const got = await send(`${SHIPS}/${uuid}`, { method: 'PATCH', body, headers: { 'if-match': '"1"' } });
    expect(got.status).toBe(400);
    expect(faultsOf(got)).toEqual([['/attributter/egenskaber/0/titel', 'paakraevet']]);
  });

  test('two at once: one wins, one is told', async () => {
    const { uuid } = await made();
    const rename = (titel: string) =>
      send(`${SHIPS}/${uuid}`, {
        method: 'PATCH',
        headers: { 'if-match': '"1"' },
        body: { attributter: { egenskaber: [{ virkning: { fra: '2026-03-01T00:00:00Z' }, titel }] } },
      });
    const statuses = (await Promise.all([rename('A'), rename('B')])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 412]);
  });

  test('a change of nothing makes no registration', async () => {
    const { uuid } = await made({ titel: 'Ens' });
    const body = {
      attributter: { egenskaber: [{ virkning: { fra: '2026-03-01T00:00:00Z' }, titel: 'Ens' }] },
    };
    const got = await send(`${SHIPS}/${uuid}`, { method: 'PATCH', body, headers: { 'if-match': '"1"' } });
    expect([got.status, got.headers.etag, got.headers['preference-applied']]).toEqual([
      200,
      '"1"',
      'uaendret',
    ]);
  });

  test('relations with role and index are ended by their key', async () => {
    const virkning = { fra: '2026-01-01T00:00:00Z' };
    const member = {
      virkning,
      rolle: 'Kaptajn',
      type: 'Person',
      indeks: '1',
      reference: { urn: 'urn:oio:cpr-nr:2512484916' },
    };
    const { uuid } = await made({}, { relationer: { mandskab: [{ ...member, fuldtNavn: 'Kaptajn Vom' }] } });
    const body = {
      relationer: {
        mandskab: [
          { virkning: { fra: '2026-07-01T00:00:00Z' }, rolle: 'Kaptajn', indeks: '1', reference: null },
        ],
      },
    };
    const got = await send(`${SHIPS}/${uuid}`, { method: 'PATCH', body, headers: { 'if-match': '"1"' } });
    expect(shipOf(got).relationer['mandskab']).toMatchObject([
      { rolle: 'Kaptajn', fuldtNavn: 'Kaptajn Vom', virkning: { til: '2026-07-01T00:00:00Z' } },
    ]);
  });
});

describe('passiver, slet og historik', () => {
  test('an object’s life', async () => {
    const { uuid } = await made();
    const path = `${SHIPS}/${uuid}`;
    const passive = await send(`${path}/passiver`, {
      method: 'POST',
      headers: { 'if-match': '"1"' },
      body: { note: 'hugget op' },
    });
    expect([passive.status, shipOf(passive).registrering.livscyklus]).toEqual([200, 'Passiveret']);
    expect((await send(path)).status).toBe(404);
    const again = await send(`${path}/passiver`, { method: 'POST', headers: { 'if-match': '"2"' } });
    expect([again.status, kodeOf(again)]).toEqual([409, 'livscyklus']);
    const revived = await send(path, { method: 'PUT', body: ship() });
    expect([revived.status, shipOf(revived).registrering.livscyklus]).toEqual([200, 'Importeret']);
    expect((await send(path, { method: 'DELETE', headers: { 'if-match': '"3"' } })).status).toBe(204);
    expect((await send(path, { method: 'DELETE' })).status).toBe(409);
    const history = (await send(`${path}/registreringer`)).json as {
      data: { nummer: number; note?: string }[];
      naeste: null;
    };
    expect(history.data.map(({ nummer, note }) => [nummer, note])).toEqual([
      [4, undefined],
      [3, undefined],
      [2, 'hugget op'],
      [1, undefined],
    ]);
    expect(shipOf(await send(`${path}/registreringer/1`)).registrering.nummer).toBe(1);
    for (const nummer of ['0', 'x', '-1', '1.5'])
      expect((await send(`${path}/registreringer/${nummer}`)).status).toBe(400);
    expect((await send(`${path}/registreringer/9`)).status).toBe(404);
  });

  test('history in pages, by a cursor that is good for this object and this caller', async () => {
    const { uuid } = await made();
    const path = `${SHIPS}/${uuid}`;
    for (const n of [1, 2])
      await send(path, { method: 'PUT', body: ship({ titel: `${n}` }), headers: { 'if-match': `"${n}"` } });
    const page = (await send(`${path}/registreringer?limit=2`)).json as { data: unknown[]; naeste: string };
    expect(page.data).toHaveLength(2);
    const rest = (await send(`${path}/registreringer?limit=2&cursor=${page.naeste}`)).json as {
      data: { nummer: number }[];
      naeste: null;
    };
    expect([rest.data.map(({ nummer }) => nummer), rest.naeste]).toEqual([[1], null]);
    const other = await made();
    expect((await send(`${SHIPS}/${other.uuid}/registreringer?cursor=${page.naeste}`)).status).toBe(400);
    expect((await send(`${path}/registreringer?cursor=1${page.naeste}`)).status).toBe(400);
  });

  test('DELETE that is physical leaves nothing', async () => {
    const body = {
      attributter: { egenskaber: [{ virkning: { fra: '2026-01-01T00:00:00Z' }, nummer: '7' }] },
    };
    const { uuid } = shipOf(await post('/havn/v1/boejer', body));
    const path = `/havn/v1/boejer/${uuid}`;
    expect(
      (await send(`${path}?udenNotifikation=true`, { method: 'DELETE', headers: { 'if-match': '"1"' } }))
        .status,
    ).toBe(204);
    expect((await send(path)).status).toBe(404);
  });

  test('udenNotifikation is for the indexes only', async () => {
    expect(faultsOf(await send(`${SHIPS}?udenNotifikation=true`))).toEqual([['?udenNotifikation', 'ukendt']]);
    const got = await send(`${SHIPS}?`, { method: 'GET' });
    expect(got.status).toBe(200);
  });
});

describe('søg', () => {
  const mark = randomUUID().slice(0, 8);
  beforeAll(async () => {
    for (const n of [1, 2, 3])
      await made(
        {
          titel: `${mark} skib ${n}`,
          master: n,
          takst: `${n}00.50`,
          fredet: n === 2,
          slags: n === 3 ? 'Dampskib' : 'Sejlskib',
          bygget: `190${n}-01-01`,
        },
        {
          relationer: {
            mandskab: [
              {
                virkning: { fra: '2026-01-01T00:00:00Z' },
                rolle: 'Matros',
                type: 'Person',
                indeks: '1',
                reference: { urn: `urn:oio:cpr-nr:251248491${n}` },
                fuldtNavn: `Matros ${n}`,
              },
            ],
          },
        },
      );
  });
  const titles = (got: Got) =>
    (got.json as { data: Ship[] }).data.map(({ attributter }) => attributter['egenskaber']?.[0]?.['titel']);

  test.each([
    [`titel=${mark} skib 2`, [2]],
    [`titel=${mark}*&sorter=master`, [1, 2, 3]],
    [`titel=${mark}*&sorter=-master`, [3, 2, 1]],
    [`titel=${mark} skib 1,${mark} skib 3&sorter=titel`, [1, 3]],
    [`titel=${mark}*&master=2,3&sorter=titel`, [2, 3]],
    [`titel=${mark}*&fredet=true`, [2]],
    [`titel=${mark}*&slags=Dampskib`, [3]],
    [`titel=${mark}*&takst=100.50`, [1]],
    [`titel=${mark}*&bygget=1902-01-01`, [2]],
    [`tekst=${mark} skib&master=3`, [3]],
    [`titel=%25`, []],
    [`titel=${mark}_skib_1`, []],
  ])('%s', async (query, numbers) => {
    const got = await send(encodeURI(`${SHIPS}?${query}`).replaceAll('%2525', '%25'));
    expect(got.status).toBe(200);
    expect(titles(got)).toEqual(numbers.map((n) => `${mark} skib ${n}`));
  });

  test.each([
    ['ukendt=1', '?ukendt', 'ukendt'],
    ['titel=a&titel=b', '?titel', 'gentaget'],
    ['titel=', '?titel', 'operand'],
    ['titel=*', '?titel', 'operand'],
    ['titel[a]=b', '', 'ukendt'],
    ['master=x', '?master', 'operand'],
    ['register=x', '?register', 'operand'],
    ['bygget=2026-02-30', '?bygget', 'operand'],
    ['slags=Galej', '?slags', 'operand'],
    ['mandskab.fuldtNavn=Vom', '?mandskab.fuldtNavn', 'ukendt'],
    ['mandskab=urn:oio:cpr-nr:2512484916', '?mandskab', 'personnummer'],
    ['limit=0', '?limit', 'tal'],
    ['limit=-1', '?limit', 'tal'],
    ['limit=501', '?limit', 'tal'],
    ['limit=1e2', '?limit', 'tal'],
    ['vis=farve', '?vis', 'felt'],
    ['sorter=farve', '?sorter', 'felt'],
    ['antal=ja', '?antal', 'vaerdi'],
    ['titel=%zz', '', 'forespoergsel'],
    ['titel=%ff', '', 'forespoergsel'],
    ['titel=%00', '', 'forespoergsel'],
  ])('%s is 400', async (query, sti, kode) => {
    const got = await send(`${SHIPS}?${query}`);
    expect([got.status, ...faultsOf(got)]).toEqual([400, [sti, kode]]);
  });

  test('5,000 parameters are 400', async () => {
    const query = Array.from({ length: 2000 }, (_, n) => `p${n}=`).join('&');
    expect((await send(`${SHIPS}?${query}`)).status).toBe(400);
  });

  test('by a body: persons, and the whole grammar', async () => {
    const udtryk = {
      og: [
        { felt: 'titel', begynderMed: mark },
        {
          eller: [
            { felt: 'mandskab', rolle: 'Matros', lig: { urn: 'urn:oio:cpr-nr:2512484911' } },
            { felt: 'mandskab', lig: 'Matros 3' },
          ],
        },
        { ikke: { felt: 'fredet', lig: true } },
        { felt: 'oprettet', mellem: ['2026-01-01T00:00:00Z', null] },
        { felt: 'register', findes: false },
      ],
    };
    const got = await post(`${SHIPS}/soegninger`, {
      udtryk,
      sorter: ['-titel'],
      vis: ['egenskaber'],
      antal: true,
    });
    expect(got.status).toBe(200);
    expect(titles(got)).toEqual([`${mark} skib 3`, `${mark} skib 1`]);
    expect((got.json as { antal: number }).antal).toBe(2);
    expect((got.json as { data: Ship[] }).data[0]?.relationer).toEqual({});
  });

  test.each([
    [{ udtryk: { felt: 'farve', lig: 'x' } }, '/udtryk/felt', 'felt'],
    [{ udtryk: { felt: 'titel' } }, '/udtryk/felt', 'udtryk'],
    [{ udtryk: { felt: 'titel', lig: 'a', findes: true } }, '/udtryk/felt', 'udtryk'],
    [{ udtryk: { og: [{ eller: [{}] }] } }, '/udtryk/og/0/eller/0/felt', 'udtryk'],
    [{ udtryk: { og: [], felt: 'titel', lig: 'a' } }, '/udtryk/felt', 'udtryk'],
    [{ udtryk: { og: {} } }, '/udtryk/og', 'type'],
    [{ udtryk: { og: [[]] } }, '/udtryk/og', 'type'],
    [{ udtryk: { felt: 'master', lig: 'tre' } }, '/udtryk/lig', 'operand'],
    [{ udtryk: { felt: 'master', mellem: [null, null] } }, '/udtryk/mellem', 'operand'],
    [{ udtryk: { felt: 'master', begynderMed: '1' } }, '/udtryk/begynderMed', 'operand'],
    [{ udtryk: { felt: 'titel', rolle: 'Matros', lig: 'a' } }, '/udtryk/rolle', 'rolle'],
    [{ udtryk: { felt: 'havn', lig: { uuid: 'x' } } }, '/udtryk/lig', 'operand'],
    [{ limit: 501 }, '/limit', 'stoerst'],
    [{ limit: '5' }, '/limit', 'type'],
    [{ sorter: ['x'] }, '/sorter', 'felt'],
    [{ vis: ['x'] }, '/vis', 'felt'],
    [{ cursor: 'x' }, '/cursor', 'cursor'],
    [{ ukendt: 1 }, '/ukendt', 'ukendt'],
  ])('%j is 400', async (body, sti, kode) => {
    const got = await post(`${SHIPS}/soegninger`, body);
    expect(got.status).toBe(400);
    expect(faultsOf(got)).toContainEqual([sti, kode]);
  });

  test('page by page, by link and by cursor, for one query and one caller', async () => {
    const first = await send(`${SHIPS}?titel=${mark}*&sorter=titel&limit=2`);
    const link = /<([^>]+)>; rel="next"/.exec(String(first.headers.link))?.[1] ?? '';
    expect(titles(first)).toHaveLength(2);
    const second = await send(link);
    expect([titles(second), second.headers.link]).toEqual([[`${mark} skib 3`], undefined]);
    const { naeste } = first.json as { naeste: string };
    expect(faultsOf(await send(`${SHIPS}?titel=x*&sorter=titel&limit=2&cursor=${naeste}`))).toEqual([
      ['?cursor', 'cursor'],
    ]);
    const token = await service.token({ cvr: '87654321' });
    expect((await send(link, { token })).status).toBe(400);
  });

  test('nothing found is 200', async () => {
    const got = await send(`${SHIPS}?titel=findes-ikke&vis=uuid`);
    expect(got).toMatchObject({ status: 200, json: { data: [], naeste: null } });
  });
});
