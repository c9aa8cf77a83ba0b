import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');

/** Starts one of the project's built programs, with nothing in its environment but what is said and the path. */
export const startProgram = (
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
) =>
  spawn(process.execPath, [join(ROOT, file), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', ...environment },
  });

/** Resolves when the program has ended well. @throws Error with what it said when it has not. */
export async function ended(program: ChildProcess): Promise<string> {
  let said = '';
  program.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  program.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    program.once('error', reject);
    program.once('close', resolve);
  });
  if (code !== 0) throw new Error(said.slice(-2000));
  return said;
}
