import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { giveTo } from './account';
import { clusterSettings } from './cluster-settings';
import type { Home } from './home';
import { serverEnvironment } from './server-environment';

/**
 * Makes the cluster if it is missing: under another name first, so that a half-made one is never taken for whole.
 * Its superuser has a password of its own, for any user of the machine can reach 127.0.0.1; a test cluster has none.
 */
export async function createCluster(home: Home, bin: string, test: boolean): Promise<void> {
  if (existsSync(home.cluster)) return;
  for (const name of readdirSync(home.path))
    if (name.startsWith('draft-')) rmSync(join(home.path, name), { recursive: true, force: true });
  if (!test && !existsSync(home.password)) {
    writeFileSync(home.password, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
    giveTo(home.account, home.password);
  }
  const draft = join(home.path, `draft-${randomBytes(4).toString('hex')}`);
  await initdb(home, bin, [
    ...['-D', draft, '-U', 'postgres', '-E', 'UTF8'],
    // The same order and case rules on every machine, whatever its locales.
    ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
    ...(test
      ? ['--auth=trust', '--no-sync']
      : [
          ...['--auth=scram-sha-256', `--pwfile=${home.password}`],
          ...clusterSettings().flatMap((setting) => ['-c', setting]),
        ]),
  ]);
  renameSync(draft, home.cluster);
}

function initdb(home: Home, bin: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(bin, 'initdb'), args, {
      cwd: home.path,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: serverEnvironment(),
      ...home.account,
    });
    let said = '';
    child.stdout.on('data', (part: Buffer) => (said += part.toString()));
    child.stderr.on('data', (part: Buffer) => (said += part.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`initdb failed (${code}): ${said}`));
    });
  });
}
