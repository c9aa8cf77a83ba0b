import { FailedAttempts } from './failed-attempts';

let now = 1_800_000_000_000;
const failing = (times: number, attempts = new FailedAttempts(() => now)): FailedAttempts => {
  for (let at = 0; at < times; at++) attempts.failed('a');
  return attempts;
};

test('some failures are free, and then each costs twice as much as the last, up to a minute', () => {
  const waits = Array.from({ length: 14 }, (_, times) => failing(times).wait('a'));
  expect(waits).toEqual([0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
});

test('the wait passes, success forgives, time forgets, and nobody pays for another', () => {
  const attempts = failing(7);
  expect([attempts.wait('a'), attempts.wait('b')]).toEqual([4, 0]);
  now += 3999;
  expect(attempts.wait('a')).toBe(1);
  now += 1;
  expect(attempts.wait('a')).toBe(0);
  attempts.failed('a');
  expect(attempts.wait('a')).toBe(8);
  attempts.succeeded('a');
  expect(failing(4, attempts).wait('a')).toBe(0);
  attempts.failed('a');
  expect(attempts.wait('a')).toBe(1);
  now += 20 * 60_000;
  attempts.failed('a');
  expect(attempts.wait('a')).toBe(0);
});
