import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { giveTo } from './account';
import type { Home } from './home';
import { isAlive, ownIdentity } from './process-identity';

/** A process may start the same server more than once; each is a user of its own. */
let entries = 0;

/** Notes that this process uses the server, so that none other stops it. Returns the entry's file. */
export function enter(home: Home): string {
  const file = join(home.users, `${process.pid}-${++entries}`);
  // A copied data directory brings the original's entries along: they name another path.
  writeFileSync(file, `${ownIdentity()} ${home.path}`);
  giveTo(home.account, file);
  return file;
}

/** Removes the entry and those of dead processes; true when nobody is left, and the server may stop. */
export function leave(home: Home, entry: string): boolean {
  rmSync(entry, { force: true });
  let left = 0;
  for (const name of readdirSync(home.users)) {
    const file = join(home.users, name);
    const [identity = '', ...path] = readFileSync(file, 'utf8').split(' ');
    if (isAlive(identity) && path.join(' ') === home.path) left++;
    else rmSync(file, { force: true });
  }
  return left === 0;
}
