import { join } from 'node:path';
import {
  AccessTokenStrategy,
  type Caller,
  DatabaseReplayStore,
  DenyList,
  KeySource,
  Limiter,
  RevocationSource,
  TokenVerifier,
  Turns,
} from '@stoettesystemer/access';
import type { Declaration } from '@stoettesystemer/object';
import type { Database } from '@stoettesystemer/postgres';
import passport from 'passport';
import type { Logger } from '../log';
import type { Settings } from '../settings';

export interface Door {
  readonly revoked: DenyList;
  readonly limiter: Limiter | null;
  readonly turns: Turns | null;
  /** Begins to fetch keys and revocations; settles when both have been tried once. */
  open(): Promise<void>;
  /** Whether there are keys to verify tokens with. */
  ready(): boolean;
  /** Seconds since the keys were fetched, -1 when there are none. */
  keyAge(): number;
  /** Seconds since revocations were heard of, -1 for never, or when there is nobody to hear them from. */
  revocationsAge(): number;
  /** Whether a token that was good still is. */
  stillValid(caller: Caller): boolean;
  /** Lets passport verify the tokens of this service, by what it gives; the database remembers used proofs. */
  admit(database: Database): TokenVerifier;
  close(): void;
}

/** Everything that tokens are judged by. */
export function makeDoor(parts: {
  readonly service: string;
  readonly types: readonly Declaration[];
  readonly settings: Settings;
  readonly log: Logger;
}): Door {
  const { service, types, settings, log } = parts;
  const { profile, dataDir, externalUrl, proxies, issuer, issuerKeys, revocations } = settings;
  const keys = new KeySource({
    from: issuerKeys,
    keep: join(dataDir, `udsteder-${service}.json`),
    failed: (cause, age) => log.warn({ err: cause, age }, 'issuer keys could not be fetched'),
  });
  const revoked = new DenyList({ isFed: revocations !== null });
  const source =
    revocations === null
      ? null
      : new RevocationSource({
          from: revocations,
          issuer,
          keys: keys.find,
          revoked,
          keysChanged: () => void keys.refresh(),
          failed: (cause) => log.warn({ err: cause, age: revoked.age() }, 'revocations could not be heard'),
        });
  if (!source && profile === 'produktion')
    log.warn('nobody tells what has been taken back: tokens live out their time');
  let opening: Promise<void> | undefined;
  const open = async (): Promise<void> => {
    await keys.start();
    await source?.start();
  };
  return {
    revoked,
    limiter: Limiter.for(profile, settings.rate ?? undefined),
    turns: Turns.for(profile),
    open: () => (opening ??= open()),
    ready: () => keys.ready(),
    keyAge: () => keys.age() ?? -1,
    revocationsAge: () => {
      const age = revoked.age() ?? -1;
      return Number.isFinite(age) ? age : -1;
    },
    stillValid: (caller) => Date.now() < caller.expires * 1000 && !revoked.denies(caller),
    admit: (database) => {
      const proofs = new DatabaseReplayStore(database);
      const found = { profile, issuer, service, types, keys: keys.find, revoked, proofs, externalUrl };
      const verifier = new TokenVerifier({ ...found, ...(proxies ? { proxies } : {}) });
      passport.use(new AccessTokenStrategy(service, verifier));
      return verifier;
    },
    close: () => {
      keys.close();
      source?.close();
    },
  };
}
