import { createSecretKey } from 'node:crypto';
import { migrate, ObjectStore, type Rule } from '@stoettesystemer/engine';
import type { Declaration } from '@stoettesystemer/object';
import { Database, openServer, poolFor, ROLES, serviceDatabase } from '@stoettesystemer/postgres';
import { type Settings, secretFrom, settingsFrom } from '@stoettesystemer/server';

export interface OpenStore {
  readonly store: ObjectStore;
  readonly databaseUrl: string;
  close(): Promise<void>;
}

/** The server that the environment names, started if it is not running, and one service's database on it. */
export async function openDatabase(service: string, settings: Settings = settingsFrom()) {
  const server = await openServer({
    DATABASE_URL: settings.databaseUrl ?? undefined,
    DATA_DIR: settings.dataDir,
  });
  const databaseUrl = await serviceDatabase(server, service);
  await migrate(databaseUrl);
  return { databaseUrl, close: () => server.stop() };
}

/** An object store beside the running service: the same rules, the same log, and its events find the same feed. */
export async function openStore(service: {
  prefix: string;
  types: readonly Declaration[];
  rules?: readonly Rule[] | ((settings: Settings) => readonly Rule[]);
}): Promise<OpenStore> {
  const settings = settingsFrom();
  const mayMake = settings.profile === 'udvikling';
  const secret = await secretFrom(settings.cursorSecretFile, mayMake);
  const pseudonymKey = createSecretKey(await secretFrom(settings.pseudonymKeyFile, mayMake));
  const { databaseUrl, close } = await openDatabase(service.prefix, settings);
  const pool = poolFor(databaseUrl, { size: 4, role: ROLES.app, statementTimeout: 0 });
  const { prefix, types, rules = [] } = service;
  return {
    store: new ObjectStore(new Database(pool), {
      service: prefix,
      types,
      rules: typeof rules === 'function' ? rules(settings) : rules,
      secret,
      pseudonymKey,
    }),
    databaseUrl,
    close: async () => {
      await pool.end();
      await close();
    },
  };
}
