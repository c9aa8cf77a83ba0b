import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DevelopmentIssuer } from '@stoettesystemer/access';
import { Database, serviceDatabase } from '@stoettesystemer/postgres';
import { Client } from 'pg';
import { conformance } from '../openapi/conformance';
import { createService, type Service, type ServiceOptions } from '../service/create-service';
import { openLog } from '../log';
import { Metrics } from '../service/metrics';
import { openPort } from '../service/open-port';
import { type Settings, settingsFrom } from '../settings';
import { TYPES } from './made-up';
import { testIssuer } from './test-issuer';

export interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; undefined where it is none. */
  readonly json: unknown;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string | string[] | undefined>;
  /** An object is sent as JSON, text and bytes as they are. */
  readonly body?: unknown;
  /** Null: none. Left out: demo-fagsystem for Eksempelkøbing. */
  readonly token?: string | null;
}

/** A service with made-up types, its own database and port, and what tests need to speak with it. */
export interface Running {
  readonly port: number;
  readonly service: Service;
  readonly log: string[];
  readonly databaseUrl: string;
  readonly database: Database;
  readonly issuer: DevelopmentIssuer;
  send(path: string, sent?: Sent): Promise<Got>;
  /** Sends, and holds the answer against the OpenAPI document. @throws Error naming what is not as it says. */
  exchange(path: string, sent?: Sent): Promise<Got>;
  token(wish?: Partial<{ system: string; cvr: string }>): Promise<string>;
  /** Takes the service's connections away and lets it have no new ones, until mended. */
  breakDatabase(): Promise<void>;
  mendDatabase(): Promise<void>;
  /** What in an answer is not as the OpenAPI document says. */
  faults(method: string, path: string, got: Got): string[];
  readonly settings: Settings;
  readonly metrics: Metrics;
  /** The address of one more database, which goes away with the service. */
  emptyDatabase(): Promise<string>;
  /** Stops the service and leaves its database. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export async function running(
  options: Partial<ServiceOptions> = {},
  environment: Record<string, string> = {},
): Promise<Running> {
  const prefix = options.prefix ?? 'havn';
  const dataDir = mkdtempSync(join(tmpdir(), 'server-spec-'));
  const server = process.env['TEST_DATABASE_URL'];
  if (!server) throw new Error('No test database: run the tests with Jest and its global set-up');
  const name = `server_${randomBytes(4).toString('hex')}`;
  const databaseUrl = await serviceDatabase({ url: server, prefix: 'test' }, name);
  const settings = settingsFrom({
    DATA_DIR: dataDir,
    PORT: '0',
    LOGNIVEAU: 'info',
    ...testIssuer(dataDir),
    ...environment,
  });
  const services = { [prefix]: options.types ?? TYPES };
  const issuer = await DevelopmentIssuer.open({ profile: 'udvikling', directory: dataDir, services });
  const log: string[] = [];
  const metrics = new Metrics();
  const databases = [`test_${name}`];
  const service = await createService(
    { name: 'harbour', prefix, types: TYPES, ...options },
    {
      settings,
      databaseUrl,
      log: openLog(settings.logLevel, { write: (line) => void log.push(line) }),
      metrics,
    },
  );
  const open = await openPort([service], 0);
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= open.close());
  const judge = await conformance(service.document);
  const token: Running['token'] = (wish = {}) =>
    issuer.issue({ system: 'demo-fagsystem', service: prefix, cvr: '12345678', ...wish });
  const usual = await token();
  const faults: Running['faults'] = (method, path, { status, headers, text }) =>
    judge({ method, path, status, headers: headers as Record<string, string>, body: text });
  const speak: Running['send'] = (path, sent = {}) => send(open.port, path, { token: usual, ...sent });
  return {
    port: open.port,
    service,
    log,
    databaseUrl,
    database: service.app.get(Database),
    issuer,
    token,
    send: speak,
    faults,
    exchange: async (path, sent = {}) => {
      const got = await speak(path, sent);
      const found = faults(sent.method ?? 'GET', path, got);
      if (found.length > 0) throw new Error(`${path}: ${got.status} ${got.text}\n${found.join('\n')}`);
      return got;
    },
    breakDatabase: () =>
      asOwner(server, async (client) => {
        await client.query(`alter database "test_${name}" allow_connections false`);
        await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
          `test_${name}`,
        ]);
      }),
    mendDatabase: () =>
      asOwner(server, async (client) => {
        await client.query(`alter database "test_${name}" allow_connections true`);
      }),
    settings,
    metrics,
    emptyDatabase: () => {
      databases.push(`test_${name}_more`);
      return serviceDatabase({ url: server, prefix: 'test' }, `${name}_more`);
    },
    stop,
    close: async () => {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
      await asOwner(server, async (client) => {
        for (const each of databases) await client.query(`drop database if exists "${each}" with (force)`);
      });
    },
  };
}

async function asOwner(server: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

const bytesOf = (body: unknown): Buffer | undefined =>
  body === undefined
    ? undefined
    : Buffer.isBuffer(body)
      ? body
      : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));

function send(port: number, path: string, { method = 'GET', headers = {}, body, token }: Sent): Promise<Got> {
  const bytes = bytesOf(body);
  const given = {
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(bytes ? { 'content-type': 'application/json' } : {}),
    ...headers,
  };
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return new Promise((resolve, reject) => {
    const asked = request(
      { port, path, method, headers: named as Record<string, string>, agent: false },
      (answer) => {
        const chunks: Buffer[] = [];
        answer
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .on('end', () => {
            const text = Buffer.concat(chunks).toString();
            const isJson =
              answer.headers['content-type']?.includes('json') &&
              !answer.headers['content-type'].includes('nd');
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              text,
              json: isJson && text !== '' ? (JSON.parse(text) as unknown) : undefined,
            });
          });
        answer.on('error', reject);
      },
    );
    asked.on('error', reject);
    asked.end(bytes);
  });
}

const NOW = { fra: '2026-01-01T00:00:00Z' };

/** A body that makes a ship; `over` replaces members of its papers. */
export const ship = (over: Record<string, unknown> = {}, more: Record<string, unknown> = {}) => ({
  attributter: {
    egenskaber: [
      { virkning: NOW, brugervendtNoegle: randomUUID().slice(0, 8), titel: 'Fregatten Jylland', ...over },
    ],
  },
  ...more,
});
