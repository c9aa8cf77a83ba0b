import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessControl } from '@stoettesystemer/access-control';
import { classification } from '@stoettesystemer/classification';
import { organisation } from '@stoettesystemer/organisation';
import {
  createService,
  Metrics,
  openLog,
  openPort,
  type Service,
  settingsFrom,
} from '@stoettesystemer/server';
import { freePort } from '../../free-port';
import { testDatabase, type TestDatabase } from '@stoettesystemer/testing';

export interface RunningPlatform {
  readonly address: string;
  /** DATA_DIR, with the keys of the demo systems. */
  readonly dataDir: string;
  close(): Promise<void>;
}

/** The services that a directory is written to, behind one port, with real tokens. */
export async function runningPlatform(): Promise<RunningPlatform> {
  const dataDir = mkdtempSync(join(tmpdir(), 'platform-'));
  const asked = await freePort();
  const address = `http://localhost:${asked}`;
  const settings = settingsFrom({ DATA_DIR: dataDir, PORT: `${asked}`, EKSTERN_URL: address });
  const log = openLog('silent');
  const databases: TestDatabase[] = [];
  const services: Service[] = [];
  for (const options of [accessControl, classification, organisation]) {
    const database = await testDatabase({ service: options.prefix, migrate: async () => {} });
    databases.push(database);
    const metrics = new Metrics();
    services.push(await createService(options, { settings, databaseUrl: database.url, log, metrics }));
  }
  const port = await openPort(services, asked);
  return {
    address,
    dataDir,
    close: async () => {
      await port.close();
      for (const database of databases) await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
