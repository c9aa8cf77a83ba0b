import { Client } from 'pg';
import { startEmbedded } from './embedded/start-embedded';
import { versionOf } from './ensure-roles';
import { limits } from './limits';

/** A PostgreSQL server on which the services keep their databases. */
export interface Server {
  /** The login's address of the database it begins in; it may make databases and, at first, roles. */
  readonly url: string;
  /** The services' databases are called `<prefix>_<service>`. */
  readonly prefix: string;
  /** Stops an embedded server that nobody else uses; an external one is left alone. */
  stop(): Promise<void>;
}

export interface ServerEnvironment {
  /** An external PostgreSQL, version 15 or later, with a database name that the services' names begin with. */
  readonly DATABASE_URL?: string | undefined;
  /** Where the embedded server keeps its files; `./.data` by default. */
  readonly DATA_DIR?: string | undefined;
  /** So that process.env will do. */
  readonly [other: string]: string | undefined;
}

const OLDEST = 15;

/** The server the environment names, or the embedded one on the data directory, started or adopted. */
export async function openServer({ DATABASE_URL, DATA_DIR }: ServerEnvironment): Promise<Server> {
  if (DATABASE_URL) return external(DATABASE_URL);
  const { url, stop } = await startEmbedded({ dataDir: DATA_DIR || './.data' });
  return { url, prefix: 'stoette', stop };
}

async function external(url: string): Promise<Server> {
  const prefix = databaseOf(url);
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: limits.administration.connectTimeout,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const version = Math.floor((await versionOf(client)) / 10_000);
    if (version < OLDEST)
      throw new Error(
        `PostgreSQL i DATABASE_URL er version ${version}. Der kræves version ${OLDEST} eller nyere.`,
      );
  } finally {
    await client.end();
  }
  return { url, prefix, stop: () => Promise.resolve() };
}

/** The database an address names. An address is never quoted in an error: it holds the password. */
export function databaseOf(url: string): string {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  const name = decodeURIComponent(address?.pathname.slice(1) ?? '');
  if (!/^postgres(ql)?:$/.test(address?.protocol ?? '') || name === '')
    throw new Error('DATABASE_URL skal have formen postgres://bruger:kode@vært:5432/database');
  return name;
}
