import { Client } from 'pg';
import { codeOf } from './batch';
import { limits } from './limits';

/**
 * What runs under which name, for row-level security: requests as `stoette_app`; the sequencer, which sees every
 * municipality, as `stoette_feed`; what removes rows for good as `stoette_sletning`; what chains the security log as
 * `stoette_log`. None of them can log in.
 */
export const ROLES = {
  app: 'stoette_app',
  feed: 'stoette_feed',
  erasure: 'stoette_sletning',
  lookup: 'stoette_opslag',
  log: 'stoette_log',
} as const;
const names: readonly string[] = Object.values(ROLES);

/** Two processes that start at once may both make a role: exists already (twice over), or updated beside us. */
const RACES = new Set(['42710', '23505', 'XX000']);
const FORBIDDEN = '42501';

/**
 * Makes the roles that are missing and lets the login of `url` take them on. PostgreSQL asks whether the login,
 * not the role it has on just now, may take on a role: so a session that began as stoette_app can go on as another.
 */
export async function ensureRoles(url: string): Promise<void> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: limits.administration.connectTimeout,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        await grantMissing(client);
        return;
      } catch (cause) {
        if (codeOf(cause) === FORBIDDEN) throw await explained(client, cause);
        if (attempt === limits.administration.roleAttempts || !RACES.has(codeOf(cause))) throw cause;
      }
    }
  } finally {
    await client.end();
  }
}

async function grantMissing(client: Client): Promise<void> {
  for (const name of names) {
    const { rows } = await client.query<{ exists: boolean }>(
      'select exists (select from pg_roles where rolname = $1) as exists',
      [name],
    );
    if (!rows[0]?.exists) await client.query(`create role ${name} nologin`);
    if (!(await mayTakeOn(client, name))) await client.query(await grantOf(client, name));
  }
}

const isRecent = async (client: Client): Promise<boolean> => (await versionOf(client)) >= 160_000;
export async function versionOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  );
  return rows[0]?.version ?? 0;
}

async function mayTakeOn(client: Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>('select pg_has_role(session_user, $1, $2) as may', [
    name,
    (await isRecent(client)) ? 'SET' : 'MEMBER',
  ]);
  return rows[0]?.may === true;
}

/** From version 16 the login may take a role on without having its rights all the time. */
async function grantOf(client: Client, name: string): Promise<string> {
  const { rows } = await client.query<{ login: string }>('select quote_ident(session_user) as login');
  const how = (await isRecent(client)) ? ' with inherit false, set true' : '';
  return `grant ${name} to ${rows[0]?.login}${how}`;
}

async function explained(client: Client, cause: unknown): Promise<Error> {
  const statements = names.map((name) => `create role ${name} nologin;`);
  for (const name of names) statements.push(`${await grantOf(client, name)};`);
  return new Error(
    'Databasebrugeren i DATABASE_URL må ikke oprette de roller, som systemet kører under. ' +
      `Lad en databaseadministrator køre (det, der ikke er gjort):\n${statements.join('\n')}`,
    { cause },
  );
}
