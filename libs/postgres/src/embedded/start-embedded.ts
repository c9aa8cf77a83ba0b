import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { limits } from '../limits';
import { giveTo } from './account';
import { binaries } from './binaries';
import { createCluster } from './create-cluster';
import { endWithParent } from './end-with-parent';
import { freePort } from './free-port';
import { type Home, homeIn } from './home';
import { launch } from './launch';
import { addressOf, pidFile, type Postmaster, postmasterOf, runningAs, serves } from './postmaster';
import { isAlive, processIdentity } from './process-identity';
import { stopServer } from './stop-server';
import { enter, leave } from './users';
import { withLock } from './with-lock';

export interface EmbeddedOptions {
  /** The server's files lie in `<dataDir>/postgres`. */
  readonly dataDir: string;
  /** Fast and without durability or password; the server ends, and `dataDir` goes, when this process ends. */
  readonly test?: boolean;
}

export interface EmbeddedServer {
  /** The superuser's address, for as long as this process lives: a killed server is started again on the same port. */
  readonly url: string;
  /** Whether the server ran already, left behind or started by another process. */
  readonly adopted: boolean;
  /** Ends this process' use of the server; the last user stops it and waits until it has stopped. */
  stop(): Promise<void>;
}

/** Starts the PostgreSQL that came with npm on this data directory, or adopts the one that runs on it. */
export async function startEmbedded({ dataDir, test = false }: EmbeddedOptions): Promise<EmbeddedServer> {
  const home = homeIn(dataDir);
  const bin = binaries(home.account);
  let entry = '';
  const { postmaster, adopted } = await withLock(home.lock, async () => {
    await createCluster(home, bin, test);
    const running = await bringUp(home, bin, test);
    entry = enter(home);
    return running;
  });
  const callOff = test ? endWithParent(home, dataDir) : undefined;
  const watch = keepRunning(home, bin, postmaster, test);
  const stop = async (): Promise<void> => {
    await watch.end();
    await withLock(home.lock, async () => {
      if (!leave(home, entry)) return;
      await stopServer(home);
      if (test) for (const folder of [home.path, dataDir]) rmSync(folder, { recursive: true, force: true });
    });
    callOff?.();
  };
  let stopping: Promise<void> | undefined;
  return { url: addressOf(home, postmaster.port, test), adopted, stop: () => (stopping ??= stop()) };
}

/** A running server of this cluster: found, or started. Called under the lock. */
async function bringUp(
  home: Home,
  bin: string,
  test: boolean,
  fixedPort?: number,
): Promise<{ postmaster: Postmaster; adopted: boolean }> {
  const deadline = Date.now() + limits.embedded.startTimeout;
  let port = fixedPort ?? (await freePort(lastPort(home)));
  for (let taken = 0; ;) {
    const found = postmasterOf(home);
    if (found && (await serves(home, found.port, test))) return { postmaster: found, adopted: true };
    const what = found ? runningAs(home, found.pid) : 'gone';
    // The server that wrote the file is dead and another process has its number; PostgreSQL alone would refuse.
    if (what === 'other') rmSync(pidFile(home), { force: true });
    if (what === 'gone' || what === 'other') {
      const launched = await launch(home, bin, port, test);
      if (typeof launched === 'object') {
        writeFileSync(home.port, `${port}`);
        giveTo(home.account, home.port);
        return { postmaster: { pid: launched.pid, port, ready: true }, adopted: false };
      }
      if (launched === 'portTaken') {
        if (++taken > limits.embedded.portAttempts) throw new Error(`Port ${port} of 127.0.0.1 is taken`);
        port = fixedPort ?? (await freePort());
      }
    }
    // It is starting, recovering or stopping, or is in another container: then it never answers.
    if (Date.now() > deadline)
      throw new Error(
        `Process ${found?.pid} holds ${home.cluster} but does not answer on 127.0.0.1:${found?.port}`,
      );
    await pause(limits.embedded.lockPoll);
  }
}

/** The same port as last time keeps addresses that people wrote down. */
function lastPort(home: Home): number | undefined {
  try {
    return Number(readFileSync(home.port, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

/** Starts a killed server again, on its port, for the connection pools already know it. */
function keepRunning(home: Home, bin: string, first: Postmaster, test: boolean): { end(): Promise<void> } {
  let identity = processIdentity(first.pid);
  let reviving: Promise<void> | undefined;
  let lastWarning = '';
  const warn = (message: string): void => {
    if (message !== lastWarning) process.emitWarning(message);
    lastWarning = message;
  };
  const revive = async (): Promise<void> => {
    const { postmaster } = await withLock(home.lock, () => bringUp(home, bin, test, first.port));
    identity = processIdentity(postmaster.pid);
    warn(`PostgreSQL was gone and runs again as process ${postmaster.pid}, see ${home.log}`);
  };
  const timer = setInterval(() => {
    if (reviving || isAlive(identity)) return;
    reviving = revive()
      .catch((cause: unknown) => {
        warn(`PostgreSQL is gone: ${String(cause)}`);
      })
      .finally(() => (reviving = undefined));
  }, limits.embedded.watch);
  timer.unref();
  return {
    end: async () => {
      clearInterval(timer);
      await reviving;
    },
  };
}
