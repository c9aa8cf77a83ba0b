import { randomUUID } from 'node:crypto';
import { type Got, running, type Running, type Sent, ship } from '../spec/running';
import { stored } from './spec/stored';

let service: Running;
beforeAll(async () => {
  service = await running();
});
afterAll(() => service.close());

const SHIPS = '/havn/v1/skibe';
const send = (path: string, sent?: Sent): Promise<Got> => service.exchange(path, sent);
const make = (body: unknown) => send(SHIPS, { method: 'POST', body });
const papers = (virkning: object, titel = 'Fregatten') => ({ virkning, brugervendtNoegle: 'x', titel });
const egenskaber = (...items: object[]) => ({ attributter: { egenskaber: items } });
const load = async (line: object): Promise<number> => {
  const body = JSON.stringify({ objekttype: 'Skib', ...line });
  const headers = { 'content-type': 'application/x-ndjson' };
  const { text } = await send('/havn/v1/import', { method: 'POST', body, headers });
  return (JSON.parse(text.split('\n')[0]!) as { status: number }).status;
};
interface Ship {
  readonly uuid: string;
  readonly tidspunkt?: string;
  readonly attributter: Record<string, Record<string, unknown>[]>;
}
const unstored = async (work: () => Promise<void>): Promise<void> => {
  const before = await stored(service);
  await work();
  expect(await stored(service)).toBe(before);
};

describe('T48: times that are none', () => {
  const BAD_DAYS = [
    '2026-02-30',
    '2025-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-00-01',
    '2026-01-00',
    '2026-04-31',
    '0000-01-01',
    '10000-01-01',
    '-0001-01-01',
    '1849-12-30',
  ];
  const BAD = [
    ...BAD_DAYS.map((day) => `${day}T00:00:00Z`),
    '2026-01-01T24:00:00Z',
    '2026-01-01T23:59:60Z',
    '2026-01-01T23:60:00Z',
    '2026-W53-1T00:00:00Z',
    '2026-W53',
    '2026-365T00:00:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00.1234567Z',
    '2026-01-01 00:00:00Z',
    '2026-01-01T00:00Z',
    '2026-01-01',
    '9999-12-31T23:59:59-01:00',
    '-infinity',
    'infinity',
    'now',
    'epoch',
    '',
    '0',
    '1767225600',
  ];

  test.each(BAD.map((time) => [time]))('%j is 400 wherever a time can stand', (time) =>
    unstored(async () => {
      const made = { virkning: { fra: '2000-01-01T00:00:00Z' } };
      const bodies = [
        ship({ virkning: { fra: time } }),
        ship({ virkning: { fra: '1990-01-01T00:00:00Z', til: time } }),
        ship({ synet: time }),
        ship({}, { tidspunkt: time }),
        ship({}, { tilstande: { fart: [{ virkning: { fra: time }, vaerdi: 'I havn' }] } }),
        ship({}, { relationer: { havn: [{ virkning: { fra: time }, reference: { urn: 'urn:oio:x' } }] } }),
      ];
      for (const body of bodies) {
        expect([body, (await make(body)).status]).toEqual([body, 400]);
        expect(await load(body)).toBe(400);
      }
      expect(await load({ registreringer: [{ fra: time, ...ship(made) }] })).toBe(400);
      const search = { udtryk: { felt: 'synet', lig: time } };
      expect((await send(`${SHIPS}/soegninger`, { method: 'POST', body: search })).status).toBe(400);
      const q = encodeURIComponent(time);
      for (const name of [
        'virkningstid',
        'virkningFra',
        'registreringstid',
        'registreringFra',
        'synet',
        'oprettet',
      ])
        expect([name, (await send(`${SHIPS}?${name}=${q}`)).status]).toEqual([name, 400]);
      // A header without a value is one that nobody sent.
      if (time !== '') {
        const headers = { 'x-transaktionstid': time };
        expect((await send(SHIPS, { headers })).status).toBe(400);
      }
    }),
  );

  test.each(
    [...BAD_DAYS, '2026-1-1', '2026-01-01T00:00:00Z', '20260101', '2026-W01', ''].map((day) => [day]),
  )('%j is no day', (day) =>
    unstored(async () => {
      expect((await make(ship({ bygget: day }))).status).toBe(400);
      expect((await send(`${SHIPS}?bygget=${encodeURIComponent(day)}`)).status).toBe(400);
    }),
  );

  test.each([
    ['1850-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z', '1850-01-01', '9999-12-31'],
    ['1850-01-01T00:00:00.000001Z', '9999-12-31T00:00:00Z', '1851-02-28', '2024-02-29'],
    ['1969-12-31T23:59:59.999999Z', '1970-01-01T00:00:00Z', '1969-12-31', '2000-02-29'],
    ['2026-03-29T01:59:59.999999Z', '2026-10-25T00:30:00.123456Z', '2026-03-29', '2026-10-25'],
  ])('%s and %s are taken and given back unchanged', async (fra, til, first, last) => {
    for (const bygget of [first, last]) {
      const got = await make(ship({ virkning: { fra, til }, synet: til, bygget }, { tidspunkt: fra }));
      expect(got.status).toBe(201);
      const { uuid, tidspunkt, attributter } = got.json as Ship;
      const expected = { virkning: { fra, til }, synet: til, bygget };
      expect([tidspunkt, attributter['egenskaber']?.[0]]).toMatchObject([fra, expected]);
      const again = (await send(`${SHIPS}/${uuid}?virkning=alle`)).json as Ship;
      expect(again.attributter['egenskaber']?.[0]).toMatchObject(expected);
      const found = await send(
        `${SHIPS}?virkning=alle&uuid=${uuid}&synet=${encodeURIComponent(til)}&bygget=${bygget}`,
      );
      expect((found.json as { data: unknown[] }).data).toHaveLength(1);
    }
  });

  test('a time in another zone is the same moment, written in UTC', async () => {
    const { json } = await make(
      ship({ virkning: { fra: '2026-07-01T00:00:00+02:00' }, synet: '2026-12-31T23:30:00-11:30' }),
    );
    expect((json as Ship).attributter['egenskaber']?.[0]).toMatchObject({
      virkning: { fra: '2026-06-30T22:00:00Z' },
      synet: '2027-01-01T11:00:00Z',
    });
  });
});

describe('T51: periods that are none', () => {
  const [early, late] = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'];
  const BACKWARDS = [
    ['from after to', { fra: late, til: early }],
    ['from equal to to', { fra: early, til: early }],
    ['equal in different zones', { fra: early, til: '2026-01-01T01:00:00+01:00' }],
    ['a microsecond backwards', { fra: '2026-01-01T00:00:00.000001Z', til: early }],
  ] as const;
  test.each(BACKWARDS)('%s is 422, in every facet and every operation', (_, virkning) =>
    unstored(async () => {
      const facets = [
        egenskaber(papers(virkning)),
        { ...ship(), tilstande: { fart: [{ virkning, vaerdi: 'I havn' }] } },
        { ...ship(), relationer: { havn: [{ virkning, reference: { urn: 'urn:oio:x' } }] } },
        { ...ship(), relationer: { soesterskib: [{ virkning, reference: { uuid: randomUUID() } }] } },
      ];
      for (const body of facets) {
        const got = await make(body);
        expect([got.status, (got.json as { kode: string }).kode]).toEqual([422, 'periode']);
        expect((await send(`${SHIPS}/${randomUUID()}`, { method: 'PUT', body })).status).toBe(422);
        expect(await load(body)).toBe(422);
      }
      const { fra, til } = virkning;
      for (const axis of ['virkning', 'registrering']) {
        const query = `${axis}Fra=${encodeURIComponent(fra)}&${axis}Til=${encodeURIComponent(til)}`;
        expect((await send(`${SHIPS}?${query}`)).status).toBe(422);
      }
    }),
  );

  test('in a change too, and the object stays as it was', async () => {
    const { uuid } = (await make(ship())).json as Ship;
    for (const [, virkning] of BACKWARDS) {
      const body = egenskaber({ virkning, titel: 'Ny' });
      const got = await send(`${SHIPS}/${uuid}`, { method: 'PATCH', body, headers: { 'if-match': '"1"' } });
      expect([got.status, (got.json as { kode: string }).kode]).toEqual([422, 'periode']);
    }
    expect((await send(`${SHIPS}/${uuid}`)).headers.etag).toBe('"1"');
  });

  const items = {
    attributes: (a: object, b: object) => egenskaber(papers(a), papers(b, 'Ny')),
    'keyed attributes': (a: object, b: object) => ({
      attributter: {
        ...ship().attributter,
        dokument: [a, b].map((virkning, at) => ({
          virkning,
          id: 'Ærø'.normalize(at === 0 ? 'NFC' : 'NFD'),
          navn: `${at}`,
        })),
      },
    }),
    states: (a: object, b: object) => ({
      ...ship(),
      tilstande: { fart: [a, b].map((virkning, at) => ({ virkning, vaerdi: ['I havn', 'Til søs'][at] })) },
    }),
    'a relation of one': (a: object, b: object) => ({
      ...ship(),
      relationer: {
        havn: [a, b].map((virkning, at) => ({ virkning, reference: { urn: `urn:oio:x${at}` } })),
      },
    }),
    'a relation of many, by its reference': (a: object, b: object) => ({
      ...ship(),
      relationer: {
        soesterskib: [a, b].map((virkning, at) => ({
          virkning,
          reference: { uuid: at === 0 ? SISTER : SISTER.toUpperCase() },
        })),
      },
    }),
    'a relation of many, by role and index': (a: object, b: object) => ({
      ...ship(),
      relationer: {
        mandskab: [a, b].map((virkning, at) => ({
          virkning,
          rolle: ['Kaptajn', '11111111-1111-4111-8111-111111111111'][at],
          indeks: '1',
          reference: { uuid: randomUUID() },
        })),
      },
    }),
  };
  const SISTER = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';

  test.each(Object.entries(items))(
    '%s: what overlaps in one request is 422, what meets is 201',
    async (_, bodyOf) => {
      const whole = { fra: early, til: late };
      for (const other of [
        whole,
        { fra: early },
        { fra: '2025-01-01T00:00:00Z', til: '2027-01-01T00:00:00Z' },
        { fra: '2026-01-15T00:00:00Z', til: null },
        { fra: '2026-01-31T23:59:59.999999Z', til: '2026-03-01T00:00:00Z' },
      ])
        await unstored(async () => {
          for (const [a, b] of [
            [whole, other],
            [other, whole],
          ] as const) {
            const got = await make(bodyOf(a, b));
            expect([other, got.status, (got.json as { kode: string }).kode]).toEqual([other, 422, 'overlap']);
            expect(await load(bodyOf(a, b))).toBe(422);
          }
        });
      const meeting = { fra: '2026-02-01T01:00:00+01:00', til: '2026-03-01T00:00:00Z' };
      expect((await make(bodyOf(whole, meeting))).status).toBe(201);
      expect((await make(bodyOf(meeting, whole))).status).toBe(201);
    },
  );
});
