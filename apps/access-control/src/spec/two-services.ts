import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audienceOf, DEMO_CLIENTS } from '@stoettesystemer/access';
import { ObjectStore } from '@stoettesystemer/engine';
import type { Declaration } from '@stoettesystemer/object';
import type { Database } from '@stoettesystemer/postgres';
import {
  createService,
  Metrics,
  openLog,
  openPort,
  type Service,
  settingsFrom,
} from '@stoettesystemer/server';
import { testDatabase } from '@stoettesystemer/testing';
import { importJWK, type JWK, SignJWT } from 'jose';
import { accessControl } from '../access-control';
import { demoKeyFile } from '../seed/demo';

export interface TokenAnswer {
  readonly access_token?: string;
  readonly error?: string;
}

/** Adgangsstyring and another service behind one port, as the platform runs them, with nothing set but where. */
export interface TwoServices {
  readonly address: string;
  readonly dataDir: string;
  readonly metrics: Metrics;
  /** What was logged at level warn and above. */
  readonly lines: readonly string[];
  readonly store: ObjectStore;
  /** The other service's. */
  readonly database: Database;
  /** As the demo system asks, with its own key. */
  token(system: string, service: string, cvr: string): Promise<TokenAnswer>;
  close(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((found) => {
    const server = createServer();
    server.listen(0, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });

export async function twoServices(prefix: string, types: readonly Declaration[]): Promise<TwoServices> {
  const dataDir = mkdtempSync(join(tmpdir(), 'to-tjenester-'));
  const settings = settingsFrom({ DATA_DIR: dataDir, PORT: `${await freePort()}` });
  const metrics = new Metrics();
  const lines: string[] = [];
  const log = openLog('warn', { write: (line: string) => void lines.push(line) });
  const databases: Awaited<ReturnType<typeof testDatabase>>[] = [];
  const services: Service[] = [];
  for (const options of [accessControl, { name: 'made-up', prefix, types }]) {
    const database = await testDatabase({ service: `to-${options.prefix}`, migrate: async () => {} });
    databases.push(database);
    services.push(await createService(options, { settings, databaseUrl: database.url, log, metrics }));
  }
  const port = await openPort(services, settings.port);
  const address = `http://localhost:${port.port}`;
  return {
    address,
    dataDir,
    metrics,
    lines,
    store: services[0]!.app.get(ObjectStore),
    database: databases[1]!.database,
    token: async (system, service, cvr) => {
      const key = JSON.parse(readFileSync(demoKeyFile(dataDir, system), 'utf8')) as JWK;
      const client = DEMO_CLIENTS[system]!;
      const assertion = await new SignJWT({})
        .setProtectedHeader({ alg: 'ES256', kid: key.kid! })
        .setIssuer(client)
        .setSubject(client)
        .setAudience(`${address}/adgangsstyring`)
        .setJti(crypto.randomUUID())
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(await importJWK(key, 'ES256'));
      const answer = await fetch(`${address}/adgangsstyring/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          resource: audienceOf(service),
          scope: `cvr:${cvr}`,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: assertion,
        }),
      });
      return (await answer.json()) as TokenAnswer;
    },
    close: async () => {
      await port.close();
      for (const { drop } of databases) await drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
