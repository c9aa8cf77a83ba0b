import { randomUUID } from 'node:crypto';
import { raw } from '../spec/raw';
import { type Got, running, type Running, type Sent, ship } from '../spec/running';

let service: Running;
let uuid: string;
beforeAll(async () => {
  service = await running();
  for (let at = 0; at < 5; at++)
    ({ uuid } = (await service.send(SHIPS, { method: 'POST', body: ship({ master: at }) })).json as {
      uuid: string;
    });
});
afterAll(() => service.close());

const SHIPS = '/havn/v1/skibe';
async function send(path: string, sent: Sent = {}): Promise<Got> {
  const got = await service.send(path, sent);
  expect([path.slice(0, 200), service.faults(sent.method ?? 'GET', path, got)]).toEqual([
    path.slice(0, 200),
    [],
  ]);
  return got;
}
const statusOf = async (path: string, sent?: Sent): Promise<number> => (await send(path, sent)).status;

describe('T53: UUIDs', () => {
  const forms = (): [string, string, number][] => [
    ['upper case', uuid.toUpperCase(), 200],
    ['one too short', uuid.slice(1), 400],
    ['one too long', `${uuid}0`, 400],
    ['nil', '00000000-0000-0000-0000-000000000000', 400],
    ['the largest', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 404],
    ['in braces', encodeURIComponent(`{${uuid}}`), 400],
    ['without hyphens', uuid.replaceAll('-', ''), 400],
    ['as a URN', `urn:uuid:${uuid}`, 400],
    ['with a space', `%20${uuid}`, 400],
    ['with a line break', `${uuid}%0a`, 400],
    ['with a full-width digit', `${uuid.slice(0, -1)}%EF%BC%91`, 400],
    ['of another kind', 'g'.repeat(8) + uuid.slice(8), 400],
  ];

  test('in an address: as documented, through every operation on an object', async () => {
    for (const [name, text, status] of forms()) {
      const got = await send(`${SHIPS}/${text}`);
      expect([name, got.status]).toEqual([name, status]);
      if (status === 200) expect((got.json as { uuid: string }).uuid).toBe(uuid);
      if (status !== 400) continue;
      const body = ship();
      for (const [method, rest] of [
        ['PUT', ''],
        ['PATCH', ''],
        ['DELETE', ''],
        ['POST', '/passiver'],
        ['GET', '/registreringer'],
        ['GET', '/registreringer/1'],
      ] as const) {
        const sent = {
          method,
          headers: { 'if-match': '"1"' },
          ...(method.startsWith('P') && rest === '' ? { body } : {}),
        };
        expect([method, rest, name, await statusOf(`${SHIPS}/${text}${rest}`, sent)]).toEqual([
          method,
          rest,
          name,
          400,
        ]);
      }
    }
  });

  test('in a body: upper case is written in lower, what is none is 400', async () => {
    const made = await send(SHIPS, {
      method: 'POST',
      body: ship({ register: uuid.toUpperCase(), vaerft: { uuid: uuid.toUpperCase() } }),
    });
    expect(made.json).toMatchObject({ attributter: { egenskaber: [{ register: uuid, vaerft: { uuid } }] } });
    for (const [name, text, status] of forms().filter(([, , each]) => each === 400)) {
      const value = decodeURIComponent(text);
      for (const over of [{ register: value }, { vaerft: { uuid: value } }])
        expect([name, await statusOf(SHIPS, { method: 'POST', body: ship(over) })]).toEqual([name, status]);
      expect(await statusOf(`${SHIPS}/laes`, { method: 'POST', body: { uuid: [uuid, value] } })).toBe(400);
      expect(await statusOf(`${SHIPS}?uuid=${encodeURIComponent(value)}`)).toBe(400);
    }
  });
});

describe('T55: addresses that mean two things, or nothing', () => {
  test.each([
    ['titel=a&titel=b'],
    ['titel=a&titel=a'],
    ['limit=1&limit=2'],
    ['titel=a&%74itel=b'],
    ['titel[]=a'],
    ['titel[0]=a'],
    ['titel[a]=b'],
    ['titel%5Ba%5D=b'],
    ['titel.x=a'],
    ['__proto__[polluted]=1'],
    ['__proto__=1'],
    ['constructor=1'],
    ['toString=1'],
    ['hasOwnProperty=1'],
    ['=a'],
    ['&=&'],
    ['titel=%00'],
    ['titel=a%00b'],
    ['%00=a'],
    ['titel=%ff'],
    ['titel=%c0%af'],
    ['titel=%ed%a0%80'],
    ['titel=%'],
    ['titel=%zz'],
    ['titel=%u00e6'],
    ['TITEL=a'],
    ['titel;x=a'],
    ['access-token=x'],
  ])('?%s is 400', async (query) => {
    for (const path of [SHIPS, `${SHIPS}/${uuid}`, `${SHIPS}/${uuid}/registreringer`, '/havn/v1/haendelser'])
      expect([path, await statusOf(`${path}?${query}`)]).toEqual([path, 400]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('101 parameters, and 5,000, are 400', async () => {
    for (const count of [101, 1000]) {
      const query = Array.from({ length: count }, (_, n) => `p${n}=`).join('&');
      expect(await statusOf(`${SHIPS}?${query}`)).toBe(400);
    }
    // So many are more than a header may hold.
    const query = Array.from({ length: 5000 }, (_, n) => `p${n}=`).join('&');
    const answer = await raw(service.port, [`GET ${SHIPS}?${query} HTTP/1.1\r\nHost: x\r\n\r\n`]);
    expect(answer).toMatch(/^HTTP\/1\.1 (400|431) /);
    expect(answer).toContain('application/problem+json');
    const few = Array.from({ length: 5000 }, () => 'a').join('&');
    expect(await statusOf(`${SHIPS}?${few}`)).toBe(400);
  });

  test.each([
    ['%00', 400],
    ['%ff', 400],
    ['%c0%ae%c0%ae', 400],
    ['%zz', 400],
    ['%', 400],
    ['..%2f..%2fetc%2fpasswd', 400],
    ['..%5c..%5c', 400],
    ['%2e%2e', 400],
    [';', 400],
    ['*', 400],
    ['%0d%0aSet-Cookie:x=y', 400],
  ])('/%s is %d', async (part, status) => {
    const got = await send(`${SHIPS}/${part}`);
    expect([got.status, got.headers['set-cookie']]).toEqual([status, undefined]);
  });

  test.each([
    ['/havn/v1/%73kibe%00'],
    ['/havn/v1/..%2fv1/skibe'],
    ['/havn/v1/./skibe'],
    ['/havn/../havn/v1/skibe'],
    ['/havn//v1/skibe'],
    ['/havn/v1/skibe;a=b'],
    ['/HAVN/v1/skibe'],
    ['/havn/v1/skibe/x/y/z'],
    ['/%00'],
    ['/%ff'],
  ])('%s is nobody’s: 400 or 404, as a problem', async (path) => {
    const { status, headers } = await service.send(path);
    expect([400, 404]).toContain(status);
    expect(headers['content-type']).toContain('application/problem+json');
  });
});

describe('T56: pages', () => {
  test.each([
    '0',
    '-1',
    '501',
    '1000000000',
    '1e9',
    '1.5',
    '%D9%A1',
    '',
    'x',
    '0x10',
    '+1',
    '%201',
    '99999999999999999999',
  ])('limit=%s is 400', async (limit) => {
    for (const path of [SHIPS, `${SHIPS}/${uuid}/registreringer`, '/havn/v1/haendelser'])
      expect([path, await statusOf(`${path}?limit=${limit}`)]).toEqual([path, 400]);
    const body = `{"limit":${/^-?\d+(\.\d+|e\d+)?$/.test(limit) ? limit : JSON.stringify(limit)}}`;
    expect(await statusOf(`${SHIPS}/soegninger`, { method: 'POST', body })).toBe(400);
  });
  test('limit=1 and limit=500 are not', async () => {
    for (const limit of [1, 500]) expect(await statusOf(`${SHIPS}?limit=${limit}`)).toBe(200);
  });

  const QUERY = 'sorter=master&limit=2';
  const pageAfter = async (query: string, token?: string) =>
    send(`${SHIPS}?${query}`, token === undefined ? {} : { token });
  const cursorOf = async (query = QUERY): Promise<string> =>
    ((await pageAfter(query)).json as { naeste: string }).naeste;
  const A64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

  test('a cursor that is altered in any one bit is 400', async () => {
    const cursor = await cursorOf();
    expect((await pageAfter(`${QUERY}&cursor=${cursor}`)).status).toBe(200);
    const altered = [...cursor].flatMap((letter, at) =>
      [1, 2, 4, 8, 16, 32].map(
        (bit) => cursor.slice(0, at) + A64[A64.indexOf(letter) ^ bit]! + cursor.slice(at + 1),
      ),
    );
    for (let at = 0; at < altered.length; at += 50) {
      const answers = await Promise.all(
        altered.slice(at, at + 50).map((each) => pageAfter(`${QUERY}&cursor=${each}`)),
      );
      expect([...new Set(answers.map(({ status }) => status))]).toEqual([400]);
    }
    for (const each of [
      '',
      '=',
      'A',
      cursor.slice(0, -1),
      cursor.slice(1),
      `${cursor}A`,
      cursor + cursor,
      `${cursor}%3D`,
    ])
      expect([each, await statusOf(`${SHIPS}?${QUERY}&cursor=${each}`)]).toEqual([each, 400]);
  });

  test('a cursor of another search, order, time, caller or municipality is 400', async () => {
    const cursor = await cursorOf();
    const others = [
      'sorter=-master&limit=2',
      'sorter=titel&limit=2',
      'sorter=master&limit=2&titel=x',
      'sorter=master&limit=2&virkningstid=2026-06-01T00:00:00Z',
      'sorter=master&limit=2&registreringstid=2026-06-01T00:00:00Z',
    ];
    for (const query of others)
      expect([query, await statusOf(`${SHIPS}?${query}&cursor=${cursor}`)]).toEqual([query, 400]);
    expect(await statusOf(`/havn/v1/boejer?limit=2&cursor=${cursor}`)).toBe(400);
    const neighbour = await service.token({ cvr: '87654321' });
    expect((await pageAfter(`${QUERY}&cursor=${cursor}`, neighbour)).status).toBe(400);
    const colleague = await service.token({ system: 'demo-begraenset' });
    expect((await pageAfter(`${QUERY}&cursor=${cursor}`, colleague)).status).toBe(400);
    expect(await statusOf(`${SHIPS}/${uuid}/registreringer?cursor=${cursor}`)).toBe(400);
  });

  test('a cursor that is a day and a second old is 400', async () => {
    const cursor = await cursorOf();
    const now = Date.now.bind(Date);
    const clock = jest.spyOn(Date, 'now');
    try {
      for (const [ahead, status] of [
        [86_300_000, 200],
        [86_402_000, 400],
      ] as const) {
        clock.mockImplementation(() => now() + ahead);
        expect([ahead, (await pageAfter(`${QUERY}&cursor=${cursor}`)).status]).toEqual([ahead, status]);
      }
    } finally {
      clock.mockRestore();
    }
  });

  test('a cursor of a history is for that object and that caller', async () => {
    const path = `${SHIPS}/${uuid}`;
    for (const n of [1, 2]) {
      const body = ship({ titel: `${n}` });
      expect(await statusOf(path, { method: 'PUT', body, headers: { 'if-match': `"${n}"` } })).toBe(200);
    }
    const { naeste } = (await send(`${path}/registreringer?limit=1`)).json as { naeste: string };
    expect(await statusOf(`${path}/registreringer?limit=1&cursor=${naeste}`)).toBe(200);
    for (const [at, letter] of [...naeste].entries()) {
      const other = letter === 'A' ? 'B' : letter === '.' ? '' : 'A';
      expect(
        await statusOf(`${path}/registreringer?cursor=${naeste.slice(0, at)}${other}${naeste.slice(at + 1)}`),
      ).toBe(400);
    }
    expect(await statusOf(`${SHIPS}/${randomUUID()}/registreringer?cursor=${naeste}`)).toBe(400);
    const token = await service.token({ system: 'demo-begraenset' });
    expect(await statusOf(`${path}/registreringer?cursor=${naeste}`, { token })).toBe(400);
  });
});
