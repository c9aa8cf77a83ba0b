import fc from 'fast-check';
import { type UnitEdge, unitsAt } from './unit-edges';

const moment = fc.integer({ min: 0, max: 9 }).map(BigInt);
const edge = fc
  .record({
    unit: fc.nat(7),
    parent: fc.nat(7),
    from: moment,
    length: fc.option(fc.integer({ min: 1, max: 5 })),
  })
  .map(({ unit, parent, from, length }): UnitEdge => ({
    unit: `${unit}`,
    parent: `${parent}`,
    period: { from, to: length === null ? null : from + BigInt(length) },
  }));

const isUnder = (edges: readonly UnitEdge[], unit: string, root: string, at: bigint, steps = 9): boolean =>
  unit === root ||
  (steps > 0 &&
    edges.some(
      ({ unit: child, parent, period: { from, to } }) =>
        child === unit &&
        from <= at &&
        (to === null || at < to) &&
        isUnder(edges, parent, root, at, steps - 1),
    ));

describe('unitsAt', () => {
  it('finds what is under a unit at the moment, also where the data make a ring', () => {
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 12 }), moment, fc.nat(7), (edges, at, root) => {
        const expected = [...Array(8).keys()]
          .map(String)
          .filter((unit) => isUnder(edges, unit, `${root}`, at));
        expect([...unitsAt(edges, at).under(`${root}`)].sort()).toEqual(
          expected.includes(`${root}`) ? expected : [...expected, `${root}`].sort(),
        );
      }),
    );
  });

  it('says until when that holds by itself', () => {
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 12 }), moment, (edges, at) => {
        const { until } = unitsAt(edges, at);
        const seen = (when: bigint) => [...Array(8).keys()].map((n) => unitsAt(edges, when).under(`${n}`));
        for (let when = at; when < (until ?? 20n); when++) expect(seen(when)).toEqual(seen(at));
      }),
    );
  });
});
