import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { limits } from '../limits';
import { giveTo } from './account';
import type { Home } from './home';
import { postmasterOf } from './postmaster';
import { serverEnvironment } from './server-environment';

/** `portTaken`: try another port. `held`: processes of the former server have not let go yet, or another started. */
export type Launch = { pid: number } | 'portTaken' | 'held';

/** For tests only: a crash of the machine may lose or spoil everything. */
const CARELESS = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
];
/** Error details quote the values of rows, which may be a citizen's; the log is for operators. */
const SETTINGS = ['log_error_verbosity=terse', `max_connections=${limits.embedded.maxConnections}`];

/** Starts the server and returns when it takes connections. It has a session of its own: Ctrl-C does not reach it. */
export async function launch(home: Home, bin: string, port: number, test: boolean): Promise<Launch> {
  const settings = test ? [...SETTINGS, ...CARELESS] : SETTINGS;
  const log = openLog(home);
  const begin = fstatSync(log).size;
  const child = spawn(
    join(bin, 'postgres'),
    ['-D', home.cluster, '-h', '127.0.0.1', '-p', `${port}`, '-k', '', ...settings.flatMap((s) => ['-c', s])],
    {
      cwd: home.cluster,
      detached: true,
      stdio: ['ignore', log, log],
      env: serverEnvironment(),
      ...home.account,
    },
  );
  closeSync(log);
  let ended: string | undefined;
  child.once('error', (cause) => (ended = cause.message));
  child.once('exit', (code, signal) => (ended = `exit ${code ?? signal}`));
  child.unref();

  const deadline = Date.now() + limits.embedded.startTimeout;
  while (ended === undefined) {
    const found = postmasterOf(home);
    if (found?.pid === child.pid && found?.ready) return { pid: found.pid };
    if (Date.now() > deadline) {
      child.kill('SIGINT');
      ended = 'timeout';
    } else await pause(limits.embedded.poll);
  }
  const said = tail(home, begin);
  if (/could not (bind|create any TCP\/IP)/.test(said)) return 'portTaken';
  if (/pre-existing shared memory block|lock file ".*" already exists/.test(said)) return 'held';
  throw new Error(`PostgreSQL did not start (${ended}), see ${home.log}\n${said}`);
}

function openLog(home: Home): number {
  if ((statSync(home.log, { throwIfNoEntry: false })?.size ?? 0) > limits.embedded.logSize) {
    rmSync(`${home.log}.1`, { force: true });
    renameSync(home.log, `${home.log}.1`);
  }
  const log = openSync(home.log, 'a', 0o600);
  giveTo(home.account, home.log);
  return log;
}

/** The last of what this start wrote; an account that cannot even read its programs writes nothing. */
function tail(home: Home, begin: number): string {
  const log = openSync(home.log, 'r');
  try {
    const { size } = fstatSync(log);
    const from = Math.max(begin, size - 4000);
    const text = Buffer.alloc(size - from);
    readSync(log, text, 0, text.length, from);
    return text.toString();
  } finally {
    closeSync(log);
  }
}
