import type { RunningService } from '@stoettesystemer/testing';
import { event, jsonOf, type Json, Receiver } from '../spec/receiver';
import { runningMessageDistribution } from '../spec/running-message-distribution';

let service: RunningService;
let us: Receiver;
beforeAll(async () => {
  service = await runningMessageDistribution();
  us = new Receiver(service);
});
afterAll(() => service.close());

const ids = (events: readonly { id: string }[]) => events.map(({ id }) => id);
const events = (count: number, more: Json = {}) => Array.from({ length: count }, () => event(more));
const replay = async (mailbox: string, body: Json) => {
  const answer = await us.send('POST', `/dueslag/${mailbox}/genafspil`, { body });
  expect([answer.status, answer.text]).toEqual([202, expect.stringContaining('nummer')]);
  return jsonOf<{ nummer: number }>(answer).nummer;
};

describe('fejlkø', () => {
  const rejectAll = async (mailbox: string, aarsag: string) => {
    const { krav, beskeder } = await us.claim(mailbox, { vent: 10 });
    await us.acknowledge(mailbox, { krav, afvist: beskeder.map(({ id }) => ({ id, aarsag })) });
  };
  const letters = async (mailbox: string, query = '') =>
    jsonOf<{ data: (Json & { position: number })[]; naeste: number | null }>(
      await us.send('GET', `/dueslag/${mailbox}/fejlkoe${query}`),
    );

  test('lists what was given up and why, without its content; sends it again; throws it away', async () => {
    const mailbox = await us.mailbox();
    const sent = events(3, { data: { hemmeligt: true } });
    await us.published(...sent);
    await us.settled(mailbox);
    await rejectAll(mailbox, 'Skemaet kendes ikke');
    const { data } = await letters(mailbox);
    expect(data).toMatchObject(
      sent.map(({ id }, at) => ({
        position: at + 1,
        aarsag: 'Skemaet kendes ikke',
        forsoeg: 1,
        besked: { id },
      })),
    );
    expect(JSON.stringify(data)).not.toContain('hemmeligt');
    expect(await us.rest(mailbox)).toEqual([]);

    const resent = await us.send('POST', `/dueslag/${mailbox}/fejlkoe/gensend`, {
      body: { positioner: [2] },
    });
    expect(jsonOf(resent)).toEqual({ antal: 1 });
    expect(ids(await us.receive(mailbox, 1))).toEqual([sent[1]!.id]);
    const discarded = await us.send('POST', `/dueslag/${mailbox}/fejlkoe/kasser`, { body: { alle: true } });
    expect(jsonOf(discarded)).toEqual({ antal: 2 });
    expect((await letters(mailbox)).data).toEqual([]);
    expect(await us.rest(mailbox)).toEqual([]);
    // What was thrown away is not there to be read either.
    const read = jsonOf<{ id: string }[]>(await us.send('GET', `/dueslag/${mailbox}/beskeder`));
    expect(ids(read)).toEqual([sent[1]!.id]);
  });

  test('comes in pages, and says what is wanted wrong', async () => {
    const mailbox = await us.mailbox();
    await us.published(...events(3));
    await us.settled(mailbox);
    await rejectAll(mailbox, 'Nej');
    const first = await letters(mailbox, '?limit=2');
    expect([first.data.length, first.naeste]).toEqual([2, 2]);
    const second = await letters(mailbox, `?limit=2&efter=${first.naeste}`);
    expect([second.data.map(({ position }) => position), second.naeste]).toEqual([[3], null]);
    for (const body of [
      {},
      { positioner: [1], alle: true },
      { positioner: [] },
      { positioner: ['1'] },
      { alle: false },
    ])
      expect(
        (await us.send('POST', `/dueslag/${mailbox}/fejlkoe/gensend`, { body })).status,
      ).toBeGreaterThanOrEqual(400);
  });
});

describe('genafspil', () => {
  test('from a position to a position: the same messages with the same ids, in their order, after all there is', async () => {
    const mailbox = await us.mailbox();
    const sent = events(6);
    await us.published(...sent);
    await us.receive(mailbox, 6);
    const nummer = await replay(mailbox, { fra: 2, til: 4 });
    expect(ids(await us.receive(mailbox, 3))).toEqual(ids(sent.slice(1, 4)));
    expect(await us.rest(mailbox)).toEqual([]);
    expect(await us.state(mailbox)).toMatchObject({
      sidste: 9,
      genafspilninger: [{ nummer, beskeder: 3, faerdig: expect.any(String) as unknown }],
    });
    // As often as is asked for.
    await replay(mailbox, { fra: 5, til: 5 });
    expect(ids(await us.receive(mailbox, 1))).toEqual([sent[4]!.id]);
  });

  test('from a moment, and what the subscriptions take now: a new dueslag gets what was before it', async () => {
    const before = new Date().toISOString();
    const sent = [event({ egen: 'før' }), event({ egen: 'andet' }), event({ egen: 'før' })];
    await us.published(...sent);
    const mailbox = await us.mailbox([{ exact: { egen: 'før' } }]);
    await us.settled(mailbox);
    expect(await us.rest(mailbox)).toEqual([]);
    await replay(mailbox, { fra: before });
    expect(ids(await us.receive(mailbox, 2))).toEqual(ids([sent[0]!, sent[2]!]));
    await replay(mailbox, { fra: '2000-01-01T00:00:00Z', til: before });
    await replay(mailbox, { fra: new Date(Date.now() + 60_000).toISOString() });
    while ((await us.state(mailbox))['genafspilninger'] as { faerdig: unknown }[]) {
      const { genafspilninger } = (await us.state(mailbox)) as { genafspilninger: { faerdig: unknown }[] };
      if (genafspilninger.every(({ faerdig }) => faerdig !== null)) break;
    }
    expect(await us.rest(mailbox)).toEqual([]);
  });

  test('what waits comes first, and nothing that comes meanwhile is lost or moved', async () => {
    const mailbox = await us.mailbox();
    const sent = events(4, { subject: 'den samme' });
    await us.published(...sent);
    await us.receive(mailbox, 2);
    await us.settled(mailbox);
    const more = events(4, { subject: 'den samme' });
    await Promise.all([replay(mailbox, { fra: 1, til: 4 }), us.published(...more)]);
    const received = ids(await us.receive(mailbox, 8));
    const fresh = new Set(ids(more));
    expect(received.filter((id) => fresh.has(id))).toEqual(ids(more));
    expect(received.filter((id) => !fresh.has(id))).toEqual(ids(sent));
  });

  test('what cannot be understood is refused', async () => {
    const mailbox = await us.mailbox();
    for (const body of [{}, { fra: 0 }, { fra: 'i går' }, { fra: 1, til: null }, { fra: 1, andet: 2 }])
      expect(
        (await us.send('POST', `/dueslag/${mailbox}/genafspil`, { body })).status,
      ).toBeGreaterThanOrEqual(400);
  });
});
