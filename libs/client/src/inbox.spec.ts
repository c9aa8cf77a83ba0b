import fc from 'fast-check';
import { Inbox, inboxSchema, type Taken } from './inbox';
import { consumerDatabase, effect, expectOneEffect, message } from './spec/deliveries';

let db: Awaited<ReturnType<typeof consumerDatabase>>;
beforeAll(async () => {
  db = await consumerDatabase();
});
afterAll(() => db.drop());

const effects = async (): Promise<string[]> =>
  (await db.pool.query<{ id: string }>('select id from effect order by place')).rows.map(({ id }) => id);
const empty = () => db.pool.query('truncate inbox, inbox_subject, effect, state');

test('400 deliveries, doubled, out of order and played again: one effect, and the final state is right (T81)', () =>
  expectOneEffect(400));

test('what comes of any deliveries is what a list and a map would say', async () => {
  const delivery = fc.record({
    subject: fc.constantFrom('a', 'b', undefined),
    number: fc.integer({ min: 1, max: 4 }),
    source: fc.constantFrom('/x/1', '/y/2'),
    life: fc.constantFrom('', '2'),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(delivery, { maxLength: 15 }), async (deliveries) => {
      const inbox = new Inbox({ consumer: `model-${run++}` });
      const [seen, last] = [new Set<string>(), new Map<string, number>()];
      for (const { subject, number, source, life } of deliveries) {
        const id = `${subject}.${number}.${life}`;
        const event = message(subject ?? '', number, { id, source, subject });
        const told = await inbox.receive(db.pool, event, () => Promise.resolve());
        const of = `${source} ${subject}`;
        let expected: Taken = 'new';
        if (seen.has(`${source} ${id}`)) expected = 'known';
        else if (subject !== undefined && (last.get(of) ?? 0) > number) expected = 'stale';
        seen.add(`${source} ${id}`);
        if (expected === 'new') last.set(of, number);
        expect(told).toBe(expected);
      }
    }),
    { numRuns: 60 },
  );
});

test('the same from two at once waits for the one that came first, and is known, or is made when that one failed', async () => {
  await empty();
  const inbox = new Inbox({ consumer: 'two' });
  for (const fails of [false, true]) {
    const event = message('samtidig', fails ? 2 : 1);
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    let inside: () => void = () => undefined;
    const entered = new Promise<void>((resolve) => (inside = resolve));
    const first = inbox.receive(db.pool, event, async (session, given) => {
      await effect(session, given);
      inside();
      await held;
      if (fails) throw new Error('Failed');
    });
    await entered;
    const second = inbox.receive(db.pool, event, effect);
    goOn();
    if (fails) await expect(first).rejects.toThrow('Failed');
    else expect(await first).toBe('new');
    expect(await second).toBe(fails ? 'new' : 'known');
  }
  expect(await effects()).toEqual(['samtidig.1', 'samtidig.2']);
});

test('messages without a number are taken in the order that they come in; one of one’s own can be said', async () => {
  await empty();
  const plain = new Inbox({ consumer: 'plain' });
  for (const at of [3, 1, 2])
    expect(
      await plain.receive(db.pool, message('x', at, { data: { tekst: 'a' } }), () => Promise.resolve()),
    ).toBe('new');
  const timed = new Inbox({ consumer: 'timed', number: ({ time }) => Date.parse(time!) });
  const at = (time: string) => message('x', 1, { id: time, time });
  const take = (time: string) => timed.receive(db.pool, at(time), () => Promise.resolve());
  expect(await take('2026-01-02T00:00:00Z')).toBe('new');
  expect(await take('2026-01-01T00:00:00Z')).toBe('stale');
});

test('within a transaction of the caller’s, and undone with it', async () => {
  await empty();
  const inbox = new Inbox({ consumer: 'own' });
  const session = await db.pool.connect();
  await session.query('begin');
  expect(await inbox.take(session, message('egen', 1), effect)).toBe('new');
  expect(await inbox.take(session, message('egen', 1), effect)).toBe('known');
  await session.query('rollback');
  session.release();
  expect(await effects()).toEqual([]);
  expect(await inbox.receive(db.pool, message('egen', 1), effect)).toBe('new');
});

test('each consumer remembers for itself, and forgets what is old', async () => {
  await empty();
  const [one, other] = [new Inbox({ consumer: 'en' }), new Inbox({ consumer: 'anden' })];
  expect(await one.receive(db.pool, message('m', 1), effect)).toBe('new');
  expect(await other.receive(db.pool, message('m', 1), effect)).toBe('new');
  expect(await one.forget(db.pool, new Date(Date.now() + 1000))).toBe(1);
  // Its id is forgotten, and its number is not.
  expect(await one.receive(db.pool, message('m', 2), effect)).toBe('new');
  expect(await one.forget(db.pool, new Date(Date.now() + 1000))).toBe(1);
  expect(await one.receive(db.pool, message('m', 1), effect)).toBe('stale');
  expect(await other.receive(db.pool, message('m', 1), effect)).toBe('known');
});

test('a schema’s name is a name', () => {
  expect(() => inboxSchema('a; drop table x')).toThrow('schema');
  expect(() => new Inbox({ consumer: 'x', schema: 'A' })).toThrow('schema');
  expect(inboxSchema('fag')).toContain('fag.inbox');
});
