import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DevelopmentIssuer } from '@stoettesystemer/access';
import { migrate } from '@stoettesystemer/engine';
import { organisationTypes } from '@stoettesystemer/model';
import { type EmbeddedServer, serviceDatabase, startEmbedded } from '@stoettesystemer/postgres';
import { Ting } from '@stoettesystemer/testing';
import { Client } from 'pg';
import type { AccessArgument } from './access-under-test';
import type { BareArgument, BareCalls } from './bare-server';
import { Child } from './child';
import type { DistributorArgument } from './distributor-under-test';
import type { LoadCalls } from './load-generator';
import { OWNER, SERVICE } from './made-up-thing';
import type { MeasuredCalls } from './measured-service';
import type { OrganisationArgument } from './organisation-under-test';
import type { Server } from './rounds';
import type { ServiceArgument } from './service-under-test';
import type { ReceiverCalls } from './webhook-receiver';

const MANY = [
  ['max_wal_size', '16GB'],
  ['checkpoint_timeout', '30min'],
  ['wal_compression', 'on'],
] as const;

type ServerCalls = Pick<BareCalls, 'port' | 'usage'>;

/** A folder, a PostgreSQL as in production, and processes; all gone when it is closed. */
export class Place {
  private readonly children: Child<never>[] = [];

  private constructor(
    readonly folder: string,
    private readonly server: EmbeddedServer,
    private readonly issuer: DevelopmentIssuer,
    private readonly profile: string | undefined,
  ) {}

  static async open(profile?: string): Promise<Place> {
    const folder = mkdtempSync(join(tmpdir(), 'stoette-bench-'));
    // Where we are root PostgreSQL runs as another account, which must be able to pass.
    chmodSync(folder, 0o755);
    const server = await startEmbedded({ dataDir: folder });
    const services = { [SERVICE]: [Ting], organisation: organisationTypes };
    const issuer = await DevelopmentIssuer.open({ profile: 'udvikling', directory: folder, services });
    return new Place(folder, server, issuer, profile);
  }

  get url(): string {
    return this.server.url;
  }

  /** As whoever runs a large database sets it: a checkpoint each half hour, not each half minute. */
  async forMany(): Promise<void> {
    await asOwner(this.url, async (client) => {
      for (const [name, value] of MANY) await client.query(`alter system set ${name} = '${value}'`);
      await client.query('select pg_reload_conf()');
    });
  }

  token(service = SERVICE): Promise<string> {
    return this.issuer.issue({ system: 'demo-fagsystem', service, cvr: OWNER });
  }

  /** A new database; its address. */
  emptyDatabase(name: string): Promise<string> {
    return serviceDatabase({ url: this.server.url, prefix: 'bench' }, name);
  }

  /** A new database with the service's tables; its address. */
  async database(name: string): Promise<string> {
    const url = await this.emptyDatabase(name);
    await migrate(url);
    return url;
  }

  generator(): Promise<Child<LoadCalls>> {
    return this.child<LoadCalls>('load-generator', null);
  }

  /** `copies` 0: every answer is put together anew. */
  async service(databaseUrl: string, options: Pick<ServiceArgument, 'copies'> = {}): Promise<Server> {
    const argument: ServiceArgument = { dataDir: this.folder, databaseUrl, ...options };
    const child = await this.child<MeasuredCalls>('service-under-test', argument, this.profile);
    return this.served(child, () => this.token());
  }

  /** Organisation, which migrates its database itself. */
  async organisation(argument: Omit<OrganisationArgument, 'dataDir'>): Promise<Server> {
    const whole: OrganisationArgument = { dataDir: this.folder, ...argument };
    const child = await this.child<MeasuredCalls>('organisation-under-test', whole, this.profile);
    return this.served(child, () => this.token('organisation'));
  }

  /** Adgangsstyring, which migrates its database itself. */
  async accessControl(argument: AccessArgument): Promise<Server> {
    const child = await this.child<MeasuredCalls>('access-under-test', argument, this.profile);
    return this.served(child, () => Promise.resolve(null));
  }

  /** Beskedfordeler, which migrates its database itself. */
  async messageDistribution(argument: DistributorArgument, token: Server['token']): Promise<Server> {
    const child = await this.child<MeasuredCalls>('distributor-under-test', argument, this.profile);
    return this.served(child, token);
  }

  receiver(): Promise<Child<ReceiverCalls>> {
    return this.child<ReceiverCalls>('webhook-receiver', null);
  }

  async bare(databaseUrl: string): Promise<Server & { learn(samples: readonly string[]): Promise<void> }> {
    const argument: BareArgument = { databaseUrl };
    const child = await this.child<BareCalls>('bare-server', argument, this.profile);
    const server = await this.served(child, () => Promise.resolve(null));
    return { ...server, learn: (samples) => child.call('learn', samples) };
  }

  async close(): Promise<void> {
    await Promise.all(this.children.map((child) => child.end()));
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async child<C extends Record<string, (argument: never) => unknown>>(
    name: string,
    argument: unknown,
    profile?: string,
  ): Promise<Child<C>> {
    const child = await Child.start<C>(join(__dirname, `${name}.js`), argument, profile);
    this.children.push(child as never);
    return child;
  }

  private async served(child: Child<ServerCalls>, token: Server['token']): Promise<Server> {
    const port = await child.call('port');
    return { port, token, usage: () => child.call('usage'), end: () => child.end() };
  }
}

/** Runs statements as the tables' owner. */
export async function asOwner<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  // Where the place is closed in the middle of its work, that is what the work hears.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
