import fc from 'fast-check';
import type { Attributes, Filter, Holds } from '../filter/filter';
import { valuesForLists } from '../filter/index-keys';
import { attributes, filters, holdings, LISTS } from '../filter/spec/arbitrary-filter';
import { naiveMatches } from '../filter/spec/naive-matches';
import type { Subscription } from './registered-objects';
import { SubscriptionIndex } from './subscription-index';

const OWNERS = ['12345678', '87654321'];

const subscriptionOf = (owner: string, of: readonly Filter[], at: number): Subscription => ({
  owner,
  uuid: `s${at}`,
  system: 'et',
  mailbox: `m${at % 3}`,
  filters: of,
});
const subscriptions = fc
  .array(fc.tuple(fc.constantFrom(...OWNERS), filters), { maxLength: 12 })
  .map((list) => list.map(([owner, of], at) => subscriptionOf(owner, of, at)));

/** The lists that hold some value of the event, as one look-up of them all finds them. */
const listsFor = (event: Attributes, holds: Holds): string[] =>
  LISTS.filter((list) =>
    Object.values(valuesForLists(event)).some((of) => of.some((value) => holds(list, value))),
  );

test('finds what trying every filter of every subscription finds, whatever has come and gone', () => {
  fc.assert(
    fc.property(
      subscriptions,
      fc.array(fc.nat(11), { maxLength: 6 }),
      fc.array(attributes, { minLength: 1, maxLength: 5 }),
      holdings,
      (all, removed, events, holds) => {
        const index = new SubscriptionIndex();
        for (const each of all) index.add(each);
        for (const at of removed) index.remove(`s${at}`);
        const left = all.filter((_, at) => !removed.includes(at));
        expect(index.size).toBe(left.length);
        for (const event of events)
          for (const owner of OWNERS) {
            const found = index.matching(owner, event, listsFor(event, holds), holds);
            const wanted = left.filter(
              (each) => each.owner === owner && each.filters.every((of) => naiveMatches(of, event, holds)),
            );
            expect([...found].map(({ uuid }) => uuid).sort()).toEqual(wanted.map(({ uuid }) => uuid).sort());
          }
      },
    ),
    { numRuns: 2000 },
  );
});

test('the work follows what matches: ten thousand others are not tried', () => {
  const index = new SubscriptionIndex();
  let tried = 0;
  const counted = (of: Record<string, string>): Record<string, string> =>
    new Proxy(of, { ownKeys: (target) => (tried++, Reflect.ownKeys(target)) });
  for (let at = 0; at < 10_000; at++)
    index.add({
      ...subscriptionOf(
        OWNERS[0]!,
        [{ exact: { beskedtype: `t${at}` } }, { exact: counted({ egen: 'x' }) }],
        at,
      ),
    });
  tried = 0;
  const found = index.matching(OWNERS[0]!, { beskedtype: 't77', egen: 'x' }, [], () => false);
  expect([found.size, tried]).toEqual([1, 1]);
});
