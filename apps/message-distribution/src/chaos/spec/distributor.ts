import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = resolve(__dirname, '../../../dist/main.js');
const PINO_WARN = 40;
const REMEMBERED = 20;

/** A process of Beskedfordeler, as it runs in operation: with a supervisor that starts it again. */
export class Distributor {
  /** The last that it warned of, for whoever looks why something failed. */
  readonly warnings: string[] = [];
  private child: ChildProcess | undefined;
  private port: number | null = null;
  private readonly last = (): void => void this.child?.kill('SIGKILL');

  constructor(private readonly environment: Readonly<Record<string, string>>) {
    if (!existsSync(PROGRAM)) throw new Error('Beskedfordeler is not built: npx tsc -b');
    process.once('exit', this.last);
  }

  /** Null while it is not there. */
  get url(): string | null {
    return this.port === null ? null : `http://127.0.0.1:${this.port}`;
  }

  /** Until it answers. What it needs may be away, and then it ends: it is started until it stays. */
  async start(): Promise<void> {
    while (this.port === null) this.port = await this.launch();
  }

  /** As when the power goes. */
  kill(): Promise<number | null> {
    return this.end('SIGKILL');
  }

  /** In order; gives the exit code. */
  async stop(): Promise<number | null> {
    process.off('exit', this.last);
    return this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.child;
    this.port = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return ended;
  }

  /** Its port; null when it ended before it answered. */
  private launch(): Promise<number | null> {
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, [PROGRAM], {
      env: { PATH, ...this.environment, PORT: '0', LOGNIVEAU: 'info' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    child.stderr.on('data', (chunk: Buffer) => this.warned(chunk.toString()));
    return new Promise((resolve) => {
      child.once('exit', () => resolve(null));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const said = JSON.parse(line) as { level: number; msg: string; port?: number };
        if (said.level >= PINO_WARN) this.warned(line);
        if (said.msg === 'ready') resolve(said.port ?? null);
      });
    });
  }

  private warned(text: string): void {
    this.warnings.push(text);
    if (this.warnings.length > REMEMBERED) this.warnings.shift();
  }
}
