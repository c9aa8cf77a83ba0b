import { once } from 'node:events';
import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import { Client } from 'pg';
import { event, jsonOf, type Json, Receiver } from '../spec/receiver';
import { PushModule } from '../push/push.module';
import { type RunningCourier, runningCourier } from '../spec/running-courier';
import { Leases } from './leases';
import type { Outcome, Outgoing, OutgoingMailbox, Transport } from './outgoing';

let running: RunningCourier;
let us: Receiver;
beforeAll(async () => {
  running = await runningCourier({}, [PushModule]);
  us = new Receiver(running.service);
});
afterAll(() => running.service.close());

const DELIVERED: Outcome = { kind: 'delivered' };
const ids = (events: readonly { id: string }[]) => events.map(({ id }) => id);
const pushed = () => us.mailbox([], { levering: 'push', modtager: 'https://modtager.example/besked' });

type Carry = (delivery: Outgoing, mailbox: OutgoingMailbox) => Promise<Outcome> | Outcome;

/** Carries one after the other, and remembers what it carried. Two of one subject at a time would be seen. */
class Fake implements Transport {
  readonly delivery = 'push';
  readonly atOnce = 4;
  readonly batch = 50;
  readonly lease = 30;
  readonly carried: { mailbox: string; id: string; subject: string; outcome: Outcome['kind'] }[] = [];
  readonly overlaps: string[] = [];
  private readonly busy = new Set<string>();
  private readonly told = new EventEmitter().setMaxListeners(0);

  constructor(private readonly how: Carry = () => DELIVERED) {}

  async carry(mailbox: OutgoingMailbox, run: readonly Outgoing[]): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    const key = `${mailbox.uuid} ${run[0]!.subject}`;
    if (this.busy.has(key)) this.overlaps.push(key);
    this.busy.add(key);
    try {
      for (const each of run) {
        const outcome = await this.how(each, mailbox);
        const { id, subject = '' } = each.event;
        this.carried.push({ mailbox: mailbox.uuid, id, subject, outcome: outcome.kind });
        this.told.emit('carried');
        outcomes.push(outcome);
        if (outcome.kind === 'retry' || outcome.kind === 'closed') break;
      }
    } finally {
      this.busy.delete(key);
    }
    return outcomes;
  }

  of(mailbox: string, kind: Outcome['kind'] = 'delivered'): string[] {
    return this.carried
      .filter((each) => each.mailbox === mailbox && each.outcome === kind)
      .map(({ id }) => id);
  }

  /** What was not to be tried again, once each: of a run that broke off all is carried again, also what had gone well. */
  lastOf(mailbox: string): Fake['carried'] {
    const last = new Map<string, Fake['carried'][number]>();
    for (const each of this.carried) {
      if (each.mailbox !== mailbox || each.outcome === 'retry') continue;
      last.delete(each.id);
      last.set(each.id, each);
    }
    return [...last.values()];
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await once(this.told, 'carried');
  }
}

test('brings all out, each once, and in the order of each subject', async () => {
  const fake = new Fake();
  const courier = running.start(fake);
  const mailbox = await pushed();
  const sent = Array.from({ length: 60 }, (_, at) => event({ subject: `s${at % 7}` }));
  for (let at = 0; at < 60; at += 20) await us.published(...sent.slice(at, at + 20));
  await fake.until(() => fake.of(mailbox).length === 60);
  await courier.stop();
  for (let subject = 0; subject < 7; subject++) {
    const of = (list: readonly { id: string; subject?: unknown }[]) =>
      list.filter((each) => each.subject === `s${subject}`).map(({ id }) => id);
    expect(of(fake.carried)).toEqual(of(sent as never));
  }
  expect(fake.overlaps).toEqual([]);
  expect(await us.state(mailbox)).toMatchObject({ ventende: 0, iKrav: 0, fejlede: 0 });
});

test('what fails holds back its own subject and no other, and is tried again when its time has come', async () => {
  let isDown = true;
  const fake = new Fake(({ event: { subject } }) =>
    subject === 'syg' && isDown
      ? { kind: 'retry', after: new Date(Date.now() + 300), reason: '500' }
      : DELIVERED,
  );
  const courier = running.start(fake);
  const mailbox = await pushed();
  const sick = [event({ subject: 'syg' }), event({ subject: 'syg' })];
  const well = [event({ subject: 'rask' }), event({ subject: 'rask' })];
  await us.published(sick[0]!, well[0]!, sick[1]!, well[1]!);
  await fake.until(() => fake.of(mailbox, 'retry').length >= 2);
  expect(fake.of(mailbox)).toEqual(ids(well));
  expect(new Set(fake.of(mailbox, 'retry'))).toEqual(new Set([sick[0]!.id]));
  isDown = false;
  await fake.until(() => fake.of(mailbox).length === 4);
  expect(fake.of(mailbox).slice(2)).toEqual(ids(sick));
  await courier.stop();
});

test('what is given up is in the fejlkø with its reason, and the subject goes on', async () => {
  const fake = new Fake(({ event: { egen } }) =>
    egen === 'gift' ? { kind: 'dead', reason: '400' } : DELIVERED,
  );
  const courier = running.start(fake);
  const mailbox = await pushed();
  const sent = [event({ subject: 'a', egen: 'gift' }), event({ subject: 'a' })];
  await us.published(...sent);
  await fake.until(() => fake.of(mailbox).length === 1);
  await courier.stop();
  expect(fake.of(mailbox)).toEqual([sent[1]!.id]);
  const { data } = jsonOf<{ data: object[] }>(await us.send('GET', `/dueslag/${mailbox}/fejlkoe`));
  expect(data).toMatchObject([{ aarsag: '400', forsoeg: 1, besked: { id: sent[0]!.id } }]);
});

test('a receiver that wants no more is left alone until the dueslag is registered anew', async () => {
  let isClosed = true;
  const fake = new Fake(() => (isClosed ? { kind: 'closed', reason: '410' } : DELIVERED));
  const courier = running.start(fake);
  const mailbox = await pushed();
  const sent = event();
  await us.published(sent);
  await fake.until(() => fake.of(mailbox, 'closed').length === 1);
  await us.published(event());
  await us.settled(mailbox);
  while ((await us.state(mailbox))['lukket'] === null);
  expect(await us.state(mailbox)).toMatchObject({ lukket: '410', ventende: 2 });
  expect(fake.of(mailbox, 'closed')).toHaveLength(1);
  isClosed = false;
  const egenskaber = [{ virkning: { fra: '2000-01-01T00:00:00Z' }, modtager: 'https://ny.example/' }];
  const headers = { 'if-match': '"1"' };
  await us.send('PATCH', `/dueslag/${mailbox}`, { body: { attributter: { egenskaber } }, headers });
  await fake.until(() => fake.of(mailbox).length === 2);
  await courier.stop();
});

test('narrowing the agreement stops the backlog too; without one nothing moves, and it is all there when it comes back', async () => {
  const { agreements } = running;
  const whole = agreements.groups;
  const mailbox = await pushed();
  const sent = [event(), event({ foelsomhed: 'VIP_SAGER' }), event()];
  await us.published(...sent);
  await us.settled(mailbox);
  agreements.groups = [];
  const fake = new Fake();
  const first = running.start(fake);
  const other = await pushed();
  await us.published(event());
  await us.settled(other);
  await first.stop();
  expect(fake.carried).toEqual([]);
  expect(await us.state(mailbox)).toMatchObject({ ventende: 4 });
  agreements.groups = whole.map((group) => ({
    ...group,
    constraints: { foelsomhed: 'IKKE_FORTROLIGE_DATA' },
  }));
  const courier = running.start(fake);
  await fake.until(() => fake.of(mailbox).length === 3);
  await courier.stop();
  agreements.groups = whole;
  expect(fake.of(mailbox).slice(0, 2)).toEqual([sent[0]!.id, sent[2]!.id]);
  expect(await us.state(mailbox)).toMatchObject({ ventende: 0 });
});

/** The service's database lets nobody in, and has thrown out whoever was there; or is as before. */
async function database(isAway: boolean): Promise<void> {
  const address = new URL(running.service.databaseUrl);
  const name = address.pathname.slice(1);
  address.pathname = '/postgres';
  const client = new Client({ connectionString: address.href });
  await client.connect();
  await client.query(`alter database "${name}" allow_connections ${String(!isAway)}`);
  if (isAway)
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  await client.end();
}

test('what was brought out while the database was away is written down when it is back, and is not brought out again', async () => {
  const settle = jest.spyOn(Leases.prototype, 'settle');
  const fake = new Fake(async () => {
    if (settle.mock.calls.length === 0) await database(true);
    return DELIVERED;
  });
  const mailbox = await pushed();
  const sent = [event({ subject: 'a' }), event({ subject: 'b' })];
  await us.published(...sent);
  await us.settled(mailbox);
  const courier = running.start(fake);
  await fake.until(() => fake.of(mailbox).length === 2);
  while (settle.mock.results.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await Promise.allSettled(settle.mock.results.map(({ value }) => value as Promise<boolean>));
  await database(false);
  while ((await us.state(mailbox))['ventende'] !== 0) await new Promise((resolve) => setTimeout(resolve, 50));
  await courier.stop();
  settle.mockRestore();
  expect(ids(sent).sort()).toEqual(fake.of(mailbox).sort());
});

test('a dueslag on pause, and one that is fetched from, are not served', async () => {
  const [paused, fetched] = [await pushed(), await us.mailbox()];
  const body = { tilstande: { tilstand: [{ virkning: { fra: '2000-01-01T00:00:00Z' }, vaerdi: 'pauset' }] } };
  await us.send('PATCH', `/dueslag/${paused}`, { body, headers: { 'if-match': '"1"' } });
  const fake = new Fake();
  const courier = running.start(fake);
  const served = await pushed();
  await us.published(event());
  await fake.until(() => fake.of(served).length === 1);
  await courier.stop();
  expect([fake.of(paused), fake.of(fetched)]).toEqual([[], []]);
});

test('however it fails, and however many bring out: each is delivered, in order, by the last try of each', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('delivered', 'retry', 'dead'), { minLength: 20, maxLength: 60 }),
      // The transport itself fails seldom: its dueslag then rests.
      fc.array(fc.nat(20), { maxLength: 2 }),
      fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 5, maxLength: 20 }),
      async (luck, broken, subjects) => {
        const turns: string[] = [...luck];
        for (const at of broken) turns.splice(at, 0, 'throw');
        const fake = new Fake(() => {
          const turn = turns.shift() ?? 'delivered';
          if (turn === 'throw') throw new Error('broken');
          if (turn === 'retry') return { kind: 'retry', after: new Date(), reason: '503' };
          return turn === 'dead' ? { kind: 'dead', reason: '400' } : DELIVERED;
        });
        const mailbox = await pushed();
        const sent = subjects.map((subject) => event({ subject }));
        const couriers = [running.start(fake), running.start(fake)];
        await us.published(...(sent as Json[]));
        await fake.until(() => fake.lastOf(mailbox).length === sent.length);
        await Promise.all(couriers.map((courier) => courier.stop()));
        const last = fake.lastOf(mailbox);
        for (const subject of ['a', 'b', 'c']) {
          const wanted = sent.filter((each) => each['subject'] === subject).map(({ id }) => id);
          expect(last.filter((each) => each.subject === subject).map(({ id }) => id)).toEqual(wanted);
        }
        expect(fake.overlaps).toEqual([]);
        expect(await us.state(mailbox)).toMatchObject({
          ventende: 0,
          iKrav: 0,
          fejlede: last.filter(({ outcome }) => outcome === 'dead').length,
        });
      },
    ),
    { numRuns: 6 },
  );
});
