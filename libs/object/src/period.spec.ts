import fc from 'fast-check';
import { parseInstant } from './instant';
import {
  contains,
  equals,
  fromRange,
  intersection,
  isEmpty,
  minus,
  overlaps,
  type Period,
  toRange,
} from './period';

/** A period as the set of moments it holds, out of so few that they can be counted. The last stands for all after. */
const MOMENTS = 7;
const moments = Array.from({ length: MOMENTS + 1 }, (_, n) => BigInt(n));
const set = (period: Period): string =>
  moments.map((moment) => (contains(period, moment) ? '#' : '.')).join('');
const inBoth = (a: Period, b: Period): string =>
  moments.map((moment) => (contains(a, moment) && contains(b, moment) ? '#' : '.')).join('');
const inFirst = (a: Period, b: Period): string =>
  moments.map((moment) => (contains(a, moment) && !contains(b, moment) ? '#' : '.')).join('');
const nothing = '.'.repeat(MOMENTS + 1);

/** Every period of the few moments, the empty and the turned ones too. */
const every: Period[] = moments
  .slice(0, MOMENTS)
  .flatMap((from) => [...moments.slice(0, MOMENTS), null].map((to) => ({ from, to })));
const pairs = every.flatMap((a) => every.map((b) => [a, b] as const));

describe('the algebra of periods, for every small case', () => {
  it('holds from `from` until just before `to`', () => {
    for (const { from, to } of every)
      for (const moment of moments)
        expect(contains({ from, to }, moment)).toBe(moment >= from && (to === null || moment < to));
  });

  it('is empty when nothing is in it', () => {
    for (const period of every) expect(isEmpty(period)).toBe(set(period) === nothing);
  });

  it('overlaps when something is in both', () => {
    for (const [a, b] of pairs)
      if (!isEmpty(a) && !isEmpty(b)) expect(overlaps(a, b)).toBe(inBoth(a, b) !== nothing);
  });

  it('shares what is in both, as one period', () => {
    for (const [a, b] of pairs) {
      const shared = intersection(a, b);
      expect(shared === null ? nothing : set(shared)).toBe(inBoth(a, b));
    }
  });

  it('leaves what is in the first only, in order, in pieces that neither touch nor are empty', () => {
    for (const [a, b] of pairs) {
      if (isEmpty(b)) continue;
      const left = minus(a, b);
      expect(left.some(isEmpty)).toBe(false);
      const together = moments.map((m) => (left.some((piece) => contains(piece, m)) ? '#' : '.')).join('');
      expect(together).toBe(inFirst(a, b));
      for (let at = 1; at < left.length; at++) expect(left[at - 1]!.to! < left[at]!.from).toBe(true);
    }
  });

  it('is equal when the bounds are', () => {
    for (const [a, b] of pairs) expect(equals(a, b)).toBe(a.from === b.from && a.to === b.to);
  });
});

describe('a period as PostgreSQL writes it', () => {
  const instant = fc.bigInt({
    min: parseInstant('1850-01-01T00:00:00Z')!,
    max: parseInstant('9999-12-31T23:59:59.999999Z')!,
  });
  const period = fc.record({ from: instant, to: fc.option(instant) }).filter((each) => !isEmpty(each));

  it('comes back as it was', () => {
    fc.assert(fc.property(period, (each) => expect(fromRange(toRange(each))).toEqual(each)));
  });

  it('has an open end that is unbounded, not infinite', () => {
    expect(toRange({ from: 0n, to: null })).toBe('[1970-01-01T00:00:00Z,)');
    expect(fromRange('["1970-01-01 00:00:00+00",)')).toEqual({ from: 0n, to: null });
    expect(fromRange('["1970-01-01 00:00:00+00","1970-01-01 00:00:00.000001+00")')).toEqual({
      from: 0n,
      to: 1n,
    });
  });

  it.each(['empty', '("1970-01-01 00:00:00+00",)', '(,)', '[,"1970-01-01 00:00:00+00")', '[infinity,)'])(
    'is refused as %s, which is not half-open from a moment',
    (range) => expect(() => fromRange(range)).toThrow(),
  );
});
