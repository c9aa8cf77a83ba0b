import { Client, escapeIdentifier } from 'pg';
import { codeOf } from './batch';
import { versionOf } from './ensure-roles';
import { limits } from './limits';
import type { Server } from './open-server';

/** Made already, or being made, by another process. */
const EXISTS = new Set(['42P04', '23505']);
const FORBIDDEN = '42501';
/** The server's machine has no locale of that name. */
const NO_LOCALE = new Set(['22023', '42809']);
/** PostgreSQL would cut a longer name, and two services might share a database. */
const LONGEST = 63;

/** The address of the service's own database, which is made if it is missing. */
export async function serviceDatabase(
  server: Pick<Server, 'url' | 'prefix'>,
  service: string,
): Promise<string> {
  const name = `${server.prefix}_${service}`;
  if (Buffer.byteLength(name) > LONGEST) throw new Error(`The database name ${name} is too long`);
  const client = new Client({
    connectionString: server.url,
    connectionTimeoutMillis: limits.administration.connectTimeout,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const encoding = (await encodingOf(client, name)) ?? (await create(client, name));
    if (encoding !== 'UTF8')
      throw new Error(`Databasen ${name} har tegnsættet ${encoding}. Den skal oprettes med UTF8.`);
  } finally {
    await client.end();
  }
  const address = new URL(server.url);
  address.pathname = `/${encodeURIComponent(name)}`;
  return address.href;
}

async function encodingOf(client: Client, name: string): Promise<string | undefined> {
  const { rows } = await client.query<{ encoding: string }>(
    'select pg_encoding_to_char(encoding) as encoding from pg_database where datname = $1',
    [name],
  );
  return rows[0]?.encoding;
}

/** With the same order and case rules everywhere: by code point, and Danish letters known as letters. */
async function create(client: Client, name: string): Promise<string> {
  const database = `create database ${escapeIdentifier(name)} template template0 encoding 'UTF8'`;
  const locale =
    (await versionOf(client)) >= 170_000
      ? `locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'`
      : `lc_collate 'C' lc_ctype 'C.UTF-8'`;
  try {
    await client.query(`${database} ${locale}`).catch(async (cause: unknown) => {
      if (!NO_LOCALE.has(codeOf(cause))) throw cause;
      await client.query(database);
    });
  } catch (cause) {
    if (codeOf(cause) === FORBIDDEN)
      throw new Error(
        'Databasebrugeren i DATABASE_URL må ikke oprette databaser. ' +
          `Lad en databaseadministrator køre:\n${database} owner ${client.escapeIdentifier(client.user ?? '')};`,
        { cause },
      );
    if (!EXISTS.has(codeOf(cause))) throw cause;
  }
  return (await encodingOf(client, name)) ?? 'UTF8';
}
