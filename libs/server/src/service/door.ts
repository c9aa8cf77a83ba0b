import { join } from 'node:path';
import {
  AccessTokenStrategy,
  type Caller,
  DatabaseReplayStore,
  DenyList,
  DEVELOPMENT_ISSUER,
  DevelopmentIssuer,
  developmentKeysFile,
  KeySource,
  Limiter,
  TokenVerifier,
} from '@stoettesystemer/access';
import type { Declaration } from '@stoettesystemer/object';
import type { Database } from '@stoettesystemer/postgres';
import passport from 'passport';
import type { Logger } from '../log';
import type { Settings } from '../settings';

export interface Door {
  readonly revoked: DenyList;
  readonly limiter: Limiter | null;
  /** Whether there are keys to verify tokens with. */
  ready(): boolean;
  /** Seconds since the keys were fetched, -1 when there are none. */
  keyAge(): number;
  /** Whether a token that was good still is. */
  stillValid(caller: Caller): boolean;
  /** Lets passport verify the tokens of this service; the database remembers used proofs. */
  admit(database: Database): void;
  close(): void;
}

/** Who issues the tokens, and where the keys are: as configured, or in development our own issuer. */
async function issuerOf({
  profile,
  issuer,
  issuerKeys,
  dataDir,
}: Settings): Promise<{ issuer: string; keys: string }> {
  if (issuer && issuerKeys) return { issuer, keys: issuerKeys };
  if (issuer || issuerKeys || profile === 'produktion')
    throw new Error('UDSTEDER og UDSTEDER_NOEGLER skal begge være sat.');
  // Makes the key at the first start; tokens are signed with it by the command line.
  await DevelopmentIssuer.open({ profile, directory: dataDir, services: {} });
  return { issuer: DEVELOPMENT_ISSUER, keys: developmentKeysFile(dataDir) };
}

/** Everything that tokens are judged by. */
export async function openDoor(parts: {
  readonly service: string;
  readonly types: readonly Declaration[];
  readonly settings: Settings;
  readonly log: Logger;
}): Promise<Door> {
  const { service, types, settings, log } = parts;
  const { profile, dataDir, externalUrl, proxies } = settings;
  const { issuer, keys: from } = await issuerOf(settings);
  const keys = await KeySource.open({
    from,
    keep: join(dataDir, `udsteder-${service}.json`),
    failed: (cause, age) => log.warn({ err: cause, age }, 'issuer keys could not be fetched'),
  });
  const revoked = new DenyList();
  return {
    revoked,
    limiter: Limiter.for(profile, settings.rate ?? undefined),
    ready: () => keys.ready(),
    keyAge: () => keys.age() ?? -1,
    stillValid: (caller) => Date.now() < caller.expires * 1000 && !revoked.denies(caller),
    admit: (database) => {
      const proofs = new DatabaseReplayStore(database);
      const found = { profile, issuer, service, types, keys: keys.find, revoked, proofs, externalUrl };
      passport.use(
        new AccessTokenStrategy(service, new TokenVerifier({ ...found, ...(proxies ? { proxies } : {}) })),
      );
    },
    close: () => keys.close(),
  };
}
