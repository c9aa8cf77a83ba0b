import { setTimeout as pause } from 'node:timers/promises';
import { limits } from '../limits';
import type { Home } from './home';
import { postmasterOf, runningAs } from './postmaster';
import { processIdentity } from './process-identity';

/** Stops the server of this cluster, if it runs, and returns when it is gone: fast, or in the end abruptly. */
export async function stopServer(home: Home): Promise<void> {
  const found = postmasterOf(home);
  if (!found) return;
  const what = runningAs(home, found.pid);
  if (what === 'gone' || what === 'other') return;
  const identity = processIdentity(found.pid);
  const isGone = (): boolean => processIdentity(found.pid) !== identity;
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (isGone()) return;
    process.kill(found.pid, signal);
    const deadline = Date.now() + limits.embedded.stopTimeout;
    while (!isGone() && Date.now() < deadline) await pause(limits.embedded.poll);
  }
  if (!isGone()) throw new Error(`PostgreSQL (process ${found.pid}) does not stop`);
}
