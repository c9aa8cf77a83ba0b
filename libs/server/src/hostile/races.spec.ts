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
const make = async (): Promise<string> =>
  ((await send(SHIPS, { method: 'POST', body: ship() })).json as { uuid: string }).uuid;
const statuses = (answers: readonly Got[]) => answers.map(({ status }) => status).sort();

describe('T59: two who change at once', () => {
  const changes: [string, (uuid: string, match?: string) => Promise<Got>][] = [
    [
      'PUT',
      (uuid, match) =>
        send(`${SHIPS}/${uuid}`, {
          method: 'PUT',
          body: ship({ titel: randomUUID() }),
          headers: { 'if-match': match },
        }),
    ],
    [
      'PATCH',
      (uuid, match) => {
        const item = { virkning: { fra: '2026-03-01T00:00:00Z' }, titel: randomUUID() };
        const body = { attributter: { egenskaber: [item] } };
        return send(`${SHIPS}/${uuid}`, { method: 'PATCH', body, headers: { 'if-match': match } });
      },
    ],
    [
      'DELETE',
      (uuid, match) => send(`${SHIPS}/${uuid}`, { method: 'DELETE', headers: { 'if-match': match } }),
    ],
    [
      'passiver',
      (uuid, match) => send(`${SHIPS}/${uuid}/passiver`, { method: 'POST', headers: { 'if-match': match } }),
    ],
  ];

  test.each(changes)(
    '%s: of ten with one ETag one wins, and is the only one that is stored',
    async (name, change) => {
      const uuid = await make();
      const before = await stored(service);
      const answers = await Promise.all(Array.from({ length: 10 }, () => change(uuid, '"1"')));
      const won = answers.filter(({ status }) => status < 300);
      expect([
        name,
        won.length,
        [...new Set(statuses(answers.filter(({ status }) => status >= 300)))],
      ]).toEqual([
        name,
        1,
        // What has ended cannot be ended again, whatever its tag.
        name === 'DELETE' || name === 'passiver' ? [expect.any(Number)] : [412],
      ]);
      for (const { status } of answers) expect([200, 204, 409, 412]).toContain(status);
      expect(await stored(service)).toBe(before + 1);
      const { data } = (await send(`${SHIPS}/${uuid}/registreringer`)).json as { data: unknown[] };
      expect(data).toHaveLength(2);
    },
  );

  test.each(changes)(
    '%s without If-Match is 428, with one of another time 412, and changes nothing',
    async (_, change) => {
      const uuid = await make();
      const before = await stored(service);
      expect((await change(uuid)).status).toBe(428);
      for (const match of ['"2"', '"999999999"', '"99999999999999999999"', '"x"'])
        expect((await change(uuid, match)).status).toBe(412);
      for (const match of ['W/"1"', '*', '1', '"1","2"'])
        expect((await change(uuid, match)).status).toBe(400);
      expect(await stored(service)).toBe(before);
      expect((await change(uuid, '"1"')).status).toBeLessThan(300);
    },
  );

  test('different kinds of change at once: one wins', async () => {
    for (let round = 0; round < 5; round++) {
      const uuid = await make();
      const before = await stored(service);
      const answers = await Promise.all(changes.map(([, change]) => change(uuid, '"1"')));
      expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
      expect(await stored(service)).toBe(before + 1);
    }
  });

  test('a tag that does not hold is refused of what has ended, and of what never was', async () => {
    const put = (uuid: string, match?: string) =>
      send(`${SHIPS}/${uuid}`, { method: 'PUT', body: ship(), headers: { 'if-match': match } });
    for (const [method, rest] of [
      ['POST', '/passiver'],
      ['DELETE', ''],
    ] as const) {
      const uuid = await make();
      expect(
        (await send(`${SHIPS}/${uuid}${rest}`, { method, headers: { 'if-match': '"1"' } })).status,
      ).toBeLessThan(300);
      const before = await stored(service);
      // Whoever read it alive has not seen that it ended, and must not undo it unawares.
      expect([method, (await put(uuid, '"1"')).status]).toEqual([method, 412]);
      expect(await stored(service)).toBe(before);
      expect((await put(uuid, '"2"')).status).toBe(200);
    }
    expect((await put(randomUUID(), '"1"')).status).toBe(412);
    expect((await put(randomUUID())).status).toBe(201);
  });

  test('ten who make one UUID at once: one makes it', async () => {
    const path = `${SHIPS}/${randomUUID()}`;
    const put = () =>
      send(path, { method: 'PUT', body: ship({ titel: randomUUID() }), headers: { 'if-none-match': '*' } });
    const answers = await Promise.all(Array.from({ length: 10 }, put));
    expect(statuses(answers)).toEqual([201, ...Array<number>(9).fill(412)]);
  });
});

describe('T62: one Idempotency-Key', () => {
  /** The events of one object, when all that is committed has its place in the feed. */
  const eventsOf = async (uuid: string): Promise<number> => {
    for (;;) {
      const marker = await make();
      for (let efter = 0, found = 0; ;) {
        const { json } = await send(`/havn/v1/haendelser?efter=${efter}&limit=500&vent=5`);
        const events = json as { subject: string; sequence: string }[];
        found += events.filter(({ subject }) => subject === uuid).length;
        if (events.some(({ subject }) => subject === marker)) return found;
        if (events.length === 0) break;
        efter = Number(events.at(-1)!.sequence);
      }
    }
  };

  test('a hundred times at once: one object, one event, and equal answers (409 only while it runs)', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = ship({ titel: randomUUID() });
    const before = await stored(service);
    const post = () => send(SHIPS, { method: 'POST', body, headers });
    const answers = await Promise.all(Array.from({ length: 100 }, post));
    const later = await post();
    const done = [...answers.filter(({ status }) => status === 201), later];
    expect([...new Set(statuses(answers))].filter((status) => status !== 201 && status !== 409)).toEqual([]);
    for (const answer of answers.filter(({ status }) => status === 409))
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    expect(new Set(done.map(({ headers: { location, etag } }) => `${location} ${etag}`)).size).toBe(1);
    expect(
      done.filter(({ headers: { 'idempotent-replayed': replayed } }) => replayed === undefined),
    ).toHaveLength(1);
    expect(later.headers['idempotent-replayed']).toBe('true');
    expect(await stored(service)).toBe(before + 1);
    const { uuid } = later.json as { uuid: string };
    expect(await eventsOf(uuid)).toBe(1);
  });

  test('a hundred times at once with two different bodies: one object; the other body is 422', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const bodies = [ship({ titel: 'A' }), ship({ titel: 'B' })];
    const before = await stored(service);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, at) => send(SHIPS, { method: 'POST', body: bodies[at % 2], headers })),
    );
    for (const { status } of answers) expect([201, 409, 422]).toContain(status);
    expect(await stored(service)).toBe(before + 1);
    const again = await Promise.all(bodies.map((body) => send(SHIPS, { method: 'POST', body, headers })));
    expect(statuses(again)).toEqual([201, 422]);
  });

  test('the key of one municipality is nothing to another, nor of one path to another', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = ship();
    const token = await service.token({ cvr: '87654321' });
    const [mine, theirs] = [
      await send(SHIPS, { method: 'POST', body, headers }),
      await send(SHIPS, { method: 'POST', body, headers, token }),
    ];
    expect([mine.status, theirs.status, theirs.headers['idempotent-replayed']]).toEqual([
      201,
      201,
      undefined,
    ]);
    expect((mine.json as { uuid: string }).uuid).not.toBe((theirs.json as { uuid: string }).uuid);
    const { uuid } = mine.json as { uuid: string };
    const ended = { ...headers, 'if-match': '"1"' };
    expect((await send(`${SHIPS}/${uuid}/passiver`, { method: 'POST', headers: ended })).status).toBe(422);
  });
});
