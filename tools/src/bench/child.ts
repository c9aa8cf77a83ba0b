import { type ChildProcess, fork } from 'node:child_process';
import { nodeFlags } from './node-flags';

/** What a process of the benchmark does when asked, by name. */
export type Calls = Readonly<Record<string, (argument: never) => unknown>>;

interface Asked {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}
interface Answered {
  readonly id: number;
  readonly value?: unknown;
  readonly fault?: string;
}
interface Waiting {
  resolve(value: never): void;
  reject(cause: Error): void;
}

const READY = 0;

/** The child's side: it has started when this is called, and ends with its parent. */
export function answer(calls: Calls): void {
  const send = (message: Answered): void => void process.send?.(message);
  process.on('disconnect', () => process.exit());
  process.on('message', ({ id, name, argument }: Asked) => {
    Promise.resolve()
      .then(() => calls[name]?.(argument as never))
      .then(
        (value) => send({ id, value }),
        (cause: unknown) =>
          send({ id, fault: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) }),
      );
  });
  send({ id: READY });
}

/** A process of its own, so that its processor time is its own. */
export class Child<C extends Calls> {
  private readonly waiting = new Map<number, Waiting>();
  private next = READY + 1;

  private constructor(private readonly process: ChildProcess) {
    process.on('message', ({ id, value, fault }: Answered) => {
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      if (fault === undefined) waiting?.resolve(value as never);
      else waiting?.reject(new Error(fault));
    });
    process.on('exit', (code, signal) => {
      for (const { reject } of this.waiting.values()) reject(new Error(`a child ended (${code ?? signal})`));
      this.waiting.clear();
    });
  }

  /** Resolves when the child answers. What it writes on stdout goes nowhere; `profile` is a folder for --cpu-prof. */
  static async start<C extends Calls>(file: string, argument: unknown, profile?: string): Promise<Child<C>> {
    const child = new Child<C>(
      fork(file, [JSON.stringify(argument)], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        execArgv: [
          ...nodeFlags(),
          ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
        ],
      }),
    );
    await new Promise<never>((resolve, reject) => child.waiting.set(READY, { resolve, reject }));
    return child;
  }

  call<K extends keyof C & string>(name: K, ...given: Parameters<C[K]>): Promise<Awaited<ReturnType<C[K]>>> {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      const asked: Asked = { id, name, argument: given[0] };
      this.process.send(asked);
    });
  }

  async end(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    if (this.process.connected) this.process.disconnect();
    await gone;
  }
}

/** The argument that the child was started with. */
export const givenArgument = <T>(): T => JSON.parse(process.argv[2] ?? 'null') as T;
