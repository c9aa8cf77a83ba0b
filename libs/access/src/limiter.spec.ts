import type { Refusal } from '@stoettesystemer/object';
import type { Caller } from './caller';
import { Limiter } from './limiter';

let now = 1_800_000_000_000;
const callerOf = (system: string, owner = '12345678'): Caller => ({
  service: 'klassifikation',
  owner,
  system,
  subject: system,
  assurance: null,
  agreement: null,
  agreementVersion: null,
  tokenId: 't',
  expires: 0,
  groups: [],
});
const taken = (limiter: Limiter, caller: Caller, times: number): number => {
  for (let at = 0; at < times; at++)
    try {
      limiter.take(caller);
    } catch {
      return at;
    }
  return times;
};
const limiter = () => new Limiter({ perSecond: 50, burst: 100 }, () => now);

it('lets a burst through, and then the rate', () => {
  const bucket = limiter();
  expect(taken(bucket, callerOf('a'), 1000)).toBe(100);
  now += 1000;
  expect(taken(bucket, callerOf('a'), 1000)).toBe(50);
  now += 3_600_000;
  expect(taken(bucket, callerOf('a'), 1000)).toBe(100);
});

it('counts each system and municipality by itself', () => {
  const bucket = limiter();
  expect(taken(bucket, callerOf('a'), 1000)).toBe(100);
  expect(taken(bucket, callerOf('b'), 1000)).toBe(100);
  expect(taken(bucket, callerOf('a', '87654321'), 1000)).toBe(100);
});

it('says when to come back', () => {
  const bucket = new Limiter({ perSecond: 0.2, burst: 1 }, () => now);
  bucket.take(callerOf('a'));
  const refusal = expect.objectContaining({
    status: 429,
    kode: 'for_mange',
    headers: {
      'Retry-After': '5',
      'RateLimit-Policy': '"it-system";q=1;w=5',
      RateLimit: '"it-system";r=0;t=5',
    },
  } satisfies Partial<Refusal>) as Error;
  expect(() => bucket.take(callerOf('a'))).toThrow(refusal);
  now += 5000;
  expect(() => bucket.take(callerOf('a'))).not.toThrow();
});

it('does not suffer from a clock that is set back', () => {
  const bucket = limiter();
  taken(bucket, callerOf('a'), 1000);
  now -= 60_000;
  expect(taken(bucket, callerOf('a'), 10)).toBe(0);
  now += 1000;
  expect(taken(bucket, callerOf('a'), 1000)).toBe(50);
});

it('is off at the desk and on in production', () => {
  expect(Limiter.for('udvikling')).toBeNull();
  expect(Limiter.for('udvikling', { perSecond: 1, burst: 1 })).not.toBeNull();
  const production = Limiter.for('produktion');
  expect(production && taken(production, callerOf('a'), 100)).toBe(100);
});
