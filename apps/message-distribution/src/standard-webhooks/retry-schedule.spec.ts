import fc from 'fast-check';
import { DELAYS, JITTER, LONGEST_PUT_OFF, nextDelay, putOffBy, verdictOf } from './retry-schedule';

const HOUR = 3_600_000;
const half = () => 0.5;

test('ten attempts over some three days, then none', () => {
  const delays = DELAYS.map((_, attempts) => nextDelay(attempts, { random: half }));
  expect(delays.map((delay) => delay! / 1000)).toEqual([
    0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400,
  ]);
  expect(delays.reduce<number>((sum, delay) => sum + delay!, 0) / HOUR).toBeCloseTo(75.6, 1);
  expect(nextDelay(10)).toBeNull();
  expect(nextDelay(11)).toBeNull();
});

test('jitter is a fifth either way, and the whole of it is used', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempts, at) => {
        const share = nextDelay(attempts, { random: () => at })! / DELAYS[attempts]!;
        expect(Math.abs(share - 1)).toBeLessThanOrEqual(JITTER + 1e-9);
      },
    ),
  );
  expect(nextDelay(9, { random: () => 0 })).toBe(Math.round(24 * HOUR * 0.8));
  expect(nextDelay(9, { random: () => 1 })).toBe(Math.round(24 * HOUR * 1.2));
});

test('a receiver can put us off for an hour at most, and never call us sooner', () => {
  expect(nextDelay(1, { random: half, putOff: 60_000 })).toBe(60_000);
  expect(nextDelay(1, { random: half, putOff: 1000 })).toBe(5000);
  expect(nextDelay(1, { random: half, putOff: 100 * HOUR })).toBe(LONGEST_PUT_OFF);
  expect(nextDelay(9, { random: half, putOff: HOUR })).toBe(24 * HOUR);
  expect(nextDelay(10, { putOff: HOUR })).toBeNull();
});

const now = new Date('2026-11-23T10:00:00Z');
test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Mon, 23 Nov 2026 10:01:00 GMT', 60_000],
  ['Mon, 23 Nov 2026 09:00:00 GMT', 0],
  ['9'.repeat(400), Number.MAX_SAFE_INTEGER],
  ['-1', null],
  ['1.5', null],
  ['soon', null],
  ['2026-11-23T10:01:00Z', null],
  ['Mon, 99 Nov 2026 10:01:00 GMT', null],
  ['', null],
  [undefined, null],
])('Retry-After: %s', (header, expected) => expect(putOffBy(header, now)).toBe(expected));

test.each([
  [200, 'delivered'],
  [204, 'delivered'],
  [299, 'delivered'],
  [301, 'retry'],
  [304, 'retry'],
  [400, 'retry'],
  [404, 'retry'],
  [410, 'closed'],
  [429, 'retry'],
  [503, 'retry'],
  [null, 'retry'],
])('an answer of %s', (status, verdict) => expect(verdictOf(status)).toBe(verdict));
