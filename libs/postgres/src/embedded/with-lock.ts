import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { limits } from '../limits';
import { isAlive, ownIdentity } from './process-identity';

/**
 * Runs `work` while no other process of this machine does so under the same lock file. The lock of a dead process
 * is taken over. It only saves double work: PostgreSQL itself never lets two servers into one cluster.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + limits.embedded.startTimeout;
  while (!take(file)) {
    const holder = read(file);
    if (holder !== undefined && isStale(file, holder)) discard(file, holder);
    else if (Date.now() > deadline) throw new Error(`The lock ${file} is held by process ${holder ?? '?'}`);
    else await pause(limits.embedded.lockPoll);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, ownIdentity(), { flag: 'wx' });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function isStale(file: string, holder: string): boolean {
  if (holder !== '') return !isAlive(holder);
  const made = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  return Date.now() - made > limits.embedded.namelessLock;
}

/** Renamed before it is removed: of two who find it stale, one gets it, and neither removes the other's new lock. */
function discard(file: string, holder: string): void {
  const aside = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(file, aside);
    if (read(aside) === holder) rmSync(aside, { force: true });
    else renameSync(aside, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
  }
}
