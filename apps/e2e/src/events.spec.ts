import { randomUUID } from 'node:crypto';
import { Client, type Event } from './spec/client';
import { newDataDir, Platform } from './spec/platform';

let platform: Platform;
let client: Client;
beforeAll(async () => {
  platform = await Platform.start(newDataDir());
  client = await Client.of(platform);
});
afterAll(() => platform.remove());

test('a change over HTTP reaches a reader who waits, within a second', async () => {
  const rounds = 5;
  const waits: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { sidste } = await client.read<{ sidste: number }>('haendelser/tilstand');
    const polled = client
      .read<Event[]>(`haendelser?efter=${sidste}&vent=25`)
      .then((events) => ({ events, at: performance.now() }));
    const answer = await client.createFacet(randomUUID());
    const { uuid } = (await answer.json()) as { uuid: string };
    const answered = performance.now();
    const { events, at } = await polled;
    expect(events.map(({ subject, objekthandling }) => [subject, objekthandling])).toEqual([
      [uuid, 'opstaaet'],
    ]);
    waits.push(at - answered);
  }
  // The requirement itself, and not a measure of speed: what is usual is some milliseconds.
  expect(Math.max(...waits)).toBeLessThan(1000);
});

test('a reader who waits when the platform ends is answered', async () => {
  const { sidste } = await client.read<{ sidste: number }>('haendelser/tilstand');
  const polled = client.send('GET', `haendelser?efter=${sidste}&vent=25`);
  // Under way when the state has been answered after it.
  await client.read('haendelser/tilstand');
  const ended = platform.end();
  const answer = await polled;
  expect([answer.status, await answer.json()]).toEqual([200, []]);
  expect(await ended).toBe(0);
});
