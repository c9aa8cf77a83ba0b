import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audienceOf, DEMO_CLIENTS } from '@stoettesystemer/access';
import {
  createService,
  Metrics,
  openLog,
  openPort,
  type Service,
  type ServiceOptions,
  settingsFrom,
} from '@stoettesystemer/server';
import { testDatabase, type TestDatabase } from '@stoettesystemer/testing';
import { importJWK, type JWK, SignJWT } from 'jose';

export const TOWN = '12345678';

export const freePort = (): Promise<number> =>
  new Promise((found) => {
    const server = createServer();
    server.listen(0, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });

export interface Sent {
  readonly body?: object;
  readonly ifMatch?: number;
  /** CVR; Eksempelkøbing's when left out. */
  readonly owner?: string;
}

/** One port of an installation, and the services behind it. */
export interface Running {
  readonly services: readonly Service[];
  readonly metrics: Metrics;
  close(): Promise<void>;
}

/**
 * Services with the demo's systems and their keys, behind as many ports as the spec wants, all of one installation: what
 * they call each other goes by HTTP. Adgangsstyring is behind the first port.
 */
export class RunningPlatform {
  private readonly dataDir = mkdtempSync(join(tmpdir(), 'platform-'));
  private readonly databases = new Map<string, TestDatabase>();
  private readonly running = new Set<Running>();
  private readonly addresses = new Map<string, string>();

  private constructor(readonly port: number) {}

  static async create(): Promise<RunningPlatform> {
    return new RunningPlatform(await freePort());
  }

  get address(): string {
    return `http://localhost:${this.port}`;
  }

  /** Opens a port with these services; one that was open before goes on with its database. */
  async open(
    apps: readonly ServiceOptions[],
    { port = this.port, environment = {} }: { port?: number; environment?: Record<string, string> } = {},
  ): Promise<Running> {
    const settings = settingsFrom({
      DATA_DIR: this.dataDir,
      PORT: `${port}`,
      EKSTERN_URL: this.address,
      ADGANGSSTYRING: `${this.address}/adgangsstyring`,
      ...environment,
    });
    const [log, metrics] = [openLog('silent'), new Metrics()];
    const services: Service[] = [];
    for (const app of apps) {
      const { url: databaseUrl } = await this.database(app.prefix);
      services.push(await createService(app, { settings, databaseUrl, log, metrics }));
      this.addresses.set(app.prefix, `http://localhost:${port}`);
    }
    const opened = await openPort(services, port);
    const running: Running = {
      services,
      metrics,
      close: async () => {
        this.running.delete(running);
        await opened.close();
      },
    };
    this.running.add(running);
    return running;
  }

  async send<T>(system: string, method: string, path: string, sent: Sent = {}): Promise<T> {
    const { body, ifMatch = 1, owner = TOWN } = sent;
    const service = path.split('/')[1]!;
    const answer = await fetch(`${this.addresses.get(service)!}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await this.token(system, service, owner)}`,
        'if-match': `"${ifMatch}"`,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    const text = await answer.text();
    return (text === '' ? null : JSON.parse(text)) as T;
  }

  async close(): Promise<void> {
    for (const each of [...this.running]) await each.close();
    for (const { drop } of this.databases.values()) await drop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private async database(prefix: string): Promise<TestDatabase> {
    const known = this.databases.get(prefix);
    if (known) return known;
    const made = await testDatabase({ service: `platform-${prefix}`, migrate: async () => {} });
    this.databases.set(prefix, made);
    return made;
  }

  private async token(system: string, service: string, owner: string): Promise<string> {
    const key = JSON.parse(readFileSync(join(this.dataDir, 'demo', `${system}.jwk`), 'utf8')) as JWK;
    const client = DEMO_CLIENTS[system]!;
    const assertion = await new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: 'ES256', kid: key.kid! })
      .setIssuer(client)
      .setSubject(client)
      .setAudience(`${this.address}/adgangsstyring`)
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(await importJWK(key, 'ES256'));
    const answer = await fetch(`${this.address}/adgangsstyring/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        resource: audienceOf(service),
        scope: `cvr:${owner}`,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }),
    });
    return ((await answer.json()) as { access_token: string }).access_token;
  }
}
