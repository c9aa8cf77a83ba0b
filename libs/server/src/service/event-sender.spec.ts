import type { CloudEvent } from '@stoettesystemer/feed';
import { EventSender } from './event-sender';
import type { OwnCall, OwnCalls } from './own-calls';

const OWNER = '12345678';
const events = (...ids: string[]) => ids.map((id) => ({ id }) as CloudEvent);
const never = new AbortController().signal;

/** Beskedfordeler as the spec says that it answers; remembers the ids of each request. */
function answering(answer: (ids: readonly string[]) => Response | Promise<Response>) {
  const asked: string[][] = [];
  const calls = {
    post: async ({ body }: OwnCall) => {
      const ids = (JSON.parse(body) as { id: string }[]).map(({ id }) => id);
      asked.push(ids);
      return answer(ids);
    },
  } as Pick<OwnCalls, 'post'> as OwnCalls;
  return { sender: new EventSender(calls), asked };
}
const problem = (status: number, kode: string, headers = {}) =>
  new Response(JSON.stringify({ status, kode }), { status, headers });

test('a batch that is taken in is sent once, whole', async () => {
  const { sender, asked } = answering(() => new Response('{}', { status: 202 }));
  expect(await sender.publish(OWNER, events('a', 'b', 'c'), never)).toBe(0);
  expect(asked).toEqual([['a', 'b', 'c']]);
});

test('those that the agreement does not give are counted; one that another system of ours has sent is there', async () => {
  const data = [{ status: 202 }, { status: 403 }, { status: 409 }, { status: 202 }];
  const { sender } = answering(() => new Response(JSON.stringify({ data }), { status: 207 }));
  expect(await sender.publish(OWNER, events('a', 'b', 'c', 'd'), never)).toBe(1);
});

test('one that is malformed is found, and the others arrive, in order', async () => {
  const taken: string[] = [];
  const { sender } = answering((ids) => {
    if (ids.includes('c')) return problem(400, 'haendelse');
    taken.push(...ids);
    return new Response('{}', { status: 202 });
  });
  expect(await sender.publish(OWNER, events('a', 'b', 'c', 'd', 'e', 'f', 'g'), never)).toBe(1);
  expect(taken).toEqual(['a', 'b', 'd', 'e', 'f', 'g']);
});

test.each([
  [403, 'dataafgraensning', 1],
  [409, 'optaget', 0],
  [413, 'for_stort', 1],
])('one alone that is refused with %i %s', async (status, kode, refused) => {
  const { sender } = answering(() => problem(status, kode));
  expect(await sender.publish(OWNER, events('a'), never)).toBe(refused);
});

test.each([
  [401, 'token'],
  [403, 'ingen_rettighed'],
  [404, 'findes_ikke'],
  [429, 'for_mange'],
  [500, 'fejl'],
  [503, 'utilgaengelig'],
])('%i %s is for later, whether there is one or more', async (status, kode) => {
  const { sender } = answering(() => problem(status, kode, { 'retry-after': '7' }));
  for (const batch of [events('a'), events('a', 'b')])
    await expect(sender.publish(OWNER, batch, never)).rejects.toMatchObject({
      reason: `${status}`,
      retryAfter: 7000,
    });
});

test('without an answer, or a token, it is for later, and the reason says no more than a word', async () => {
  const away = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1'), { code: 'ECONNREFUSED' });
  await expect(
    answering(() => Promise.reject(away)).sender.publish(OWNER, events('a'), never),
  ).rejects.toMatchObject({ reason: 'ECONNREFUSED', retryAfter: 0 });
});

test('who stops waits for no answer', async () => {
  const stopping = new AbortController();
  const { sender } = answering(() => new Promise(() => undefined));
  const publishing = sender.publish(OWNER, events('a'), stopping.signal);
  stopping.abort();
  await expect(publishing).rejects.toMatchObject({ reason: 'afbrudt' });
  await expect(sender.publish(OWNER, events('a'), stopping.signal)).rejects.toMatchObject({
    reason: 'afbrudt',
  });
});
