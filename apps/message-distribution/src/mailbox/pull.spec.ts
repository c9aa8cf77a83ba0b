import { randomUUID } from 'node:crypto';
import type { RunningService } from '@stoettesystemer/testing';
import { event, jsonOf, OTHER_TOWN, Receiver, TOWN } from '../spec/receiver';
import { runningMessageDistribution } from '../spec/running-message-distribution';

let service: RunningService;
let us: Receiver;
beforeAll(async () => {
  service = await runningMessageDistribution();
  us = new Receiver(service);
});
afterAll(() => service.close());

const about = (subject: string, count: number) => Array.from({ length: count }, () => event({ subject }));
const ids = (events: readonly { id: string }[]) => events.map(({ id }) => id);
/** A lease runs out as if its time had passed. */
const runOut = (krav: string) =>
  service.database.run(
    { owner: TOWN },
    {
      name: 'spec-run-out',
      text: `update lease set until = clock_timestamp() where owner = $1::int and id = $2::uuid`,
      values: [Number(TOWN), krav],
    },
  );

test('in the order that they were sent, and each once', async () => {
  const mailbox = await us.mailbox();
  const sent = [...about('a', 3), ...about('b', 3), ...about('a', 3)];
  for (const each of sent) await us.published(each);
  expect(ids(await us.receive(mailbox, sent.length))).toEqual(ids(sent));
  expect(await us.rest(mailbox)).toEqual([]);
});

test('what has been leased is nobody else’s, and no more of its subject', async () => {
  const mailbox = await us.mailbox();
  const [first, second] = [about('x', 3), about('y', 1)];
  await us.published(...first, ...second);
  await us.settled(mailbox);
  const one = await us.claim(mailbox, { antal: 2 });
  expect(ids(one.beskeder)).toEqual(ids(first.slice(0, 2)));
  const two = await us.claim(mailbox);
  expect(ids(two.beskeder)).toEqual(ids(second));
  expect(await us.claim(mailbox)).toEqual({ krav: null, udloeber: null, beskeder: [] });
  // A part that is acknowledged leaves the rest of the subject where it is.
  expect((await us.acknowledge(mailbox, { krav: one.krav, modtaget: [first[0]!.id] })).status).toBe(204);
  expect((await us.claim(mailbox)).beskeder).toEqual([]);
  expect((await us.acknowledge(mailbox, { krav: one.krav, modtaget: [first[1]!.id] })).status).toBe(204);
  expect(ids((await us.claim(mailbox)).beskeder)).toEqual([first[2]!.id]);
});

test('consumers that come at once never hold the same subject', async () => {
  const mailbox = await us.mailbox();
  const subjects = Array.from({ length: 6 }, () => randomUUID());
  const sent = Array.from({ length: 60 }, (_, at) => event({ subject: subjects[at % 6] }));
  await us.published(...sent);
  await us.settled(mailbox);
  const claims = await Promise.all(Array.from({ length: 12 }, () => us.claim(mailbox, { antal: 10 })));
  const held = claims.flatMap(({ beskeder }) => [...new Set(beskeder.map(({ subject }) => subject))]);
  expect(new Set(held).size).toBe(held.length);
  expect(held.length).toBeGreaterThan(0);
});

test('a lease that runs out gives back; what it says afterwards is 409, and changes nothing (T84)', async () => {
  const mailbox = await us.mailbox();
  const sent = about('z', 2);
  await us.published(...sent);
  const dead = await us.claim(mailbox, { vent: 10 });
  await runOut(dead.krav!);
  const late = await us.acknowledge(mailbox, { krav: dead.krav, modtaget: ids(sent) });
  expect([late.status, jsonOf(late)['kode']]).toEqual([409, 'krav_udloebet']);
  const next = await us.claim(mailbox);
  expect(ids(next.beskeder)).toEqual(ids(sent));
  const still = await us.acknowledge(mailbox, { krav: dead.krav, modtaget: ids(sent) });
  expect(still.status).toBe(409);
  expect((await us.acknowledge(mailbox, { krav: next.krav, modtaget: ids(sent) })).status).toBe(204);
  expect(await us.rest(mailbox)).toEqual([]);
});

test('after ten leases that ran out it is given up', async () => {
  const mailbox = await us.mailbox();
  await us.published(event({ subject: 'giftig' }), event({ subject: 'giftig' }));
  await us.settled(mailbox);
  for (let time = 0; time < 10; time++) {
    const { krav, beskeder } = await us.claim(mailbox, { antal: 1 });
    expect(beskeder).toHaveLength(1);
    await runOut(krav!);
  }
  expect((await us.claim(mailbox)).beskeder).toHaveLength(1);
  const letters = await us.send('GET', `/dueslag/${mailbox}/fejlkoe`);
  expect(jsonOf<{ data: object[] }>(letters).data).toMatchObject([{ aarsag: 'krav_udloebet', forsoeg: 10 }]);
});

test('an id that is not in the lease is refused, and nothing of the receipt is written', async () => {
  const mailbox = await us.mailbox();
  const [sent] = about('q', 1);
  await us.published(sent!);
  const { krav } = await us.claim(mailbox, { vent: 10 });
  const answer = await us.acknowledge(mailbox, { krav, modtaget: [sent!.id, 'en anden'] });
  expect([answer.status, jsonOf<{ fejl: { sti: string }[] }>(answer).fejl[0]!.sti]).toEqual([
    422,
    '/modtaget/1',
  ]);
  expect((await us.acknowledge(mailbox, { krav, modtaget: [sent!.id] })).status).toBe(204);
});

test('a long poll hears at once what comes, and is not held beyond its time', async () => {
  const mailbox = await us.mailbox();
  const waiting = us.claim(mailbox, { vent: 25 });
  const sent = event();
  await us.published(sent);
  expect(ids((await waiting).beskeder)).toEqual([sent.id]);
  expect((await us.claim(mailbox, { vent: 1 })).krav).toBeNull();
});

test('a mailbox is its system’s alone: to others it is not there', async () => {
  const mailbox = await us.mailbox();
  await us.published(event());
  await us.settled(mailbox);
  const others = [
    new Receiver(service, () => service.token({ system: 'demo-begraenset' })),
    new Receiver(service, () => service.token({ cvr: OTHER_TOWN })),
  ];
  for (const other of others)
    for (const [method, path, sent] of [
      ['GET', '', {}],
      ['POST', '/krav', {}],
      ['POST', '/kvitteringer', { body: { krav: randomUUID() } }],
      ['GET', '/beskeder', {}],
      ['GET', '/tilstand', {}],
      ['GET', '/fejlkoe', {}],
      ['POST', '/fejlkoe/gensend', { body: { alle: true } }],
      ['POST', '/fejlkoe/kasser', { body: { alle: true } }],
      ['POST', '/genafspil', { body: { fra: 1 } }],
    ] as const) {
      const answer = await other.send(method, `/dueslag/${mailbox}${path}`, sent);
      expect([method, path, answer.status, jsonOf(answer)['kode']]).toEqual([
        method,
        path,
        404,
        'findes_ikke',
      ]);
    }
  expect((await us.claim(mailbox)).beskeder).toHaveLength(1);
});

test('a user does not take messages out for the system', async () => {
  const mailbox = await us.mailbox();
  const group = { privileges: ['besked:laes'], constraints: {} };
  const token = await service.tokenHolding([
    { kind: 'system', ...group },
    { kind: 'user', ...group },
  ]);
  const answer = await us.send('POST', `/dueslag/${mailbox}/krav`, { token, body: {} });
  expect([answer.status, jsonOf(answer)['kode']]).toEqual([403, 'kun_systemer']);
});

describe('the simple reader', () => {
  const read = async (mailbox: string, query: string) => {
    const answer = await us.send('GET', `/dueslag/${mailbox}/beskeder?${query}`);
    return { events: jsonOf<{ id: string; position: string }[]>(answer), link: answer.headers['link']! };
  };

  test('reads on from a position, as often as it likes', async () => {
    const mailbox = await us.mailbox();
    const sent = Array.from({ length: 5 }, () => event());
    await us.published(...sent);
    await us.settled(mailbox);
    const first = await read(mailbox, 'limit=2');
    expect(ids(first.events)).toEqual(ids(sent.slice(0, 2)));
    const next = /<([^>]+)>/.exec(first.link)![1]!;
    const answer = await us.send('GET', next.replace('/beskedfordeler/v1', ''));
    expect(ids(jsonOf<{ id: string }[]>(answer))).toEqual(ids(sent.slice(2, 4)));
    expect(ids((await read(mailbox, 'efter=3')).events)).toEqual(ids(sent.slice(3)));
    expect((await read(mailbox, 'efter=3')).events.map(({ position }) => position)).toEqual(['4', '5']);
    expect((await read(mailbox, 'efter=5')).events).toEqual([]);
    // What a lease takes out is still to be read.
    await us.receive(mailbox, 5);
    expect(ids((await read(mailbox, 'efter=0')).events)).toEqual(ids(sent));
  });

  test('waits for what comes', async () => {
    const mailbox = await us.mailbox();
    const waiting = read(mailbox, 'vent=25');
    const sent = event();
    await us.published(sent);
    expect(ids((await waiting).events)).toEqual([sent.id]);
  });
});

test('a mailbox on pause gathers, and delivers when it is active again', async () => {
  const mailbox = await us.mailbox();
  const pause = async (vaerdi: string, number: number) => {
    const body = { tilstande: { tilstand: [{ virkning: { fra: '2000-01-01T00:00:00Z' }, vaerdi }] } };
    const headers = { 'if-match': `"${number}"` };
    expect((await us.send('PATCH', `/dueslag/${mailbox}`, { body, headers })).status).toBe(200);
  };
  await pause('pauset', 1);
  const sent = event();
  await us.published(sent);
  await us.settled(mailbox);
  expect((await us.claim(mailbox)).beskeder).toEqual([]);
  expect(jsonOf(await us.send('GET', `/dueslag/${mailbox}/beskeder`))).toEqual([]);
  expect(await us.state(mailbox)).toMatchObject({
    tilstand: 'pauset',
    ventende: 1,
    aeldste: { position: 1 },
  });
  await pause('aktiv', 2);
  expect(ids((await us.claim(mailbox)).beskeder)).toEqual([sent.id]);
});

test('how a mailbox is doing', async () => {
  const mailbox = await us.mailbox();
  await us.published(event(), event(), event());
  await us.settled(mailbox);
  const { krav, beskeder } = await us.claim(mailbox, { antal: 2 });
  await us.acknowledge(mailbox, { krav, afvist: [{ id: beskeder[0]!.id, aarsag: 'Kan ikke læses' }] });
  expect(await us.state(mailbox)).toEqual({
    tilstand: 'aktiv',
    lukket: null,
    modtager: null,
    foerste: 1,
    sidste: 3,
    ventende: 2,
    iKrav: 1,
    fejlede: 1,
    aeldste: { position: 2, siden: expect.any(String) as unknown, sekunder: expect.any(Number) as unknown },
    efterslaeb: 0,
    alarmSiden: null,
    genafspilninger: [],
  });
});
