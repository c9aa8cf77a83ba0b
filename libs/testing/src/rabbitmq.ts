import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The broker's own script: the one on the path insists on the account that the package made. */
const PROGRAM = '/usr/lib/rabbitmq/bin/rabbitmq-server';
const PATIENCE = 60_000;

/** Whether a broker can be started here. In CI its absence is an error, elsewhere the specs that need it are skipped. */
export function hasRabbitMq(): boolean {
  if (existsSync(PROGRAM)) return true;
  if (process.env['CI'] === 'true') throw new Error('RabbitMQ is not installed (.ci/run installs it)');
  console.warn('Skipped: RabbitMQ is not installed (apt-get install rabbitmq-server)');
  return false;
}

export interface RabbitMq {
  /** `amqp://…`; the same after each start. */
  readonly url: string;
  /** Resolves when it takes connections. */
  start(): Promise<void>;
  /** As when the power goes: kill -9. */
  kill(): Promise<void>;
  /** Forgets everything that it held; only while it does not run. */
  wipe(): void;
  /** Ends it and removes its folder. */
  end(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
      .once('error', reject)
      .listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo;
        server.close(() => resolve(port));
      });
  });

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
      // One that is about to die takes connections and says nothing.
      .setTimeout(2_000, () => socket.destroy())
      // What is no protocol header is answered with one, by a broker that is ready.
      .once('connect', () => socket.write('HELLO\r\n\r\n'))
      .once('data', (data) => {
        socket.destroy();
        resolve(data.subarray(0, 4).toString() === 'AMQP');
      })
      .once('error', () => resolve(false))
      .once('close', () => resolve(false));
  });

/** A real broker on loopback, with ports and a folder of its own. */
export async function rabbitMq(): Promise<RabbitMq> {
  const folder = mkdtempSync(join(tmpdir(), 'stoettesystemer-rabbitmq-'));
  const [port, distribution, names] = [await freePort(), await freePort(), await freePort()];
  const data = join(folder, 'data');
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    ERL_EPMD_PORT: `${names}`,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `spec${port}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: `${port}`,
    RABBITMQ_DIST_PORT: `${distribution}`,
    RABBITMQ_MNESIA_BASE: data,
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
    RABBITMQ_CONFIG_FILE: join(folder, 'none'),
    // Idle schedulers spin, which a machine with few cores feels.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+sbwt none +sbwtdcpu none +sbwtdio none',
  };
  let broker: ChildProcess | undefined;
  // Detached, it would outlive a process that ends before its specs do.
  const last = () => {
    if (broker?.pid !== undefined) process.kill(-broker.pid, 'SIGKILL');
  };
  process.once('exit', last);

  const ended = async (signal: NodeJS.Signals): Promise<void> => {
    const { pid, exitCode } = broker ?? {};
    broker = undefined;
    if (pid === undefined || exitCode !== null) return;
    // The script starts the broker, and each has children: a group of their own.
    process.kill(-pid, signal);
    while (await answers(port)) await pause(20);
  };
  return {
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    async start() {
      broker = spawn(PROGRAM, { env: environment, cwd: folder, stdio: 'ignore', detached: true });
      const failed = new Promise<never>((_, reject) => broker!.once('error', reject));
      const ready = (async () => {
        for (const begun = Date.now(); !(await answers(port)); await pause(100)) {
          if (broker?.exitCode !== null) throw new Error('RabbitMQ did not start');
          if (Date.now() - begun > PATIENCE) throw new Error('RabbitMQ does not answer');
        }
      })();
      await Promise.race([ready, failed]);
    },
    kill: () => ended('SIGKILL'),
    wipe: () => rmSync(data, { recursive: true, force: true }),
    async end() {
      await ended('SIGKILL');
      process.off('exit', last);
      spawn('epmd', ['-port', `${names}`, '-kill'], { stdio: 'ignore' }).on('error', () => undefined);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
