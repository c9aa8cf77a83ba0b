import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../../../..');
const PROGRAM = join(ROOT, 'apps/platform/dist/main.js');

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((found, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });
}

export function newDataDir(): string {
  return mkdtempSync(join(tmpdir(), 'stoettesystemer-e2e-'));
}

type Settings = Readonly<Record<string, string>>;

/** The platform in a process of its own, as `npm start` runs it. */
export class Platform {
  private constructor(
    readonly process: ChildProcess,
    readonly port: number,
    readonly dataDir: string,
    /** What it has said on stdout. */
    readonly said: string,
    private readonly settings: Settings,
  ) {}

  /** `settings` go before what it is given of itself: a server that is not its own, for instance. */
  static async start(dataDir: string, port?: number, settings: Settings = {}): Promise<Platform> {
    if (!existsSync(PROGRAM)) throw new Error('The platform is not built: npx tsc -b');
    const at = port ?? (await freePort());
    const started = spawn(process.execPath, [PROGRAM], {
      cwd: ROOT,
      env: { ...environmentOf(at, dataDir), ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [said, complaints] = ['', ''];
    started.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
    await new Promise<void>((ready, reject) => {
      started.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes(`klar: http://localhost:${at}`)) ready();
      });
      started.once('exit', (code) =>
        reject(new Error(`The platform ended (${code})\n${said}\n${complaints}`)),
      );
    });
    return new Platform(started, at, dataDir, said, settings);
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  get environment(): NodeJS.ProcessEnv {
    return { ...environmentOf(this.port, this.dataDir), ...this.settings };
  }

  /** With SIGTERM, in order; with SIGKILL, as when the power goes. Gives the exit code. */
  end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    if (this.process.exitCode !== null || this.process.signalCode !== null)
      return Promise.resolve(this.process.exitCode);
    return new Promise((ended) => {
      this.process.once('exit', (code) => ended(code));
      this.process.kill(signal);
    });
  }

  async remove(): Promise<void> {
    await this.end();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** Ours, without what would lead the platform to the tests' own server. */
function environmentOf(port: number, dataDir: string): NodeJS.ProcessEnv {
  const { DATABASE_URL: _, ...rest } = process.env;
  return { ...rest, PORT: String(port), DATA_DIR: dataDir, LOGNIVEAU: 'warn', PROFIL: 'udvikling' };
}
