import { alone, isReached, median, shareOfCost, shareOfRate, timesCost } from './figure';

const parts = { name: 'a thing', unit: 'µs', target: 0.5 };

it('takes the middle, whatever the order and however many there are', () => {
  expect([median([9, 1, 5]), median([9, 1, 5, 7]), median([3])]).toEqual([5, 6, 3]);
});

it('compares round with round, so that a disturbance of both disturbs nothing', () => {
  const pair = { ours: [100, 1000, 120], theirs: [50, 500, 60] };
  expect(shareOfCost(parts, pair)).toEqual({
    ...parts,
    value: 120,
    baseline: 60,
    ratio: 0.5,
    atLeast: true,
  });
  expect(timesCost(parts, pair)).toMatchObject({ ratio: 2, atLeast: false });
  expect(shareOfRate(parts, pair)).toMatchObject({ ratio: 2, atLeast: true });
});

it.each([
  ['enough', shareOfRate(parts, { ours: [50], theirs: [100] }), true],
  ['too little', shareOfRate(parts, { ours: [49], theirs: [100] }), false],
  ['cheap enough', timesCost({ ...parts, target: 1.3 }, { ours: [13], theirs: [10] }), true],
  ['too dear', timesCost({ ...parts, target: 1.3 }, { ours: [14], theirs: [10] }), false],
  ['alone and enough', alone({ ...parts, target: 100, atLeast: true }, [100]), true],
  ['alone and too much', alone({ ...parts, target: 100 }, [101]), false],
  ['without a target', alone({ name: 'a thing', unit: 'µs' }, [1]), null],
])('judges what is %s', (_, figure, reached) => {
  expect(isReached(figure)).toBe(reached);
});
