import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { limits } from '../limits';
import type { Home } from './home';
import { processIdentity } from './process-identity';

/** What the server writes of itself in its cluster. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

export const pidFile = (home: Home): string => join(home.cluster, 'postmaster.pid');

export function postmasterOf(home: Home): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(pidFile(home), 'utf8').split('\n');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
  return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/** The superuser's address; the password is only in the file, which nobody but the server's account and root reads. */
export function addressOf(home: Home, port: number, test: boolean): string {
  const secret = test ? '' : `:${readFileSync(home.password, 'utf8')}`;
  return `postgres://postgres${secret}@127.0.0.1:${port}/postgres`;
}

/**
 * Whether a server on that port serves this very cluster: it must read back a word that we write there now. A
 * process number or a path would not do: they may be those of a copied checkout or of another container.
 */
export async function serves(home: Home, port: number, test: boolean): Promise<boolean> {
  const name = `asked-${randomBytes(8).toString('hex')}`;
  const word = randomBytes(16).toString('hex');
  const file = join(home.cluster, name);
  const client = new Client({
    connectionString: addressOf(home, port, test),
    connectionTimeoutMillis: limits.administration.connectTimeout,
    query_timeout: limits.administration.connectTimeout,
  });
  client.on('error', () => undefined);
  writeFileSync(file, word, { mode: 0o644 });
  try {
    await client.connect();
    const { rows } = await client.query<{ word: string }>('select pg_read_file($1) as word', [name]);
    return rows[0]?.word === word;
  } catch {
    return false;
  } finally {
    rmSync(file, { force: true });
    await client.end().catch(() => undefined);
  }
}

/** What the process named in postmaster.pid is. `unknown`: we may not look, so it must be left in peace. */
export function runningAs(home: Home, pid: number): 'gone' | 'server' | 'other' | 'unknown' {
  if (processIdentity(pid) === '') return 'gone';
  const ours = statSync(home.cluster);
  try {
    const theirs = statSync(`/proc/${pid}/cwd/.`);
    return theirs.dev === ours.dev && theirs.ino === ours.ino ? 'server' : 'other';
  } catch {
    return mayServe(pid, ours.uid) ? 'unknown' : 'other';
  }
}

/** Root in a container may not follow another account's working directory, but sees whose process it is, and its name. */
function mayServe(pid: number, owner: number): boolean {
  try {
    const [program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return statSync(`/proc/${pid}`).uid === owner && /(^|\/)(postgres|postmaster)$/.test(program);
  } catch {
    return true;
  }
}
