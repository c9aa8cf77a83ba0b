import type { Caller } from './caller';
import { Turns } from './turns';

const callerOf = (system: string, owner = '12345678') => ({ system, owner }) as Caller;
const refusal = expect.objectContaining({
  status: 429,
  kode: 'for_mange',
  headers: { 'Retry-After': '1' },
}) as Error;

it('lets so many in at once, and another when one is over', () => {
  const turns = new Turns(2);
  const over = [turns.take(callerOf('a')), turns.take(callerOf('a'))];
  expect(() => turns.take(callerOf('a'))).toThrow(refusal);
  over[0]?.();
  const third = turns.take(callerOf('a'));
  // Told twice that the same is over, it still counts the others.
  over[0]?.();
  expect(() => turns.take(callerOf('a'))).toThrow(refusal);
  third();
  over[1]?.();
  expect([turns.take(callerOf('a')), turns.take(callerOf('a'))]).toHaveLength(2);
});

it('counts each system and municipality by itself', () => {
  const turns = new Turns(1);
  turns.take(callerOf('a'));
  turns.take(callerOf('b'));
  turns.take(callerOf('a', '87654321'));
  expect(() => turns.take(callerOf('b'))).toThrow(refusal);
});

it('is off at the desk and on in production', () => {
  expect(Turns.for('udvikling')).toBeNull();
  const turns = Turns.for('produktion');
  for (let at = 0; at < 4; at++) turns?.take(callerOf('a'));
  expect(() => turns?.take(callerOf('a'))).toThrow(refusal);
});
