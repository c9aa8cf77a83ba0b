import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { unavailable } from '../refused';
import { LastGoodKeys } from './last-good-keys';
import { loaderOf } from './load-keys';

export interface KeySourceOptions {
  /** Where the issuer's public keys are: an http(s) address, or a file on this machine. */
  readonly from: string;
  /** File that keeps the last good set over a restart. */
  readonly keep?: string;
  /** Hears when keys could not be fetched or kept; the keys in use are then this old, in seconds (null: there are none). */
  readonly failed?: (cause: unknown, age: number | null) => void;
  /** Milliseconds since 1970; for tests. */
  readonly now?: () => number;
  /** Milliseconds; the defaults are those of A10. */
  readonly waits?: Partial<typeof WAITS>;
}

const SECOND = 1000;
const WAITS = {
  /** Between fetches while all is well. */
  refresh: 300 * SECOND,
  /** Until the next try when a fetch failed … */
  retry: 15 * SECOND,
  /** … while there are keys; with none at all nothing can be done, so it begins here and doubles. */
  firstRetry: 0.5 * SECOND,
  /** Between fetches because of an unknown kid: strangers must not make us knock on the issuer's door. */
  cooldown: 30 * SECOND,
  /** How long keys are used when the issuer cannot be reached. */
  keep: 24 * 3600 * SECOND,
  timeout: 5 * SECOND,
};

interface Keys {
  readonly find: JWTVerifyGetKey;
  readonly at: number;
}

/** The issuer's public keys, at hand whether or not the issuer is (A10). */
export class KeySource {
  private readonly waits: typeof WAITS;
  private readonly now: () => number;
  private readonly load: () => Promise<JSONWebKeySet>;
  private readonly lastGood: LastGoodKeys | null;
  private keys: Keys | null = null;
  private attempted = -Infinity;
  private running: Promise<boolean> | null = null;
  private failures = 0;
  private timer?: NodeJS.Timeout;
  private closed = false;

  constructor(private readonly options: KeySourceOptions) {
    this.waits = { ...WAITS, ...options.waits };
    this.now = options.now ?? Date.now;
    this.load = loaderOf(options.from, this.waits.timeout);
    this.lastGood = options.keep === undefined ? null : new LastGoodKeys(options.keep, options.from);
  }

  static async open(options: KeySourceOptions): Promise<KeySource> {
    const source = new KeySource(options);
    await source.start();
    return source;
  }

  /** Takes up the kept keys and begins to fetch. Never fails: until there are keys it is not `ready`. */
  async start(): Promise<void> {
    const kept = await this.lastGood?.read();
    if (kept && kept.at <= this.now()) this.keys ??= { find: createLocalJWKSet(kept.keys), at: kept.at };
    const first = this.watch();
    if (!this.ready()) await first;
  }

  /** For jose. @throws Refusal 503 when no keys may be used; JWKSNoMatchingKey when the issuer has no such key. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (!this.ready()) await this.refetch();
    const keys = this.keys;
    if (!keys || !this.ready())
      throw unavailable(Math.ceil(this.waits.retry / SECOND), 'no keys from the issuer');
    try {
      return await keys.find(header, token);
    } catch (cause) {
      if (!(cause instanceof errors.JWKSNoMatchingKey) || !(await this.refetch())) throw cause;
      return (this.keys ?? keys).find(header, token);
    }
  };

  ready(): boolean {
    return this.keys !== null && this.now() - this.keys.at <= this.waits.keep;
  }

  /** Seconds since the keys in use were fetched, or null. */
  age(): number | null {
    return this.keys && Math.floor((this.now() - this.keys.at) / SECOND);
  }

  /** Fetches now, as when the issuer says that a key is compromised. True when it succeeded. */
  refresh(): Promise<boolean> {
    this.running ??= this.fetch().finally(() => (this.running = null));
    return this.running;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  /** As `refresh`, but only once per cooldown, whether or not the last one succeeded. */
  private async refetch(): Promise<boolean> {
    return this.running ?? (this.now() - this.attempted >= this.waits.cooldown && this.refresh());
  }

  private async fetch(): Promise<boolean> {
    this.attempted = this.now();
    try {
      const keys = await this.load();
      const find = createLocalJWKSet(keys);
      // An issuer without keys is one that has lost its way, not one that has ended every key.
      if (keys.keys.length === 0) throw new Error('The issuer has no keys');
      this.keys = { find, at: this.now() };
      await this.lastGood
        ?.write({ keys, at: this.keys.at })
        .catch((cause: unknown) => this.options.failed?.(cause, this.age()));
      return true;
    } catch (cause) {
      this.options.failed?.(cause, this.age());
      return false;
    }
  }

  private async watch(): Promise<void> {
    this.failures = (await this.refresh()) ? 0 : this.failures + 1;
    if (this.closed) return;
    this.timer = setTimeout(() => void this.watch(), this.wait()).unref();
  }

  private wait(): number {
    const { refresh, retry, firstRetry } = this.waits;
    if (this.failures === 0) return refresh;
    return this.keys ? retry : Math.min(retry, firstRetry * 2 ** (this.failures - 1));
  }
}
