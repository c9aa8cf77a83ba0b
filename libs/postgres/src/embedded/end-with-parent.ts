import { spawn } from 'node:child_process';
import type { Home } from './home';

/** Waits for us to end; then the server of the cluster ($2), and the files that were only for this run, go. */
const SCRIPT = `
while kill -0 "$1"; do sleep 1; done
if read -r server < "$2/postmaster.pid" && { [ ! -d /proc/self ] || [ "/proc/$server/cwd" -ef "$2" ]; }; then
  kill -INT "$server"
  while kill -0 "$server"; do sleep 1; done
fi
shift 2
rm -rf -- "$@"
`;

/**
 * A killed test run must not leave servers behind: a process of its own watches ours, for ours cannot. Returns what
 * calls it off, once the server has been stopped and another may come to lie in the same place.
 */
export function endWithParent(home: Home, dataDir: string): () => void {
  const parameters = [`${process.pid}`, home.cluster, home.path, dataDir];
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'end-with-parent', ...parameters], {
    cwd: '/',
    detached: true,
    stdio: 'ignore',
  });
  child.once('error', () => undefined);
  child.unref();
  return () => {
    // The shell and its sleep: being detached they are a group of their own.
    if (child.pid && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGKILL');
  };
}
