import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DynamicModule, Type } from '@nestjs/common';
import { type BulkItem, ObjectStore } from '@stoettesystemer/engine';
import { accessControlTypes } from '@stoettesystemer/model';
import {
  conformance,
  createService,
  Metrics,
  openLog,
  openPort,
  type Service,
  settingsFrom,
} from '@stoettesystemer/server';
import { testDatabase, type TestDatabase } from '@stoettesystemer/testing';
import { DecisionModule } from '../../decision/decision.module';
import { internalCaller } from '../../internal-caller';
import { accessControlMigrations } from '../../migrations';
import { SeedModule } from '../../seed/seed.module';
import { tokenServiceAdditions } from '../open-api';
import { publicKeysFile, SigningKeys } from '../signing-keys';
import { TokenServiceModule } from '../token-service.module';

/** What clients write; nobody answers there, and the specs' `fetch` knows where the service really is. */
export const OUTSIDE = 'https://adgang.example.dk';
export const ISSUER = `${OUTSIDE}/adgangsstyring`;

export interface Options {
  readonly profile?: 'udvikling' | 'produktion';
  readonly environment?: Readonly<Record<string, string>>;
  readonly modules?: readonly (Type | DynamicModule)[];
  /** Who decides, when it is not what is registered. */
  readonly decision?: Type | DynamicModule;
  /** Lines of the log, when wanted. */
  readonly lines?: string[];
  /** Puts files where the service finds them at its start. */
  readonly prepare?: (dataDir: string) => void;
  /** Shared with another that runs already: two processes on one database and one DATA_DIR. */
  readonly beside?: RunningTokenService;
}

export interface RunningTokenService {
  readonly db: TestDatabase;
  readonly dataDir: string;
  readonly service: Service;
  /** As openid-client wants it: an address outside becomes the one on this machine. */
  fetch(address: string | URL, init?: RequestInit): Promise<Response>;
  /** Writes objects as the service itself. @throws Error when one is refused. */
  write(owner: string, items: readonly Omit<BulkItem, 'line'>[]): Promise<void>;
  close(): Promise<void>;
}

/** Adgangsstyring's tokens and what decides on them, behind an address that is not its own. */
export async function runningTokenService(options: Options = {}): Promise<RunningTokenService> {
  const {
    profile = 'udvikling',
    environment = {},
    modules = [],
    decision = DecisionModule,
    lines,
    beside,
    prepare,
  } = options;
  const db =
    beside?.db ?? (await testDatabase({ service: 'adgangsstyring-tokens', migrate: async () => {} }));
  const dataDir = beside?.dataDir ?? mkdtempSync(join(tmpdir(), 'adgangsstyring-'));
  if (!beside) makeSecrets(dataDir);
  prepare?.(dataDir);
  // Its own tokens are verified with its own keys, which must be there before it starts.
  (await SigningKeys.open({ directory: dataDir })).onModuleDestroy();
  const settings = settingsFrom({
    PROFIL: profile,
    DATA_DIR: dataDir,
    PORT: '0',
    EKSTERN_URL: OUTSIDE,
    UDSTEDER: ISSUER,
    UDSTEDER_NOEGLER: publicKeysFile(dataDir),
    ...environment,
  });
  const log = openLog(lines ? 'info' : 'silent', { write: (line) => void lines?.push(line) });
  const service = await createService(
    {
      name: 'access-control',
      prefix: 'adgangsstyring',
      types: accessControlTypes,
      migrations: accessControlMigrations,
      modules: [SeedModule, decision, TokenServiceModule, ...modules],
      additions: tokenServiceAdditions,
    },
    { settings, databaseUrl: db.url, log, metrics: new Metrics() },
  );
  const { port, close } = await openPort([service], 0);
  const faults = await conformance(service.document);
  return {
    db,
    dataDir,
    service,
    fetch: async (address, init = {}) => {
      const { pathname, search } = new URL(address, OUTSIDE);
      const response = await fetch(`http://localhost:${port}${pathname}${search}`, {
        redirect: 'manual',
        ...init,
      });
      const body = await response.clone().text();
      const headers = Object.fromEntries(response.headers);
      const method = init.method ?? 'GET';
      // The login is the spec's own.
      const isOurs = !pathname.startsWith('/adgangsstyring/login/');
      const found = isOurs ? faults({ method, path: pathname, status: response.status, headers, body }) : [];
      if (found.length > 0) throw new Error(`${method} ${pathname}: ${found.join('; ')}\n${body}`);
      return response;
    },
    write: async (owner, items) => {
      const ask = { caller: internalCaller(owner), transaction: crypto.randomUUID() };
      const lines = items.map((item, at) => ({ ...item, line: at + 1 }));
      const results = await service.app.get(ObjectStore).bulk(ask, lines);
      const refused = results.filter(({ outcome }) => outcome === 'afvist');
      if (refused.length > 0) throw new Error(JSON.stringify(refused));
    },
    close: async () => {
      await close();
      if (beside) return;
      await db.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** In production nothing is made by whoever comes first. */
function makeSecrets(dataDir: string): void {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const secrets = {
    'cursor.noegle': randomBytes(32),
    'pseudonym.noegle': randomBytes(32),
    'sikkerhedslog.noegle': privateKey.export({ type: 'pkcs8', format: 'pem' }),
  };
  for (const [name, secret] of Object.entries(secrets))
    writeFileSync(join(dataDir, name), secret, { mode: 0o600 });
}
