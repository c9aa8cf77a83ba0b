import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Account, accountFor, giveAllTo, giveTo, mayEnter } from './account';
import { systemFolder } from './system-folder';

/** Where one cluster and what belongs to it lie: closed to everybody but the account that runs the server. */
export interface Home {
  /** The server runs as this account; undefined: as ourselves. */
  readonly account: Account | undefined;
  readonly path: string;
  readonly cluster: string;
  readonly log: string;
  readonly password: string;
  readonly port: string;
  readonly lock: string;
  /** One file for each process that uses the server. */
  readonly users: string;
}

/**
 * The home in `<dataDir>/postgres`. Where the data directory lies under a folder that the account may not enter
 * (root's own, for instance), that name is a link to a folder under /var/lib, made for this data directory alone.
 */
export function homeIn(dataDir: string): Home {
  mkdirSync(dataDir, { recursive: true });
  const name = join(realpathSync(dataDir), 'postgres');
  const path = settle(name);
  const account = accountFor(path);
  // Root copied or restored the folder, and all in it became root's.
  if (account && statSync(path).uid === 0) giveAllTo(account, path);
  const owner = statSync(path).uid;
  if (owner !== (account?.uid ?? process.getuid?.() ?? owner))
    throw new Error(
      `${path} tilhører en anden bruger (uid ${owner}). Start som den bruger, eller vælg en anden DATA_DIR.`,
    );
  if (!mayEnter(path, account))
    throw new Error(
      `${path} kan ikke nås af den konto, som PostgreSQL kører under (uid ${account?.uid}). ` +
        'Giv adgang til mapperne over den (chmod o+x), eller vælg en anden DATA_DIR.',
    );
  const home: Home = {
    account,
    path,
    cluster: join(path, 'cluster'),
    log: join(path, 'server.log'),
    password: join(path, 'password'),
    port: join(path, 'port'),
    lock: join(path, 'lock'),
    users: join(path, 'users'),
  };
  mkdirSync(home.users, { recursive: true });
  giveTo(account, home.users);
  return home;
}

function settle(name: string): string {
  const found = lstatSync(name, { throwIfNoEntry: false });
  if (found?.isDirectory()) return name;
  if (found?.isSymbolicLink()) {
    const target = readlinkSync(name);
    if (belongs(target, name)) return target;
    rmSync(name);
  }
  return make(name);
}

function make(name: string): string {
  const account = accountFor(name);
  const outside = !mayEnter(join(name, '..'), account);
  const path = outside ? mkdtempSync(join(systemFolder(), 'data-')) : name;
  if (outside) {
    writeFileSync(record(path), name);
    try {
      symlinkSync(path, name);
    } catch (cause) {
      rmSync(path, { recursive: true });
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return settle(name);
      throw cause;
    }
  } else mkdirSync(path, { recursive: true });
  chmodSync(path, 0o700);
  giveTo(account, path);
  return path;
}

const record = (path: string): string => join(path, 'belongs-to');

/**
 * Whether the folder outside is this data directory's. A checkout that was moved keeps its data; one that was
 * copied leaves them to the original and begins anew, for two must not share one cluster without knowing.
 */
function belongs(path: string, name: string): boolean {
  let owner: string;
  try {
    owner = readFileSync(record(path), 'utf8');
  } catch (cause) {
    throw new Error(`${name} fører til ${path}, som mangler. Fjern ${name} for at begynde forfra.`, {
      cause,
    });
  }
  if (owner === name) return true;
  try {
    if (readlinkSync(owner) === path) return false;
  } catch {
    // The link it was made for is gone: it was moved here.
  }
  writeFileSync(record(path), name);
  return true;
}
