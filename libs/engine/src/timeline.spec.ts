import { period as p, type Period } from '@stoettesystemer/object';
import fc from 'fast-check';
import type { Assertion, Fact, Piece } from './piece';
import { type Difference, overlay, replace } from './timeline';

/** A timeline as a row of moments; the last stands for all that follow. */
const MOMENTS = 8;
type Span = Pick<Piece, 'period' | 'value' | 'about'>;
type Row = (string | null)[];

const slot = { section: 'a', facet: 'egenskaber', slot: '' } as const;
const moments = Array.from({ length: MOMENTS }, (_, n) => BigInt(n));
const row = (spans: readonly Span[]): Row =>
  moments.map((moment) => {
    const holding = spans.filter(({ period }) => p.contains(period, moment));
    if (holding.length > 1) throw new Error('Two values at one moment');
    return holding[0] ? `${holding[0].value} ${holding[0].about}` : null;
  });

/** Members laid over a value written as JSON: null clears, absent stays. */
const merge = (former: string | null, members: Readonly<Record<string, unknown>>): string | null => {
  const value = { ...(former ? (JSON.parse(former) as object) : {}), ...members };
  const kept = Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== null)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return Object.keys(kept).length === 0 ? null : JSON.stringify(kept);
};

const period: fc.Arbitrary<Period> = fc
  .tuple(fc.nat(MOMENTS - 1), fc.integer({ min: 1, max: MOMENTS }))
  .map(([from, length]) => ({
    from: BigInt(from),
    to: from + length >= MOMENTS ? null : BigInt(from + length),
  }));
const about = fc.constantFrom(null, '{"note":"x"}');
const members = fc.record(
  { a: fc.constantFrom('1', '2', null), b: fc.constantFrom('1', null) },
  { requiredKeys: [] },
);
const value = fc.constantFrom('{"a":"1"}', '{"a":"2"}', '{"a":"1","b":"1"}');

const apart = <T extends { period: Period }>(list: readonly T[]): T[] =>
  list.reduce<T[]>(
    (kept, each) => (kept.some((other) => p.overlaps(other.period, each.period)) ? kept : [...kept, each]),
    [],
  );
const facts: fc.Arbitrary<Fact[]> = fc
  .array(fc.record({ period, value, about }), { maxLength: 6 })
  .map((list) => apart(list).map((span, id) => ({ ...slot, ...span, id })));
const says: fc.Arbitrary<Assertion['says']> = fc.oneof(
  value.map((each) => ({ kind: 'set' as const, value: each })),
  members.map((each) => ({ kind: 'merge' as const, members: each })),
  fc.constant({ kind: 'end' as const }),
);
const assertions: fc.Arbitrary<Assertion[]> = fc
  .array(fc.record({ period, about, says }), { maxLength: 4 })
  .map((list) => apart(list).map((each) => ({ ...slot, ...each, sti: '' })));

const applied = (held: readonly Fact[], { close, add }: Difference): Span[] => [
  ...held.filter((fact) => !close.includes(fact)),
  ...add,
];

/** What the contract says of one moment (§4). */
function said(held: Row, list: readonly Assertion[]): Row {
  return held.map((before, n) => {
    const assertion = list.find((each) => p.contains(each.period, BigInt(n)));
    if (!assertion) return before;
    const { says: what } = assertion;
    if (what.kind === 'end') return null;
    if (what.kind === 'set') return `${what.value} ${assertion.about}`;
    const [former = null, note = null] = before === null ? [] : (before.split(' ') as [string, string]);
    const after = merge(former, what.members);
    return after === null ? null : `${after} ${assertion.about ?? note}`;
  });
}

describe('laying assertions over a timeline', () => {
  it('says at every moment what the contract says', () => {
    fc.assert(
      fc.property(facts, assertions, (held, list) => {
        expect(row(applied(held, overlay(held, list, merge)))).toEqual(said(row(held), list));
      }),
      { numRuns: 2_000 },
    );
  });

  it('touches only the facts that an assertion overlaps, and none when nothing is said anew', () => {
    fc.assert(
      fc.property(facts, assertions, (held, list) => {
        const { close, add } = overlay(held, list, merge);
        for (const fact of close)
          expect(list.some((assertion) => p.overlaps(assertion.period, fact.period))).toBe(true);
        const before = row(held);
        if (JSON.stringify(said(before, list)) === JSON.stringify(before))
          expect([close, add]).toEqual([[], []]);
        else expect(close.length + add.length).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('says nothing new the second time', () => {
    fc.assert(
      fc.property(facts, assertions, (held, list) => {
        const after = applied(held, overlay(held, list, merge)).map((span, id) => ({ ...slot, ...span, id }));
        expect(overlay(after, list, merge)).toEqual({ close: [], add: [] });
      }),
      { numRuns: 1_000 },
    );
  });

  const table: [
    string,
    [number, number | null, string][],
    [number, number | null, string | null],
    [number, number | null, string][],
  ][] = [
    [
      'in the middle',
      [[0, 6, 'a']],
      [2, 4, 'b'],
      [
        [0, 2, 'a'],
        [2, 4, 'b'],
        [4, 6, 'a'],
      ],
    ],
    [
      'over the beginning',
      [[2, 6, 'a']],
      [0, 4, 'b'],
      [
        [0, 4, 'b'],
        [4, 6, 'a'],
      ],
    ],
    [
      'over the end',
      [[0, 4, 'a']],
      [2, null, 'b'],
      [
        [0, 2, 'a'],
        [2, null, 'b'],
      ],
    ],
    ['over all', [[2, 4, 'a']], [0, null, 'b'], [[0, null, 'b']]],
    [
      'beside',
      [[0, 2, 'a']],
      [2, 4, 'b'],
      [
        [0, 2, 'a'],
        [2, 4, 'b'],
      ],
    ],
    [
      'across a border',
      [
        [0, 3, 'a'],
        [3, null, 'b'],
      ],
      [2, 4, 'c'],
      [
        [0, 2, 'a'],
        [2, 4, 'c'],
        [4, null, 'b'],
      ],
    ],
    [
      'as an end in the middle',
      [[0, null, 'a']],
      [2, 4, null],
      [
        [0, 2, 'a'],
        [4, null, 'a'],
      ],
    ],
    ['as what already holds', [[0, null, 'a']], [2, 4, 'a'], [[0, null, 'a']]],
    [
      'as what holds in two pieces',
      [
        [0, 3, 'a'],
        [3, null, 'a'],
      ],
      [1, 5, 'a'],
      [
        [0, 3, 'a'],
        [3, null, 'a'],
      ],
    ],
  ];
  it.each(table)('lies %s', (_, before, [from, to, what], expected) => {
    const span = ([start, end, each]: [number, number | null, string]): Span => ({
      period: { from: BigInt(start), to: end === null ? null : BigInt(end) },
      value: each,
      about: null,
    });
    const held = before.map((each, id) => ({ ...slot, ...span(each), id }));
    const assertion: Assertion = {
      ...slot,
      period: span([from, to, '']).period,
      about: null,
      sti: '',
      says: what === null ? { kind: 'end' } : { kind: 'set', value: what },
    };
    const after = applied(held, overlay(held, [assertion], merge));
    expect(
      after
        .sort((a, b) => Number(a.period.from - b.period.from))
        .map(({ period: { from: start, to: end }, value: each }) => [
          Number(start),
          end === null ? null : Number(end),
          each,
        ]),
    ).toEqual(expected);
  });
});

describe('making a timeline exactly this', () => {
  const wanted = fc.array(fc.record({ period, value, about }), { maxLength: 6 }).map(apart);

  it('leaves what was wanted, to the letter, and closes and adds no more than differs', () => {
    const letters = (spans: readonly Span[]): string[] =>
      spans
        .map(({ period: each, value: what, about: note }) => `${each.from} ${each.to} ${what} ${note}`)
        .sort();
    fc.assert(
      fc.property(facts, wanted, (held, list) => {
        const difference = replace(held, list);
        expect(letters(applied(held, difference))).toEqual(letters(list));
        const both = letters(held).filter((each) => letters(list).includes(each));
        expect(difference.close).toHaveLength(held.length - both.length);
        expect(difference.add).toHaveLength(list.length - both.length);
      }),
      { numRuns: 1_000 },
    );
  });
});
