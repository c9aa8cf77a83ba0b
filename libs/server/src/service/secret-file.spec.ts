import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secretFrom } from './secret-file';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'secret-'))));
afterEach(() => rm(folder, { recursive: true }));

test('all who come at once get the same, which is kept and is nobody else’s to read', async () => {
  const file = join(folder, 'inner', 'x.noegle');
  const secrets = await Promise.all(Array.from({ length: 20 }, () => secretFrom(file, true)));
  expect(new Set(secrets.map((secret) => secret.toString('hex'))).size).toBe(1);
  expect(secrets[0]).toHaveLength(32);
  expect((await stat(file)).mode & 0o077).toBe(0);
  expect(await readdir(join(folder, 'inner'))).toEqual(['x.noegle']);
});

test('is not made where it must be the same everywhere, nor taken when too short', async () => {
  const file = join(folder, 'x.noegle');
  await expect(secretFrom(file, false)).rejects.toThrow('mangler');
  await writeFile(file, 'kort');
  await expect(secretFrom(file, true)).rejects.toThrow('mindst 32 byte');
});
