import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Metrics } from '@stoettesystemer/server';
import type { Outcome, Outgoing, OutgoingMailbox } from '../delivery/outgoing';
import type { CloudEvent } from '../envelope/cloud-event/cloud-event';
import { writeReturn } from '../envelope/xml/modtag-besked';
import { readExceptions } from '../standard-webhooks/receiver-address';
import { DELAYS, JITTER } from '../standard-webhooks/retry-schedule';
import { distrustOf } from '../spec/distrust';
import { CIRCUIT } from './circuit';
import { PushKeys } from './push-keys';
import { PushMetrics } from './push-metrics';
import { PushTransport } from './push-transport';
import { ReceiverCalls } from './receiver-calls';
import { type Answering, ok, type Received, ReceivingServer, status } from './spec/receiving-server';

const OWNER = '12345678';
const never = new AbortController().signal;
const metrics = new Metrics();
let folder: string;
let keys: PushKeys;
let server: ReceivingServer;
let calls: ReceiverCalls;
let now = new Date('2026-11-23T10:00:00Z');
let allowed = true;
let transport: PushTransport;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'push-'));
  keys = await PushKeys.open({ file: join(folder, 'push.noegle'), mayMake: true });
});
afterAll(() => {
  keys.onModuleDestroy();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  allowed = true;
  server = await ReceivingServer.open();
  calls = new ReceiverCalls({ except: readExceptions('127.0.0.1/32'), time: 2000 });
  transport = new PushTransport({
    calls,
    keys,
    metrics: new PushMetrics(metrics),
    isAllowed: () => allowed,
    now: () => now,
  });
});
afterEach(async () => {
  calls.close();
  await server.close();
});

const mailbox = (more: Partial<OutgoingMailbox> = {}): OutgoingMailbox => ({
  owner: OWNER,
  uuid: randomUUID(),
  system: randomUUID(),
  delivery: 'push',
  receiver: server.at(),
  envelope: 'cloudevents',
  ...more,
});
const event = (more: Partial<CloudEvent> = {}): CloudEvent => ({
  specversion: '1.0',
  id: randomUUID(),
  source: '/proeve',
  type: 'dk.proeve.haendelse.v1',
  beskedtype: '7654895c-a3f3-4c77-8afd-4c77330f963c',
  ansvarligmyndighed: OWNER,
  ...more,
});
let position = 0;
const outgoing = (subject: string, more: Partial<Outgoing> = {}): Outgoing => ({
  position: ++position,
  subject,
  attempts: 0,
  event: event({ subject }),
  ...more,
});
const distrust = ({ headers, body }: Received, to: OutgoingMailbox) =>
  distrustOf(headers, body, keys.of(to), now);

describe('what is sent', () => {
  test('the event as structured JSON, signed with the keys of the dueslag alone', async () => {
    const to = mailbox();
    const { event: sent, ...rest } = outgoing('a');
    expect(await transport.carry(to, [{ event: sent, ...rest }], never)).toEqual([{ kind: 'delivered' }]);
    const [received] = server.received as [Received];
    expect([received.method, received.path, received.event]).toEqual(['POST', '/besked', sent]);
    expect(received.headers).toMatchObject({
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-id': sent.id,
      'webhook-timestamp': `${now.getTime() / 1000}`,
    });
    expect(distrust(received, to)).toBeNull();
    expect(distrust(received, mailbox())).toBe('signature');
  });

  test('KOMBIT’s ModtagBeskedInput, which is delivered when the StandardRetur is 20 and not before', async () => {
    const to = mailbox({ envelope: 'xml' });
    const answer =
      (code: number, http = 200): Answering =>
      (_, response) =>
        response.writeHead(http, { 'content-type': 'text/xml' }).end(writeReturn({ code, text: '' }));
    const answers: [Answering, Outcome['kind'], string?][] = [
      [answer(20), 'delivered'],
      [answer(41), 'retry', 'standardretur_41'],
      [answer(20, 202), 'retry', 'http_202'],
      [answer(20, 500), 'retry', 'http_500'],
      [ok, 'retry', 'http_204'],
      [status(200), 'retry', 'standardretur'],
      [status(410), 'closed', 'http_410'],
    ];
    for (const [answering, kind, reason] of answers) {
      server.answer = answering;
      const [outcome] = await transport.carry(to, [outgoing('a')], never);
      expect(outcome).toMatchObject({ kind, ...(reason ? { reason } : {}) });
    }
    const [received] = server.received as [Received];
    expect(received.headers['content-type']).toBe('text/xml; charset=utf-8');
    expect(received.body.toString()).toMatch(
      /^<\?xml[^>]+>\n<ns4:ModtagBeskedInput [^>]+><ns2:Haendelsesbesked>/,
    );
    expect(distrust(received, to)).toBeNull();
  });
});

describe('what becomes of it', () => {
  test.each<[string, Answering, object]>([
    ['200', status(200), { kind: 'delivered' }],
    ['202', status(202), { kind: 'delivered' }],
    ['301', status(301, { location: 'http://127.0.0.1/' }), { kind: 'retry', reason: 'http_301' }],
    ['400', status(400), { kind: 'retry', reason: 'http_400' }],
    ['500', status(500), { kind: 'retry', reason: 'http_500' }],
    ['410', status(410), { kind: 'closed', reason: 'http_410' }],
    ['a broken connection', (_, { socket }) => socket?.destroy(), { kind: 'retry', reason: 'forbindelse' }],
  ])('%s', async (_, answer, outcome) => {
    server.answer = answer;
    expect(await transport.carry(mailbox(), [outgoing('a')], never)).toMatchObject([outcome]);
  });

  test('T77: the schedule, with the same id, another timestamp and a good signature each time; after the tenth it is dead', async () => {
    const to = mailbox();
    const message = outgoing('a');
    server.answer = status(500);
    const delays = [];
    for (let attempts = 0; attempts < DELAYS.length - 1; attempts++) {
      const [outcome] = await transport.carry(to, [{ ...message, attempts }], never);
      if (outcome?.kind !== 'retry') throw new Error(`${attempts}: ${outcome?.kind}`);
      delays.push(outcome.after.getTime() - now.getTime());
      expect(distrust(server.received.at(-1)!, to)).toBeNull();
      now = outcome.after;
    }
    for (const [at, delay] of delays.entries()) {
      const planned = DELAYS[at + 1]!;
      expect(Math.abs(delay - planned)).toBeLessThanOrEqual(JITTER * planned + 1);
    }
    const last = await transport.carry(to, [{ ...message, attempts: DELAYS.length - 1 }], never);
    expect(last).toEqual([{ kind: 'dead', reason: 'http_500' }]);
    const headers = server.received.map((each) => each.headers);
    expect(new Set(headers.map((each) => each['webhook-id']))).toEqual(new Set([message.event.id]));
    expect(new Set(headers.map((each) => each['webhook-timestamp'])).size).toBe(DELAYS.length);
  });

  test.each([
    ['30', 30],
    ['7200', 3600],
    ['0', 5],
    ['i morgen', 5],
  ])(
    'Retry-After: %s puts off the message, and everything else for the dueslag, at most an hour',
    async (asked, seconds) => {
      const to = mailbox();
      server.answer = status(503, { 'retry-after': asked });
      const [outcome] = await transport.carry(to, [outgoing('a')], never);
      if (outcome?.kind !== 'retry') throw new Error(outcome?.kind);
      const delay = (outcome.after.getTime() - now.getTime()) / 1000;
      expect(Math.abs(delay - seconds)).toBeLessThanOrEqual(seconds === 5 ? 1 : 0);
      expect(transport.room(to)).toBe(
        asked === '30' || asked === '7200' ? 0 : asked === '0' ? 1 : transport.atOnce,
      );
      expect(transport.room(mailbox())).toBe(transport.atOnce);
    },
  );

  test('a run stops at what is to be tried again, so that nothing overtakes it', async () => {
    const run = [outgoing('a'), outgoing('a'), outgoing('a')];
    server.answer = ({ event: { id } }, response) =>
      response.writeHead(id === run[1]!.event.id ? 500 : 200).end();
    const outcomes = await transport.carry(mailbox(), run, never);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['delivered', 'retry']);
    expect(server.ids()).toEqual(run.slice(0, 2).map(({ event: { id } }) => id));
  });

  test('what we end ourselves has come to nothing: no try is counted', async () => {
    const ending = new AbortController();
    server.answer = () => ending.abort();
    expect(await transport.carry(mailbox(), [outgoing('a'), outgoing('a')], ending.signal)).toEqual([]);
  });
});

test('nothing is sent to a receiver that has not allowed it', async () => {
  allowed = false;
  const to = mailbox();
  expect(transport.room(to)).toBe(0);
  expect(await transport.carry(to, [outgoing('a')], never)).toEqual([]);
  expect(server.received).toEqual([]);
});

test('a receiver that is down is left alone: hundreds of subjects are not tried, nor is a try of theirs used up', async () => {
  const to = mailbox();
  server.answer = status(503);
  const all = await Promise.all(
    Array.from({ length: 200 }, (_, at) => transport.carry(to, [outgoing(`${at}`)], never)),
  );
  // Those that were begun at the same moment are under way before any has failed; a courier begins only `atOnce`.
  expect(all.flat().every(({ kind }) => kind === 'retry')).toBe(true);
  const before = server.received.length;
  const later = await Promise.all(
    Array.from({ length: 200 }, (_, at) => transport.carry(to, [outgoing(`${at}`)], never)),
  );
  expect([later.flat(), server.received.length, transport.room(to)]).toEqual([[], before, 0]);
  now = new Date(now.getTime() + 2 * CIRCUIT.first);
  expect(transport.room(to)).toBe(1);
  const probing = await Promise.all(
    Array.from({ length: 200 }, (_, at) => transport.carry(to, [outgoing(`${at}`)], never)),
  );
  expect([probing.flat().length, server.received.length]).toEqual([1, before + 1]);
  expect(await metrics.text()).toContain('push_receivers_down{service="beskedfordeler"} 1');
  server.answer = ok;
  now = new Date(now.getTime() + CIRCUIT.longest);
  expect(await transport.carry(to, [outgoing('x'), outgoing('x')], never)).toHaveLength(2);
  expect(transport.room(to)).toBe(transport.atOnce);
});

test('the figures say how many and how long, and nothing of what or to whom', async () => {
  const text = await metrics.text();
  expect(text).toMatch(/push_call_duration_seconds_count\{outcome="delivered"\} \d+/);
  expect(text).not.toContain('127.0.0.1');
});
