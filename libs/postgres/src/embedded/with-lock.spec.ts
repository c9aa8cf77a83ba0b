import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive, ownIdentity, processIdentity } from './process-identity';
import { withLock } from './with-lock';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoettesystemer-spec-'));
  file = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('withLock', () => {
  it('lets one in at a time, and all in the end', async () => {
    let inside = 0;
    let most = 0;
    const visit = (): Promise<void> =>
      withLock(file, async () => {
        most = Math.max(most, ++inside);
        await pause(5);
        inside--;
      });
    await Promise.all(Array.from({ length: 6 }, visit));
    expect([most, inside]).toEqual([1, 0]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is let go when the work fails', async () => {
    await expect(withLock(file, () => Promise.reject(new Error('broke')))).rejects.toThrow('broke');
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    ['a process that is dead', '4000000@1'],
    ['an earlier process with our number', `${process.pid}@1`],
    ['an earlier process with the number of another', '1@1'],
    ['nobody that can be read', 'rubbish'],
  ])('takes over the lock of %s', async (_, holder) => {
    writeFileSync(file, holder);
    let seen = '';
    await withLock(file, () => Promise.resolve((seen = readFileSync(file, 'utf8'))));
    expect(seen).toBe(ownIdentity());
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes over a lock that was never signed, but only when it is old', async () => {
    writeFileSync(file, '');
    let entered = false;
    const waiting = withLock(file, () => Promise.resolve((entered = true)));
    await pause(150);
    expect(entered).toBe(false);
    utimesSync(file, 0, 0);
    await waiting;
    expect(entered).toBe(true);
  });

  it('waits for a living process', async () => {
    writeFileSync(file, ownIdentity());
    let entered = false;
    const waiting = withLock(file, () => Promise.resolve((entered = true)));
    await pause(150);
    expect(entered).toBe(false);
    rmSync(file);
    await waiting;
    expect(entered).toBe(true);
  });

  it('says so when the folder is not there', async () => {
    await expect(withLock(join(folder, 'no/lock'), () => Promise.resolve())).rejects.toThrow('ENOENT');
  });
});

describe('processIdentity', () => {
  it('is the same as long as the process lives, and empty afterwards', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    const identity = processIdentity(child.pid ?? 0);
    expect(identity).toMatch(new RegExp(`^${child.pid}${process.platform === 'linux' ? '@[1-9]' : '$'}`));
    expect(isAlive(identity)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect([processIdentity(child.pid ?? 0), isAlive(identity)]).toEqual(['', false]);
  });

  it.each(['', 'x', '-1', '0x1', `${process.pid} `])('takes %p for nobody', (identity) => {
    expect(isAlive(identity)).toBe(false);
  });
});
