import { type Declaration, isPersonal } from '@stoettesystemer/object';
import type { Caller, Verb } from '../caller';
import { unauthorized } from '../refused';
import { hasUser } from '../right/ability';
import type { Revocation } from './revocation';

/** Silence from the source after which what we know of revocations is too old, and what a token may be older than. */
const STALE_AFTER = 60;
/** Seconds between looks for what is over. */
const SWEEP_EVERY = 5;

interface Entry {
  readonly until: number;
  readonly before: number;
  /** Null: of every municipality. */
  readonly cvr: string | null;
}

/** Says all that the other says. */
const covers = (one: Entry, other: Entry): boolean =>
  one.until >= other.until && one.before >= other.before && (one.cvr === null || one.cvr === other.cvr);

/** What has been taken back before it ended (A11). Fed by `RevocationSource`. */
export class DenyList {
  private readonly entries = new Map<string, readonly Entry[]>();
  /** Who has heard nothing yet does not know what was taken back before it came. */
  private heardAt = -Infinity;
  private sweptAt = -Infinity;
  private readonly isFed: boolean;
  private readonly now: () => number;

  /** `isFed`: a source is configured, so silence means that something is wrong. */
  constructor({ isFed = false, now = Date.now }: { isFed?: boolean; now?: () => number } = {}) {
    this.isFed = isFed;
    this.now = now;
  }

  add(revocation: Revocation): void {
    this.sweep();
    const { until, before = Infinity, cvr = null, ...what } = revocation;
    const entry = { until, before, cvr };
    for (const [kind, value] of Object.entries(what)) {
      const key = keyOf(kind, value);
      const known = this.entries.get(key) ?? [];
      if (known.some((each) => covers(each, entry))) continue;
      this.entries.set(key, [...known.filter((each) => !covers(entry, each)), entry]);
    }
  }

  /** The source told all there was at a moment, with or without news; milliseconds since 1970. */
  heard(at = this.now()): void {
    this.heardAt = at;
  }

  /** Seconds since the source was heard, Infinity before the first time; null without a source. */
  age(): number | null {
    return this.isFed ? Math.max(0, (this.now() - this.heardAt) / 1000) : null;
  }

  /** True when revocations may have passed us by. */
  isStale(): boolean {
    return (this.age() ?? 0) > STALE_AFTER;
  }

  denies(caller: Caller): boolean {
    if (this.entries.size === 0) return false;
    const { system, subject, agreement, tokenId, owner } = caller;
    return (
      this.holds('client_id', system, caller) ||
      this.holds('sub', subject, caller) ||
      this.holds('jti', tokenId, caller) ||
      (agreement !== null && this.holds('agr', agreement, caller)) ||
      (hasUser(caller) && this.holds('brugere', owner, caller))
    );
  }

  /**
   * While the list is stale a token must be fresh to change anything or to read about persons: a client gets round
   * it with a new token, which is not issued to those whose rights have ended.
   * @param type null for what is done by a privilege that is not about one: it may be anything.
   * @throws Refusal 401
   */
  mustBeFresh({ issued = 0 }: Caller, type: Declaration | null, verb: Verb): void {
    const isHarmless = type !== null && (verb === 'laes' || verb === 'historik') && !isPersonal(type);
    if (!isHarmless && this.isStale() && this.now() / 1000 - issued > STALE_AFTER)
      throw unauthorized('Bearer', 'the token is older than our news of revocations');
  }

  private holds(kind: string, value: string, { owner, issued = 0 }: Caller): boolean {
    const entries = this.entries.get(keyOf(kind, value));
    if (!entries) return false;
    const now = this.now() / 1000;
    return entries.some(
      ({ until, before, cvr }) => until > now && issued <= before && (cvr === null || cvr === owner),
    );
  }

  private sweep(): void {
    const now = this.now() / 1000;
    if (Math.abs(now - this.sweptAt) < SWEEP_EVERY) return;
    this.sweptAt = now;
    for (const [key, entries] of this.entries) {
      const left = entries.filter(({ until }) => until > now);
      if (left.length === 0) this.entries.delete(key);
      else if (left.length < entries.length) this.entries.set(key, left);
    }
  }
}

/** UUIDs are written in either case. */
const keyOf = (kind: string, value: string): string =>
  `${kind} ${kind === 'jti' || kind === 'sub' ? value : value.toLowerCase()}`;
