import { randomUUID } from 'node:crypto';
import { getMaxListeners, once } from 'node:events';
import type { Caller } from '@stoettesystemer/access';
import type { Mailbox } from '../matching/registered-objects';
import { Courier, type CourierParts } from './courier';
import type { Transport } from './outgoing';

const OWNER = '12345678';
const MANY = 120;

const receiver = { owner: OWNER, groups: [{ kind: 'system', privileges: ['besked:laes'], constraints: {} }] };
const mailboxes = Array.from({ length: MANY }, (): Mailbox => {
  const uuid = randomUUID();
  return {
    owner: OWNER,
    uuid,
    system: randomUUID(),
    delivery: 'push',
    receiver: 'https://modtager.example/',
    envelope: 'cloudevents',
    isPaused: false,
    alarmAfter: null,
    name: uuid,
    registration: 1,
  };
});

/** A dueslag each with one message, and nobody who ever tells of another. */
function partsOf(waiting: Set<string>, claimed: string[]): CourierParts {
  const lease = (uuid: string) => ({
    id: uuid,
    until: '',
    deliveries: waiting.delete(uuid) ? [{ position: 1, attempts: 0, subject: '', event: {} }] : [],
  });
  const parts = {
    database: { run: () => Promise.resolve({ rows: [...waiting].map((id) => ({ id })) }) },
    registered: {
      refresh: () => Promise.resolve(),
      all: () => mailboxes,
      mailbox: (_: string, uuid: string) => mailboxes.find((each) => each.uuid === uuid),
    },
    leases: {
      claim: (place: Mailbox) => {
        claimed.push(place.uuid);
        const found = lease(place.uuid);
        const isLease = found.deliveries.length > 0;
        return Promise.resolve({ lease: isLease ? found : null, matched: 0, wait: null, isAll: true });
      },
      settle: () => Promise.resolve(true),
    },
    decisions: { of: () => Promise.resolve(receiver as unknown as Caller) },
    waiting: {
      position: 0,
      hasNews: () => false,
      until: (_: unknown, __: number, ___: number, signal: AbortSignal) =>
        signal.aborted ? Promise.resolve() : once(signal, 'abort'),
    },
    log: { warn: (about: object) => Promise.reject(new Error(JSON.stringify(about))) },
  };
  return parts as unknown as CourierParts;
}

test('more dueslag than are served at a time are all served without waiting for the next round, and asked once', async () => {
  const waiting = new Set(mailboxes.map(({ uuid }) => uuid));
  const carried: string[] = [];
  const claimed: string[] = [];
  let most = 0;
  let underWay = 0;
  let listeners: number | undefined;
  let courier: Courier | undefined;
  await new Promise<void>((resolve) => {
    const transport: Transport = {
      delivery: 'push',
      atOnce: 4,
      batch: 10,
      lease: 30,
      carry: async ({ uuid }, run, signal) => {
        listeners = getMaxListeners(signal);
        most = Math.max(most, ++underWay);
        await new Promise((later) => setImmediate(later));
        underWay--;
        if (carried.push(uuid) === MANY) resolve();
        return run.map(() => ({ kind: 'delivered' }));
      },
    };
    courier = new Courier(partsOf(waiting, claimed), transport);
    courier.start();
  });
  await courier?.stop();
  expect(new Set(carried).size).toBe(MANY);
  // What was all of it is not asked for again until there is news.
  expect(claimed).toHaveLength(MANY);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(50);
  // Nor is anybody warned of that many.
  expect(listeners).toBeGreaterThan(50 * 4);
});

test('what was full of content rather than all there is, is followed by the rest without news of it', async () => {
  const waiting = new Set(mailboxes.slice(0, 1).map(({ uuid }) => uuid));
  const parts = partsOf(waiting, []);
  const events = [1, 2, 3].map((position) => ({ position, attempts: 0, subject: `${position}`, event: {} }));
  const claim = () => {
    const deliveries = events.splice(0, 1);
    if (events.length === 0) waiting.clear();
    const lease = deliveries.length > 0 ? { id: '1', until: '', deliveries } : null;
    return Promise.resolve({ lease, matched: 0, wait: null, isAll: events.length === 0 });
  };
  const carried: number[] = [];
  let courier: Courier | undefined;
  await new Promise<void>((resolve) => {
    const transport: Transport = {
      delivery: 'push',
      atOnce: 4,
      batch: 10,
      lease: 30,
      carry: (_, run) => {
        if (carried.push(...run.map(({ position }) => position)) === 3) resolve();
        return Promise.resolve(run.map(() => ({ kind: 'delivered' })));
      },
    };
    courier = new Courier({ ...parts, leases: { ...parts.leases, claim } as never }, transport);
    courier.start();
  });
  await courier?.stop();
  expect(carried).toEqual([1, 2, 3]);
});
