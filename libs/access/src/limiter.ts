import { Refusal } from '@stoettesystemer/object';
import { LRUCache } from 'lru-cache';
import type { Caller } from './caller';
import type { Profile } from './token/token-verifier';

export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** What one it-system may ask of a service for one municipality (O6). */
const RATE: Rate = { perSecond: 50, burst: 100 };
const REMEMBERED = 10_000;

interface Bucket {
  left: number;
  /** When it was last filled, in milliseconds since 1970. */
  at: number;
}

/** A bucket of requests for each it-system and municipality, so that one that hurries does not slow the others. */
export class Limiter {
  private readonly buckets = new LRUCache<string, Bucket>({ max: REMEMBERED });

  constructor(
    private readonly rate: Rate,
    private readonly now: () => number = Date.now,
  ) {}

  /** Null in profile `udvikling`, unless a rate is configured: nobody is slowed down at their own desk. */
  static for(profile: Profile, rate?: Rate): Limiter | null {
    return rate ? new Limiter(rate) : profile === 'produktion' ? new Limiter(RATE) : null;
  }

  /** @throws Refusal 429 when the bucket is empty. */
  take({ system, owner }: Caller): void {
    const { perSecond, burst } = this.rate;
    const key = `${system} ${owner}`;
    const now = this.now();
    const bucket = this.buckets.get(key) ?? { left: burst, at: now };
    bucket.left = Math.min(burst, bucket.left + (Math.max(0, now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    this.buckets.set(key, bucket);
    if (bucket.left < 1) {
      const wait = Math.max(1, Math.ceil((1 - bucket.left) / perSecond));
      throw new Refusal(429, 'for_mange', 'Systemet sender for mange forespørgsler. Vent og prøv igen.', {
        headers: {
          'Retry-After': `${wait}`,
          // As draft-ietf-httpapi-ratelimit-headers-10 has them: so many in so many seconds, and what is left.
          'RateLimit-Policy': `"it-system";q=${burst};w=${Math.max(1, Math.ceil(burst / perSecond))}`,
          RateLimit: `"it-system";r=0;t=${wait}`,
        },
      });
    }
    bucket.left -= 1;
  }
}
