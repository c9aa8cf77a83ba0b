import { DELAYS, JITTER } from '../standard-webhooks/retry-schedule';
import { distrustOf } from '../spec/distrust';
import { event, type Json, jsonOf, Receiver, TOWN } from '../spec/receiver';
import { type RunningCourier, runningCourier } from '../spec/running-courier';
import { CALL } from './receiver-calls';
import { ReceivingServer, status } from './spec/receiving-server';

let running: RunningCourier;
let us: Receiver;
let server: ReceivingServer;
beforeAll(async () => {
  running = await runningCourier();
  us = new Receiver(running.service);
});
afterAll(() => running.service.close());
beforeEach(async () => {
  server = await ReceivingServer.open();
});
afterEach(() => server.close());

const FROM = { fra: '2000-01-01T00:00:00Z' };
const pushed = (more: Json = {}) => us.mailbox([], { levering: 'push', modtager: server.at(), ...more });
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
async function stateWhere(mailbox: string, isSo: (state: Json) => boolean): Promise<Json> {
  for (;;) {
    const state = await us.state(mailbox);
    if (isSo(state)) return state;
    await pause();
  }
}
const receiverOf = (state: Json) => state['modtager'] as Json;
const allowed = (mailbox: string) =>
  stateWhere(mailbox, (state) => receiverOf(state)['tilstand'] === 'tilladt');
const change = async (mailbox: string, version: number, properties: Json) => {
  const egenskaber = [{ virkning: FROM, ...properties }];
  const headers = { 'if-match': `"${version}"` };
  const answer = await us.send('PATCH', `/dueslag/${mailbox}`, {
    body: { attributter: { egenskaber } },
    headers,
  });
  expect(answer.status).toBe(200);
};
const run = (text: string, values: unknown[]) =>
  running.service.database.run({ owner: TOWN }, { name: `spec-${text}`.slice(0, 60), text, values });

test('a message is called out with, signed, and whoever may see the dueslag may see by what', async () => {
  const mailbox = await pushed();
  const sent = event({ data: { navn: 'Æble' } });
  await us.published(sent);
  await server.until(() => server.received.length === 1);
  const [{ headers, body, event: received }] = server.received as [(typeof server.received)[0]];
  expect(received).toEqual(sent);
  const { data } = jsonOf<{ data: string[] }>(await us.send('GET', `/dueslag/${mailbox}/noegler`));
  expect(distrustOf(headers, body, data)).toBeNull();
  expect(distrustOf({ ...headers, 'webhook-id': 'x' }, body, data)).toBe('signature');
  await stateWhere(mailbox, ({ ventende }) => ventende === 0);
  const other = await us.bareMailbox();
  const { data: theirs } = jsonOf<{ data: string[] }>(await us.send('GET', `/dueslag/${other}/noegler`));
  expect(theirs).not.toEqual(data);
});

describe('whether the receiver wants messages', () => {
  test('nothing is sent before it has said so; registered again, it is asked at once', async () => {
    server.consent = status(405);
    const mailbox = await pushed();
    const sent = event();
    await us.published(sent);
    await us.settled(mailbox);
    const refused = await stateWhere(mailbox, (state) => receiverOf(state)['tilstand'] === 'afvist');
    expect(refused).toMatchObject({ ventende: 1, modtager: { aarsag: 'http_405' } });
    expect(server.asked[0]).toMatchObject({
      path: '/besked',
      headers: { 'webhook-request-origin': 'localhost' },
    });
    expect(server.received).toEqual([]);
    server.consent = status(200, { 'webhook-allowed-origin': 'en.anden.dk' });
    await change(mailbox, 1, { navn: 'Igen' });
    await stateWhere(mailbox, (state) => receiverOf(state)['aarsag'] === 'intet_tilsagn');
    expect(server.received).toEqual([]);
    server.consent = status(204, { 'webhook-allowed-origin': 'LOCALHOST' });
    await change(mailbox, 2, { navn: 'Og igen' });
    await server.until(() => server.received.length === 1);
    expect(server.ids()).toEqual([sent.id]);
    expect(receiverOf(await allowed(mailbox))).toMatchObject({ aarsag: null, spoergesIgen: null });
  });

  test('it is asked again by itself', async () => {
    server.consent = status(503);
    const mailbox = await pushed();
    await stateWhere(mailbox, (state) => receiverOf(state)['tilstand'] === 'afvist');
    server.consent = status(200, { 'webhook-allowed-origin': '*' });
    // As if the time until then had passed.
    const { database } = running.service;
    await database.run(
      { owner: null, role: 'stoette_feed' },
      {
        name: 'spec-ask-now',
        text: 'update push_receiver set next_at = clock_timestamp() where mailbox = $1::uuid',
        values: [mailbox],
      },
    );
    await allowed(mailbox);
  });

  test('another address is another receiver, and what the former said is not for it', async () => {
    const mailbox = await pushed();
    await allowed(mailbox);
    const other = await ReceivingServer.open();
    other.consent = status(404);
    await change(mailbox, 1, { modtager: other.at() });
    await stateWhere(mailbox, (state) => receiverOf(state)['tilstand'] === 'afvist');
    await us.published(event());
    await us.settled(mailbox);
    expect(await us.state(mailbox)).toMatchObject({ ventende: 1, modtager: { tilstand: 'afvist' } });
    await change(mailbox, 2, { modtager: server.at() });
    await server.until(() => server.received.length === 1);
    expect([other.received.length, server.asked.length]).toEqual([0, 2]);
    await other.close();
  });
});

test('T77: what fails is tried by the schedule, and in the meantime others pass and its own subject waits, in order', async () => {
  const mailbox = await pushed();
  const sick = [event({ subject: 'syg' }), event({ subject: 'syg' })];
  let isDown = true;
  server.answer = ({ event: { subject } }, response) =>
    response.writeHead(subject === 'syg' && isDown ? 500 : 200).end();
  const tries = () => server.received.filter(({ event: { id } }) => id === sick[0]!.id);
  await us.published(...sick);
  const nextAt = async (attempts: number): Promise<number> => {
    for (;;) {
      const { rows } = await run(
        `select extract(epoch from next_at)::float8::text as next from delivery
          where owner = $1::int and mailbox = $2::uuid and pos = 1 and attempts = $3::int`,
        [Number(TOWN), mailbox, attempts],
      );
      if (rows[0]) return Number(rows[0]['next']);
      await pause();
    }
  };
  for (let attempts = 1; attempts <= 5; attempts++) {
    const next = await nextAt(attempts);
    const began = Number(tries().at(-1)!.headers['webhook-timestamp']);
    const delay = DELAYS[attempts]! / 1000;
    expect(next - began).toBeGreaterThanOrEqual(delay * (1 - JITTER));
    expect(next - began).toBeLessThanOrEqual(delay * (1 + JITTER) + CALL.time / 1000 + 1);
    // Three hours have passed when it has failed five times.
    isDown = attempts < 5;
    await run(
      `update delivery set next_at = clock_timestamp() where owner = $1::int and mailbox = $2::uuid and state = 'w'`,
      [Number(TOWN), mailbox],
    );
    const well = event({ subject: `rask ${attempts}` });
    await us.published(well);
    await server.until(() => server.ids().includes(well.id) && tries().length > attempts);
  }
  await server.until(() => server.ids().includes(sick[1]!.id));
  await stateWhere(mailbox, ({ ventende }) => ventende === 0);
  const ids = server.received
    .filter(({ event: { subject } }) => subject === 'syg')
    .map(({ event: { id } }) => id);
  expect(ids).toEqual([...Array<string>(6).fill(sick[0]!.id), sick[1]!.id]);
  const { data } = jsonOf<{ data: string[] }>(await us.send('GET', `/dueslag/${mailbox}/noegler`));
  for (const { headers, body } of tries()) {
    expect(headers['webhook-id']).toBe(sick[0]!.id);
    expect(distrustOf(headers, body, data)).toBeNull();
  }
});

test('one that hangs on one subject gets the others meanwhile', async () => {
  const mailbox = await pushed();
  let release: () => void = () => undefined;
  server.answer = ({ event: { subject } }, response) => {
    const end = (): void => void response.writeHead(204).end();
    if (subject === 'haenger') release = end;
    else end();
  };
  await us.published(event({ subject: 'haenger' }));
  await server.until(() => server.received.length === 1);
  for (let at = 2; at <= 6; at++) {
    await us.published(event());
    await server.until(() => server.received.length === at);
  }
  expect(await us.state(mailbox)).toMatchObject({ ventende: expect.any(Number) as number });
  release();
  await stateWhere(mailbox, ({ ventende }) => ventende === 0);
});

test('410: nothing more is sent until the dueslag is registered anew', async () => {
  server.answer = status(410);
  const mailbox = await pushed();
  const sent = [event(), event()];
  await us.published(sent[0]!);
  expect(await stateWhere(mailbox, ({ lukket }) => lukket !== null)).toMatchObject({ lukket: 'http_410' });
  server.answer = status(204);
  await us.published(sent[1]!);
  await us.settled(mailbox);
  expect(server.received).toHaveLength(1);
  await change(mailbox, 1, { navn: 'Vil gerne igen' });
  await server.until(() => server.received.length === 3);
  expect(new Set(server.ids().slice(1))).toEqual(new Set(sent.map(({ id }) => id)));
});

test('whoever falls between the call and what becomes of it has sent it, and it is sent again with the same id', async () => {
  const mailbox = await pushed();
  let release: (() => void) | undefined;
  server.answer = (_, response) => {
    const end = (): void => void response.writeHead(204).end();
    if (release) end();
    else release = end;
  };
  const sent = event();
  await us.published(sent);
  await server.until(() => server.received.length === 1);
  // As it is when a process has been gone for as long as its lease.
  await run('update lease set until = clock_timestamp() where owner = $1::int and mailbox = $2::uuid', [
    Number(TOWN),
    mailbox,
  ]);
  await us.published(event());
  await server.until(() => server.received.length === 3);
  release!();
  await stateWhere(mailbox, ({ ventende }) => ventende === 0);
  expect(server.received.filter(({ headers }) => headers['webhook-id'] === sent.id)).toHaveLength(2);
});

test('at one’s own desk it may be one’s own machine, and still nothing else', async () => {
  for (const modtager of ['http://10.0.0.1/', 'https://10.0.0.1/', 'http://modtager.dk/']) {
    const egenskaber = [{ virkning: FROM, brugervendtNoegle: 'D', levering: 'push', modtager }];
    const answer = await us.send('POST', '/dueslag', { body: { attributter: { egenskaber } } });
    expect(answer.status).toBe(422);
  }
  await us.bareMailbox({ levering: 'push', modtager: 'http://localhost:9/' });
});

describe('T78: where no message may be sent is refused as it is registered', () => {
  let strict: RunningCourier;
  beforeAll(async () => {
    strict = await runningCourier({ PUSH_UNDTAGET: '' });
  });
  afterAll(() => strict.service.close());

  test.each([
    ['http://modtager.dk/', 'https'],
    ['https://localhost/', 'vaert'],
    ['http://localhost:3000/', 'https'],
    ['https://127.0.0.1/', 'vaert'],
    ['https://10.0.0.1/', 'vaert'],
    ['https://169.254.169.254/latest/', 'vaert'],
    ['https://[::1]/', 'vaert'],
    ['https://2130706433/', 'vaert'],
    ['https://modtager.dk:22/', 'port'],
    ['https://bruger:kode@modtager.dk/', 'url'],
    ['https://modtager.svc/', 'vaert'],
  ])('%s', async (modtager, kode) => {
    const egenskaber = [{ virkning: FROM, brugervendtNoegle: 'D', levering: 'push', modtager }];
    const answer = await new Receiver(strict.service).send('POST', '/dueslag', {
      body: { attributter: { egenskaber } },
    });
    expect([answer.status, jsonOf<{ fejl: object[] }>(answer).fejl]).toMatchObject([
      422,
      [{ kode, sti: '/attributter/egenskaber/0/modtager' }],
    ]);
  });
});
