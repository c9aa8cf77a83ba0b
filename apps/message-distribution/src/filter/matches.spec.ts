import fc from 'fast-check';
import { explain, type Explanation } from './explain';
import type { Filter } from './filter';
import { hasKey, planOf, textOfKey } from './index-keys';
import { matches } from './matches';
import { parseFilters } from './parse-filters';
import { attributes, filters, holdings, LISTS } from './spec/arbitrary-filter';
import { naiveMatches } from './spec/naive-matches';

const nothing = () => false;
const PUSH = { type: 'com.github.push', subject: 'https://github.com/cloudevents/spec', source: '/a' };
const passes = (filter: Filter, event: Record<string, unknown> = PUSH) => matches([filter], event, nothing);

describe('the dialects, by the examples of the specification', () => {
  const here = { subject: 'https://github.com/cloudevents/spec' };
  test.each<[boolean, Filter]>([
    [true, { exact: { type: 'com.github.push', ...here } }],
    [false, { exact: { type: 'com.github.push', subject: 'other' } }],
    [false, { exact: { type: 'COM.github.push' } }],
    [true, { prefix: { type: 'com.github.', subject: 'https://github.com/cloudevents' } }],
    [false, { prefix: { type: 'com.github.', subject: 'cloudevents' } }],
    [true, { suffix: { type: '.push', subject: '/cloudevents/spec' } }],
    [false, { suffix: { type: '.created' } }],
    [true, { all: [{ exact: { type: 'com.github.push' } }, { exact: here }] }],
    [false, { all: [{ exact: { type: 'com.github.push' } }, { exact: { source: '/b' } }] }],
    [true, { any: [{ exact: { type: 'other' } }, { exact: here }] }],
    [false, { any: [{ exact: { type: 'other' } }, { exact: { source: '/b' } }] }],
    [false, { not: { exact: { type: 'com.github.push' } } }],
    [true, { not: { exact: { type: 'com.github.pull' } } }],
  ])('%s: %j', (is, filter) => expect(passes(filter)).toBe(is));

  test('an attribute that is not there holds for no comparison, and so for every not', () => {
    expect(passes({ prefix: { objekttype: 'K' } })).toBe(false);
    expect(passes({ not: { exact: { objekttype: 'Klasse' } } })).toBe(true);
    expect(passes({ exact: { constructor: 'x' } }, {})).toBe(false);
  });

  test('what is not text is compared as CloudEvents writes it', () => {
    expect(passes({ exact: { egen: 'true' } }, { egen: true })).toBe(true);
    expect(passes({ prefix: { egen: '-1' } }, { egen: -12 })).toBe(true);
  });

  test('without filters everything passes', () => expect(matches([], PUSH, nothing)).toBe(true));
});

describe('lists of values', () => {
  const filter = (attribut: 'subject' | 'relateretobjekt'): Filter => ({
    vaerdiliste: { attribut, uuid: LISTS[0]! },
  });
  const holds = (list: string, value: string) => list === LISTS[0] && value === 'b';

  test('each of the related objects is looked for, and the subject as one', () => {
    expect(matches([filter('relateretobjekt')], { relateretobjekt: 'a,b,c' }, holds)).toBe(true);
    expect(matches([filter('relateretobjekt')], { relateretobjekt: 'a,bb' }, holds)).toBe(false);
    expect(matches([filter('subject')], { subject: 'b' }, holds)).toBe(true);
    expect(matches([filter('subject')], { subject: 'a,b' }, holds)).toBe(false);
    expect(matches([filter('subject')], { relateretobjekt: 'b' }, holds)).toBe(false);
  });
});

describe('for any filters and any event', () => {
  const runs = { numRuns: 3000 };

  test('the answer is that of the specification, read naively', () => {
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(filters, attributes, holdings, (some, event, holds) => {
        const naive = some.every((filter) => naiveMatches(filter, event, holds));
        seen.add(naive);
        expect(matches(some, event, holds)).toBe(naive);
      }),
      runs,
    );
    expect(seen.size).toBe(2);
  });

  test('what passes has one of the keys, and what has a key passes if the rest does', () => {
    let found = 0;
    fc.assert(
      fc.property(filters, attributes, holdings, (some, event, holds) => {
        const { keys, rest } = planOf(some);
        const isFound = keys === null || keys.some((key) => hasKey(key, event, holds));
        const all = some.every((filter) => naiveMatches(filter, event, holds));
        if (all && keys !== null) found++;
        if (all) expect(isFound).toBe(true);
        expect(isFound && matches(rest, event, holds)).toBe(all);
      }),
      runs,
    );
    expect(found).toBeGreaterThan(50);
  });

  test('the explanation says the same, part by part', () => {
    fc.assert(
      fc.property(filters, attributes, holdings, (some, event, holds) => {
        const told = explain(some, event, holds);
        expect(told.opfyldt).toBe(some.every((filter) => naiveMatches(filter, event, holds)));
        const look = (part: Explanation): void => {
          expect(pointed(some, part.sti.split('/').slice(2))).toBeDefined();
          expect(part.tekst).toMatch(/\.$/);
          part.dele?.forEach(look);
        };
        look(told);
      }),
      { numRuns: 500 },
    );
  });

  test('what is written is read equal', () => {
    fc.assert(
      fc.property(filters, (some) => expect(parseFilters(JSON.parse(JSON.stringify(some)))).toEqual(some)),
    );
  });
});

const pointed = (root: unknown, path: readonly string[]): unknown =>
  path.reduce((part: unknown, step) => (part as Record<string, unknown>)[step], root);

describe('what subscriptions are found by', () => {
  const keys = (...some: Filter[]) => planOf(some).keys?.map(textOfKey) ?? null;
  const list: Filter = { vaerdiliste: { attribut: 'subject', uuid: LISTS[0]! } };

  test.each<[string, Filter[], string[] | null]>([
    ['no filter', [], null],
    ['one comparison', [{ exact: { type: 'a' } }], ['e:type:a']],
    ['the narrowest of several', [{ exact: { specversion: '1.0', subject: 'x' } }], ['e:subject:x']],
    ['the narrowest of several filters', [{ exact: { type: 'a' } }, list], [`l:subject:${LISTS[0]}`]],
    ['the exact before the prefix', [{ prefix: { type: 'a' } }, { exact: { type: 'ab' } }], ['e:type:ab']],
    ['the longer prefix', [{ prefix: { type: 'ab' } }, { prefix: { type: 'a' } }], ['p:type:ab']],
    ['each of any', [{ any: [{ exact: { type: 'a' } }, list] }], ['e:type:a', `l:subject:${LISTS[0]}`]],
    [
      'nothing, when one of any has no key',
      [{ any: [{ exact: { type: 'a' } }, { suffix: { type: 'b' } }] }],
      null,
    ],
    [
      'the other, when one of all has no key',
      [{ all: [{ suffix: { type: 'b' } }, list] }],
      [`l:subject:${LISTS[0]}`],
    ],
    ['nothing by what is not', [{ not: { exact: { type: 'a' } } }], null],
    ['the same by what is not not', [{ not: { not: { exact: { type: 'a' } } } }], ['e:type:a']],
    [
      'each of what is not all not',
      [{ not: { all: [{ not: { exact: { type: 'a' } } }, { not: { exact: { type: 'b' } } }] } }],
      ['e:type:a', 'e:type:b'],
    ],
  ])('%s', (_, some, expected) => expect(keys(...some)).toEqual(expected));

  test('a key that says it all leaves nothing to try', () => {
    expect(planOf([{ exact: { type: 'a' } }]).rest).toEqual([]);
    expect(planOf([{ any: [{ exact: { type: 'a' } }, { exact: { type: 'b' } }] }]).rest).toEqual([]);
    expect(planOf([{ exact: { type: 'a', subject: 'b' } }]).rest).toHaveLength(1);
    expect(planOf([{ exact: { type: 'a' } }, { suffix: { type: 'b' } }]).rest).toEqual([
      { suffix: { type: 'b' } },
    ]);
  });

  test('too many keys are none', () => {
    const any = Array.from({ length: 100 }, (_, at): Filter => ({ exact: { type: `${at}` } }));
    expect(keys({ any })).toHaveLength(100);
    const nested: Filter[] = [0, 1, 2].map((set) => ({
      any: any.map((_, at): Filter => ({ exact: { type: `${set}-${at}` } })),
    }));
    expect(keys({ any: nested })).toBeNull();
  });
});
