import { type Declaration, isPersonal } from '@stoettesystemer/object';
import type { Caller, Verb } from '../caller';
import { unauthorized } from '../refused';

/** Everything issued to this system, this subject, under this agreement, or this one token; until then (seconds since 1970). */
export type Revocation = { readonly until: number } & (
  | { readonly client_id: string }
  | { readonly sub: string }
  | { readonly agr: string }
  | { readonly jti: string }
);

/** Silence from the source after which what we know of revocations is too old, and what a token may be older than. */
const STALE_AFTER = 60;

/** What has been taken back before it ended (A11). Fed by the service that hears of it. */
export class DenyList {
  private readonly until = new Map<string, number>();
  private heardAt: number;
  private readonly isFed: boolean;
  private readonly now: () => number;

  /** `isFed`: a source is configured, so silence means that something is wrong. */
  constructor({ isFed = false, now = Date.now }: { isFed?: boolean; now?: () => number } = {}) {
    this.isFed = isFed;
    this.now = now;
    this.heardAt = now();
  }

  add(revocation: Revocation): void {
    const now = this.now() / 1000;
    for (const [key, until] of this.until) if (until <= now) this.until.delete(key);
    const { until, ...what } = revocation;
    for (const [kind, value] of Object.entries(what)) {
      const key = keyOf(kind, value);
      this.until.set(key, Math.max(until, this.until.get(key) ?? 0));
    }
  }

  /** The source answered, with or without news. */
  heard(): void {
    this.heardAt = this.now();
  }

  /** True when revocations may have passed us by. */
  isStale(): boolean {
    return this.isFed && this.now() - this.heardAt > STALE_AFTER * 1000;
  }

  denies({ system, subject, agreement, tokenId }: Caller): boolean {
    if (this.until.size === 0) return false;
    const now = this.now() / 1000;
    return [
      keyOf('client_id', system),
      keyOf('sub', subject),
      keyOf('agr', agreement ?? ''),
      keyOf('jti', tokenId),
    ].some((key) => (this.until.get(key) ?? 0) > now);
  }

  /**
   * While the list is stale a token must be fresh to change anything or to read about persons: a client gets round
   * it with a new token, which is not issued to those whose rights have ended.
   * @throws Refusal 401
   */
  mustBeFresh({ issued = 0 }: Caller, type: Declaration, verb: Verb): void {
    const isHarmless = (verb === 'laes' || verb === 'historik') && !isPersonal(type);
    if (!isHarmless && this.isStale() && this.now() / 1000 - issued > STALE_AFTER)
      throw unauthorized('Bearer', 'the token is older than our news of revocations');
  }
}

/** UUIDs are written in either case. */
const keyOf = (kind: string, value: string): string =>
  `${kind} ${kind === 'jti' || kind === 'sub' ? value : value.toLowerCase()}`;
