import type { TestDatabase } from '@stoettesystemer/testing';
import type { Client } from 'pg';
import { Listener } from './listener';
import { COMMON, feedDatabase, Logbook, OTHER, OWN, session, until } from './spec/feed-fixture';

let db: TestDatabase;
let client: Client;
let listener: Listener;

beforeAll(async () => {
  db = await feedDatabase();
  client = await session(db.url);
});
afterAll(async () => {
  await client.end();
  await db.drop();
});
beforeEach(() => {
  listener = new Listener({ url: db.url, log: new Logbook() });
});
afterEach(() => listener.stop());

const AGES = 3_600_000;
const notify = (notice: string): Promise<unknown> => client.query(`select pg_notify('feed', $1)`, [notice]);
const setLast = (position: number): Promise<unknown> =>
  client.query('update feed_state set last_pos = $1', [position]);
/** Waits in another order than they are made, with what each was told. */
function waits() {
  const woken: string[] = [];
  return {
    woken,
    of: (name: string, owners: string[], position: number, ms = AGES, signal?: AbortSignal): void =>
      void listener.wait(owners, position, ms, signal).then((news) => woken.push(`${name} ${news}`)),
  };
}
const isListening = (): Promise<void> =>
  until(async () => {
    const { rowCount } = await client.query(
      `select from pg_stat_activity where application_name = 'stoettesystemer feed-listener'
        and datname = current_database() and query like 'select last_pos%' and state = 'idle'`,
    );
    return rowCount === 1;
  }, 'a listener');

it('wakes those whom a notice concerns, and only for what lies beyond their position', async () => {
  await setLast(4);
  const { woken, of } = waits();
  listener.start();
  of('behind', [OWN], 3);
  await until(() => woken.length === 1, 'the one who was behind');
  await isListening();
  of('own', [OWN, COMMON], 4);
  of('other', [OTHER, COMMON], 4);
  of('ahead', [OWN, COMMON], 6);
  await notify(`5 ${OWN}`);
  await until(() => woken.length === 2, 'its owner');
  await notify(`6 ${COMMON}`);
  await until(() => woken.length === 3, 'everybody who is not ahead');
  await notify('7 *');
  await until(() => woken.length === 4, 'everybody');
  expect(woken).toEqual(['behind true', 'own true', 'other true', 'ahead true']);
  expect(await listener.wait([OWN], 6, AGES)).toBe(true);
  expect(listener.waiting).toBe(0);
});

it('knows an owner whose CVR begins with zero', async () => {
  await setLast(0);
  listener.start();
  await isListening();
  const { woken, of } = waits();
  of('zero', ['01234567'], 0);
  await notify('1 1234567');
  await until(() => woken.length === 1, 'its owner');
});

it('lets nobody sleep for good while it cannot hear', async () => {
  const deaf = new Listener({ url: 'postgres://nobody@127.0.0.1:1/nowhere', log: new Logbook() });
  deaf.start();
  expect(await deaf.wait([OWN], 0, 10)).toBe(true);
  await deaf.stop();
});

it('answers no when the time is out, the signal aborts or it stops', async () => {
  await setLast(0);
  listener.start();
  await isListening();
  const going = new AbortController();
  const { woken, of } = waits();
  of('late', [OWN], 0, 10);
  of('gone', [OWN], 0, AGES, going.signal);
  of('left', [OWN], 0);
  await until(() => woken.length === 1, 'time out');
  going.abort();
  await until(() => woken.length === 2, 'the abort');
  await listener.stop();
  await until(() => woken.length === 3, 'the stop');
  expect(woken).toEqual(['late false', 'gone false', 'left false']);
  expect(await listener.wait([OWN], 0, AGES)).toBe(false);
});
