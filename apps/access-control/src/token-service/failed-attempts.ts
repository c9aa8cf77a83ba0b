import { LRUCache } from 'lru-cache';

const SECOND = 1000;
/** Failures that cost nothing: a key is being changed, a clock is wrong. */
const FREE = 5;
const LONGEST = 60;
const FORGOTTEN = 15 * 60 * SECOND;
const REMEMBERED = 10_000;

interface Failures {
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Who has failed too often waits before the next try, twice as long each time (O6). */
export class FailedAttempts {
  private readonly failures = new LRUCache<string, Failures>({ max: REMEMBERED });

  constructor(private readonly now: () => number = Date.now) {}

  /** Seconds until the next try; 0 when it may be now. */
  wait(who: string): number {
    const until = this.failures.get(who)?.until ?? 0;
    return Math.max(0, Math.ceil((until - this.now()) / SECOND));
  }

  failed(who: string): void {
    const now = this.now();
    const known = this.failures.get(who);
    const count = (known && now < known.until + FORGOTTEN ? known.count : 0) + 1;
    const seconds = count < FREE ? 0 : Math.min(LONGEST, 2 ** (count - FREE));
    this.failures.set(who, { count, until: now + seconds * SECOND });
  }

  succeeded(who: string): void {
    this.failures.delete(who);
  }
}
