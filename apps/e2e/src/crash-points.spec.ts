import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { revise } from '@stoettesystemer/engine';
import { testDatabase, type TestDatabase } from '@stoettesystemer/testing';
import { Client } from './spec/client';
import { FaultProxy } from './spec/fault-proxy';
import { newDataDir, Platform } from './spec/platform';
import { Holding, type Point } from './spec/points';
import { expectWhole } from './spec/whole';

type End = 'service' | 'session';

const dataDir = newDataDir();
const acknowledged = new Map<string, number>();
let db: TestDatabase;
let serviceUrl: string;
let proxy: FaultProxy;
let address: string;
let platform: Platform;
let port: number | undefined;
let client: Client;
let holding: Holding;

const begin = async (): Promise<void> => {
  // Its address is in the tokens. And the commits that are waited for are those of the requests, not of what is sent on.
  platform = await Platform.start(dataDir, port, { DATABASE_URL: address, BESKEDFORDELER: 'nej' });
  port = platform.port;
};
beforeAll(async () => {
  db = await testDatabase({ service: 'crash-points', migrate: async () => {} });
  serviceUrl = `${db.url}_klassifikation`;
  proxy = new FaultProxy(new URL(db.url));
  address = await proxy.open();
  await begin();
  client = await Client.of(platform);
  holding = await Holding.open(serviceUrl);
});
afterAll(async () => {
  await platform.remove();
  await holding.close();
  await proxy.close();
  await db.drop();
});
afterEach(async () => {
  await expectWhole(client, acknowledged);
  expect((await revise(serviceUrl)).findings).toEqual([]);
});

interface Facet {
  readonly uuid: string;
  readonly registrering: { readonly nummer: number };
}
const egenskaber = (beskrivelse: string) => ({
  attributter: { egenskaber: [{ virkning: { fra: '2021-01-01T00:00:00Z' }, beskrivelse }] },
});

/** What the one who asked heard, when the service went away or only its session in the database did. */
async function expectNoYes(asked: Promise<Response | null>, end: End): Promise<void> {
  const answer = await asked;
  if (end === 'service') return expect(answer).toBeNull();
  expect([answer?.status, answer?.headers.get('retry-after')]).toEqual([503, '2']);
  expect(answer?.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
}

/** Holds a request at a point and kills. */
async function killAt(point: Point, end: End, ask: () => Promise<Response>): Promise<void> {
  await holding.at(point);
  const asked = ask().catch(() => null);
  const pid = await holding.met();
  if (end === 'service') await platform.end('SIGKILL');
  else await holding.terminate(pid);
  await expectNoYes(asked, end);
  await holding.release(end === 'service');
  if (end === 'service') {
    await begin();
    client = client.at(platform);
  }
}

/** Asked again, and again: one object, and the same answer. Gives whether the first of these was a repetition. */
async function expectOneFacet(key: string, again: () => Promise<Response>): Promise<boolean> {
  const [first, second] = [await again(), await again()];
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.headers.get('idempotent-replayed')).toBe('true');
  for (const name of ['location', 'etag']) expect(second.headers.get(name)).toBe(first.headers.get(name));
  const text = await first.text();
  expect(await second.text()).toBe(text);
  const { uuid } = JSON.parse(text) as Facet;
  const { data } = await client.read<{ data: Facet[] }>(`facetter?brugervendtNoegle=${key}`);
  expect(data.map((each) => each.uuid)).toEqual([uuid]);
  acknowledged.set(uuid, 1);
  return first.headers.get('idempotent-replayed') === 'true';
}

describe.each<End>(['service', 'session'])('kill -9 of the %s', (end) => {
  test.each<Point>(['after facts', 'before commit'])(
    'T67: %s of an Opret: nothing half, and one object',
    async (point) => {
      const key = randomUUID();
      const ask = () => client.createFacet(key, { 'idempotency-key': key });
      await killAt(point, end, ask);
      await expectOneFacet(key, ask);
    },
  );

  test.each<Point>(['after lock', 'after facts', 'before commit'])(
    'T67: %s of a Ret: all of it or nothing',
    async (point) => {
      const { uuid } = (await (await client.createFacet(randomUUID())).json()) as Facet;
      acknowledged.set(uuid, 1);
      const ask = () => client.send('PATCH', `facetter/${uuid}`, egenskaber('ny'), { 'if-match': '"1"' });
      await killAt(point, end, ask);
      const again = await ask();
      // What had reached the database may have been carried out when nobody was left to hear of it.
      expect([200, ...(end === 'service' ? [412] : [])]).toContain(again.status);
      const now = await client.read<Facet & { attributter: { egenskaber: { beskrivelse?: string }[] } }>(
        `facetter/${uuid}`,
      );
      expect(now.registrering.nummer).toBe(2);
      expect(now.attributter.egenskaber.map(({ beskrivelse }) => beskrivelse)).toContain('ny');
      acknowledged.set(uuid, 2);
    },
  );

  test('T67: after the commit and before the answer: the answer is there when it is asked for again', async () => {
    const key = randomUUID();
    const ask = () => client.createFacet(key, { 'idempotency-key': key });
    const committed = new Promise<void>((met) =>
      proxy.suffer({ hold: { way: 'back', text: 'COMMIT\0', met } }),
    );
    const asked = ask().catch(() => null);
    await committed;
    proxy.suffer({});
    if (end === 'service') await platform.end('SIGKILL');
    else proxy.drop();
    await expectNoYes(asked, end);
    if (end === 'service') {
      await begin();
      client = client.at(platform);
    }
    expect(await expectOneFacet(key, ask)).toBe(true);
  });
});

const hundred = <T>(make: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: 100 }, make));

describe('T62: a hundred Opret under one Idempotency-Key', () => {
  let way: FaultProxy;
  beforeAll(async () => {
    way = new FaultProxy(new URL(platform.url));
  });
  afterEach(() => way.close());

  test.each<[string, () => Promise<void> | void]>([
    ['on a way that is slow', () => way.suffer({ latency: 20 })],
    ['of which the answers are cut off', () => way.suffer({ cut: { way: 'back', bytes: 300 } })],
    ['of which the requests are cut off', () => way.suffer({ cut: { way: 'there', bytes: 700 } })],
    ['that are hung up on', () => way.suffer({ reset: true })],
    ['that hear nothing, until they hang up', () => way.suffer({ silent: 'back' })],
  ])('%s, and sent again: one object, one event, equal answers', async (how, goWrong) => {
    way = new FaultProxy(new URL(platform.url));
    const there = client.at({ url: (await way.open()).replace(/\/$/, '') });
    const key = randomUUID();
    await goWrong();
    let tries = 0;
    let isLost = false;
    const insist = async (): Promise<string | null> => {
      while (!isLost) {
        tries++;
        const answer = await there.createFacet(key, { 'idempotency-key': key }).catch(() => null);
        const text = (await answer?.text().catch(() => null)) ?? null;
        if (answer?.status === 201 && text !== null) return text;
        // Only while another of them is at work, and it says so.
        isLost = answer !== null && text !== null && answer.headers.get('retry-after') !== '1';
        if (isLost) return `${answer?.status} ${text}`;
        await setTimeout(5);
      }
      return null;
    };
    const all = hundred(insist);
    // However it goes wrong, it has done so for each of them once; then the way is good again.
    const isSlow = how.endsWith('slow');
    while (!isSlow && tries < 100) await setTimeout(1);
    await setTimeout(50);
    way.suffer({});
    if (how.startsWith('that hear')) way.drop();
    const answers = await all;
    expect([...new Set(answers)]).toEqual([expect.stringContaining('"objekttype":"Facet"')]);
    await expectOneFacet(key, () => client.createFacet(key, { 'idempotency-key': key }));
  });
});
