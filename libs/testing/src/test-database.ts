import { createHash, randomBytes } from 'node:crypto';
import { Database, poolFor, ROLES, serviceDatabase } from '@stoettesystemer/postgres';
import { Client, escapeIdentifier } from 'pg';

export interface TestDatabaseOptions {
  readonly service: string;
  /**
   * Makes the tables in the database at `url`, as the login. Files that give the same service and a function with
   * the same source share one migrated template, so what it does must not hang on values from outside it.
   */
  readonly migrate: (url: string) => Promise<void>;
  /** Connections at most. */
  readonly size?: number;
}

export interface TestDatabase {
  /** The login's address of the database: it owns the tables and may do anything. */
  readonly url: string;
  /** As the application sees it: in the role stoette_app, under row-level security. */
  readonly database: Database;
  /** Ends the pool and removes the database, whoever else is connected. */
  drop(): Promise<void>;
}

/** A migrated database of its own for one spec file: a copy of a template that the first file of the run made. */
export async function testDatabase({
  service,
  migrate,
  size = 5,
}: TestDatabaseOptions): Promise<TestDatabase> {
  const server = serverUrl();
  const hash = createHash('sha1').update(`${service} ${migrate.toString()}`).digest('hex').slice(0, 12);
  const prefix = `test_${process.env['TEST_RUN'] ?? 'alone'}`;
  const template = `${prefix}_${hash}`;
  const name = `${template}_${randomBytes(4).toString('hex')}`;
  await withClient(server, async (client) => {
    await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [template]);
    if (!(await exists(client, template))) await makeTemplate(client, server, prefix, hash, migrate);
    await client.query(`create database ${escapeIdentifier(name)} template ${escapeIdentifier(template)}`);
  });
  const address = new URL(server);
  address.pathname = `/${name}`;
  const pool = poolFor(address.href, { size, role: ROLES.app });
  return {
    url: address.href,
    database: new Database(pool),
    drop: async () => {
      await pool.end();
      await withClient(server, (client) =>
        client.query(`drop database if exists ${escapeIdentifier(name)} with (force)`),
      );
    },
  };
}

/** Under another name until it is migrated: a file that died half-way leaves no template. */
async function makeTemplate(
  client: Client,
  server: string,
  prefix: string,
  hash: string,
  migrate: (url: string) => Promise<void>,
): Promise<void> {
  const draft = `${hash}_${randomBytes(4).toString('hex')}`;
  await migrate(await serviceDatabase({ url: server, prefix }, draft));
  await client.query(
    `alter database ${escapeIdentifier(`${prefix}_${draft}`)} rename to ${escapeIdentifier(`${prefix}_${hash}`)}`,
  );
}

async function exists(client: Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
  return rowCount === 1;
}

async function withClient(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function serverUrl(): string {
  const url = process.env['TEST_DATABASE_URL'];
  if (!url) throw new Error('No test database: run the tests with Jest and its global set-up');
  return url;
}
