import { readFileSync } from 'node:fs';

/**
 * '' when no such process lives. Otherwise its number with, where the system tells, the moment it began, so that a
 * later process with the same number (in a container they all begin at 1) is not taken for it.
 */
export function processIdentity(pid: number): string {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ESRCH') return '';
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may itself hold spaces and parentheses; after it come state (3rd) and start (22nd).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie holds no files and no memory: a container without an init keeps them for ever.
    return fields[0] === 'Z' ? '' : `${pid}@${fields[19]}`;
  } catch (cause) {
    const gone = (cause as NodeJS.ErrnoException).code === 'ENOENT' && process.platform === 'linux';
    return gone ? '' : `${pid}`;
  }
}

export const ownIdentity = (): string => processIdentity(process.pid);

/** Whether the process that was recorded under this identity still lives. */
export const isAlive = (identity: string): boolean =>
  /^\d+(@\d+)?$/.test(identity) && processIdentity(Number.parseInt(identity, 10)) === identity;
