import type { Caller, PrivilegeGroup } from '@stoettesystemer/access';
import { callerOf, Journal, privilegesOf, type TestDatabase, Ting } from '@stoettesystemer/testing';
import fc from 'fast-check';
import type { Client } from 'pg';
import { Listener } from './listener';
import { FeedReader } from './reader';
import { Sequencer } from './sequencer';
import {
  change,
  COMMON,
  feedDatabase,
  feedOf,
  Logbook,
  makeThing,
  OTHER,
  OWN,
  session,
  until,
} from './spec/feed-fixture';

const LEVELS = [
  'IKKE_FORTROLIGE_DATA',
  'FORTROLIGE_PERSONOPLYSNINGER',
  'FOELSOMME_PERSONOPLYSNINGER',
  'VIP_SAGER',
];

const events = fc.array(
  fc.record({
    owner: fc.constantFrom(OWN, OTHER, COMMON),
    type: fc.constantFrom('Ting', 'Journal'),
    kle: fc.constantFrom('27.18.02', '27.00.01', '32.30.04', '32.24.04'),
    level: fc.constantFrom(...LEVELS),
    published: fc.boolean(),
  }),
  { maxLength: 25 },
);
/** A group of privileges; undefined restricts nothing. */
const groups = fc.array(
  fc.record({
    on: fc.constantFrom(['Ting'], ['Journal'], ['Ting', 'Journal']),
    kle: fc.constantFrom(undefined, ['27.*'], ['32.30.*'], ['27.18.02', '32.24.*']),
    level: fc.constantFrom(undefined, 'IKKE_FORTROLIGE_DATA', 'FOELSOMME_PERSONOPLYSNINGER'),
  }),
  { minLength: 1, maxLength: 3 },
);
const askers = fc.array(
  fc.record({ owner: fc.constantFrom(OWN, OTHER, COMMON), groups, limit: fc.integer({ min: 1, max: 9 }) }),
  { minLength: 1, maxLength: 4 },
);
type Event = (typeof events extends fc.Arbitrary<infer T> ? T : never)[number];
type Asker = (typeof askers extends fc.Arbitrary<infer T> ? T : never)[number];

const types = [Ting, Journal];
const callerFrom = ({ owner, groups: chosen }: Asker): Caller => {
  const asGroup = ({ on, kle, level }: Asker['groups'][number]): PrivilegeGroup => ({
    kind: 'system',
    privileges: privilegesOf(types.filter(({ name }) => on.some((each) => each === name))),
    constraints: { ...(kle && { kle }), ...(level && { foelsomhed: level }) },
  });
  return callerOf({ service: 'proeve', owner, types, groups: chosen.map(asGroup) });
};

/** A Ting has no restrictions, so a group that restricts gives no right to one (A7). */
const isFor = ({ owner, groups: chosen }: Asker, event: Event): boolean =>
  event.published &&
  [owner, COMMON].includes(event.owner) &&
  chosen.some(({ on, kle, level }) => {
    if (!on.some((each) => each === event.type)) return false;
    if (event.type === 'Ting') return !kle && !level;
    const inKle = kle?.some((each) => event.kle.startsWith(each.replace('*', ''))) ?? true;
    return inKle && (level === undefined || LEVELS.indexOf(event.level) <= LEVELS.indexOf(level));
  });

let db: TestDatabase;
let observer: Client;
let sequencer: Sequencer;
let reader: FeedReader;

beforeAll(async () => {
  db = await feedDatabase();
  observer = await session(db.url);
  sequencer = new Sequencer({ url: db.url, log: new Logbook() });
  sequencer.start();
  const listener = new Listener({ url: db.url, log: new Logbook() });
  reader = new FeedReader(db.database, { service: 'proeve', types, listener });
});
afterAll(async () => {
  await sequencer.stop();
  await observer.end();
  await db.drop();
});

/** Everything from a position, in pages of `limit`. */
async function readOn(caller: Caller, from: number, limit: number): Promise<string[]> {
  const read: string[] = [];
  for (let after = from; ;) {
    const page = await reader.read(caller, { after, limit });
    if (page.events.length === 0) return read;
    expect(page.events.length).toBeLessThanOrEqual(limit);
    read.push(...page.events.map(({ id }) => id));
    after = page.position;
  }
}

it('shows any caller of any feed what a naive filter does, in pages of any size', async () => {
  await fc.assert(
    fc.asyncProperty(events, askers, async (happened, asking) => {
      const { sidste } = await reader.state();
      const written: string[] = [];
      for (const { owner, type, kle, level, published } of happened) {
        const scopes = type === 'Ting' ? [] : [{ fra: 0, til: null, kle, foelsomhed: level }];
        written.push(await change(db, await makeThing(db, { owner, type, scopes }), { published }));
      }
      sequencer.wake();
      await until(async () => (await feedOf(observer)).waiting === 0, 'an empty outbox');
      for (const asker of asking)
        expect(await readOn(callerFrom(asker), sidste, asker.limit)).toEqual(
          written.filter((_, at) => isFor(asker, happened[at]!)),
        );
    }),
    { numRuns: 100 },
  );
});
