import { randomUUID } from 'node:crypto';
import type { Database, Statement } from '@stoettesystemer/postgres';
import { Global, Module } from '@nestjs/common';
import { runningApp, type RunningService } from '@stoettesystemer/testing';
import fc from 'fast-check';
import { matches } from '../filter/matches';
import { event, type Json, Receiver, TOWN } from '../spec/receiver';
import { messageDistribution } from '../message-distribution';
import { Matcher } from './matcher';
import { MatchingRounds } from './matching-rounds';
import { MatchingModule } from './matching.module';
import { Registered } from './registered';
import { Replayer } from './replayer';

let service: RunningService;
let us: Receiver;
/** In the first test nobody matches but the spec, so that what a worker leaves undone another of them must do. */
@Global()
@Module({
  providers: [Registered, { provide: MatchingRounds, useValue: { wake: () => undefined } }],
  exports: [Registered, MatchingRounds],
})
class NobodyMatches {}

beforeAll(async () => {
  const modules = (messageDistribution.modules ?? []).map((each) =>
    each === MatchingModule ? NobodyMatches : each,
  );
  service = await runningApp({ ...messageDistribution, modules });
  us = new Receiver(service);
});
afterAll(() => service.close());

/** When a worker dies: not at all, before it has committed, or when it has and nobody hears of it. */
type Fate = 'lives' | 'before' | 'after';

/** The database as a process sees it that dies as it is told to. */
function mortal(database: Database, fates: Fate[], died: () => void): Database {
  const transaction: Database['transaction'] = (context, work) => {
    let fate: Fate = 'lives';
    const die = (): never => {
      died();
      throw new Error('killed');
    };
    return database
      .transaction(context, (tx) => {
        const finish = (statements?: readonly Statement[]) => {
          // Only those who have something to write have a fate.
          fate = fates.shift() ?? 'lives';
          return fate === 'before' ? die() : tx.finish(statements);
        };
        const dying = new Proxy(tx, {
          get: (target, name) =>
            name === 'finish' ? finish : (Reflect.get(target, name) as () => void).bind(target),
        });
        return work(dying);
      })
      .then((result) => (fate === 'after' ? die() : result));
  };
  return new Proxy(database, {
    get: (target, name) => (name === 'transaction' ? transaction : Reflect.get(target, name)),
  });
}

const FILTERS = [
  [],
  [{ exact: { egen: 'a' } }],
  [{ prefix: { opgaveemne: '27.' } }],
  [{ not: { exact: { egen: 'a' } } }],
  [{ exact: { egen: 'b' } }, { prefix: { opgaveemne: '28.' } }],
] as const;

/** All that was sent has got its place. */
async function placed(): Promise<void> {
  for (;;) {
    const { rows } = await service.database.run(
      { owner: null, role: 'stoette_feed' },
      { name: 'spec-waiting', text: 'select count(*) as count from message_outbox' },
    );
    if (rows[0]!['count'] === 0) return;
  }
}

const deliveriesOf = async (mailbox: string, replay: boolean) => {
  const { rows } = await service.database.run(
    { owner: TOWN },
    {
      name: 'spec-deliveries',
      text: `select d.pos, m.id, d.replay > 0 as replayed from delivery d join message m on m.owner = d.sender and m.number = d.message
        where d.owner = $1::int and d.mailbox = $2::uuid order by d.pos`,
      values: [Number(TOWN), mailbox],
    },
  );
  expect(rows.map(({ pos }) => pos)).toEqual(rows.map((_, at) => at + 1));
  return rows.filter(({ replayed }) => replayed === replay).map(({ id }) => id);
};

test('however the workers die, every message is in each dueslag that wants it once, in order, and so when it is replayed', async () => {
  const mailboxes: { uuid: string; filters: (typeof FILTERS)[number][] }[] = [];
  for (const [at, filters] of FILTERS.entries()) {
    const uuid = await us.mailbox(filters);
    const more = FILTERS[(at + 2) % FILTERS.length]!;
    // Some take by two subscriptions, and are not to get two of a message.
    if (at % 2 === 0) await us.subscribe(uuid, more);
    mailboxes.push({ uuid, filters: at % 2 === 0 ? [filters, more] : [filters] });
  }
  let failures = 0;
  const again = (cause: unknown): number => {
    if (++failures > 500) throw cause;
    return 1;
  };
  let deaths = 0;
  const died = () => void deaths++;
  const wanted = new Map<string, string[]>(mailboxes.map(({ uuid }) => [uuid, []]));
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          egen: fc.constantFrom('a', 'b', 'c'),
          opgaveemne: fc.constantFrom('27.18.02', '28.01.01'),
        }),
        { minLength: 5, maxLength: 40 },
      ),
      fc.array(fc.constantFrom<Fate>('lives', 'before', 'after'), { maxLength: 20 }),
      fc.integer({ min: 1, max: 7 }),
      async (likes, fates, most) => {
        const sent = likes.map((like) => event({ ...like, subject: like.egen, id: randomUUID() }));
        for (const each of sent)
          for (const { uuid, filters } of mailboxes)
            if (filters.some((of) => matches(of, each, () => false))) wanted.get(uuid)!.push(each.id);
        const database = mortal(service.database, [...fates], died);
        const workers = [1, 2, 3].map(() => new Matcher(database, new Registered(service.database)));
        const publishing = us.published(...(sent as Json[]));
        let isSent = false;
        const work = workers.map(async (worker) => {
          for (;;) {
            const wasSent = isSent;
            const count = await worker.step(most).catch((cause: unknown) => again(cause));
            if (wasSent && count === 0) return;
          }
        });
        await publishing;
        await placed();
        isSent = true;
        await Promise.all(work);
        await us.settled(mailboxes[0]!.uuid);
        for (const { uuid } of mailboxes) expect(await deliveriesOf(uuid, false)).toEqual(wanted.get(uuid));
      },
    ),
    { numRuns: 12 },
  );
  for (const { uuid } of mailboxes) {
    const last = wanted.get(uuid)!.length;
    await us.send('POST', `/dueslag/${uuid}/genafspil`, { body: { fra: 1, til: last } });
  }
  const fates = Array.from({ length: 30 }, (_, at): Fate => (['before', 'after', 'lives'] as const)[at % 3]!);
  const worker = new Replayer(mortal(service.database, fates, died), new Registered(service.database));
  const isDone = async () => {
    for (const { uuid } of mailboxes) {
      const { genafspilninger } = (await us.state(uuid)) as { genafspilninger: { faerdig: string | null }[] };
      if (genafspilninger.some(({ faerdig }) => faerdig === null)) return false;
    }
    return true;
  };
  while (!(await isDone())) await worker.step().catch(() => null);
  for (const { uuid } of mailboxes) expect(await deliveriesOf(uuid, true)).toEqual(wanted.get(uuid));
  // Enough of them that the test says something.
  expect(deaths).toBeGreaterThan(20);
});

test('consumers that vanish: each message is received, and of each subject none before those before it', async () => {
  const mailbox = await us.mailbox([{ exact: { egen: 'forsvinder' } }]);
  const sent = Array.from({ length: 120 }, (_, at) => event({ egen: 'forsvinder', subject: `s${at % 5}` }));
  await us.published(...sent);
  await placed();
  const matcher = new Matcher(service.database, new Registered(service.database));
  while ((await matcher.step()) !== 0);
  const acknowledged: string[] = [];
  let turn = 0;
  const consumer = async (): Promise<void> => {
    for (;;) {
      const { krav, beskeder } = await us.claim(mailbox, { antal: 7, vent: 1, sekunder: 1 });
      if (krav === null) {
        if (acknowledged.length >= sent.length) return;
        continue;
      }
      // Every third takes its messages with it, and every fifth says so of a part only.
      const fate = ++turn;
      if (fate % 3 === 0) continue;
      const done = fate % 5 === 0 ? beskeder.slice(0, 2) : beskeder;
      const answer = await us.acknowledge(mailbox, { krav, modtaget: done.map(({ id }) => id) });
      if (answer.status === 204) acknowledged.push(...done.map(({ id }) => id));
    }
  };
  await Promise.all([consumer(), consumer(), consumer()]);
  expect(acknowledged.toSorted()).toEqual(sent.map(({ id }) => id).toSorted());
  const place = new Map(acknowledged.map((id, at) => [id, at]));
  for (let subject = 0; subject < 5; subject++) {
    const places = sent.filter((each) => each['subject'] === `s${subject}`).map(({ id }) => place.get(id)!);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  }
});
