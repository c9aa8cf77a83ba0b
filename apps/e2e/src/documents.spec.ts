import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newDataDir, Platform, ROOT } from './spec/platform';

/** A piece of shell, and what the document says it prints; null where it says nothing. */
interface Step {
  readonly shell: string;
  readonly shown: string | null;
}

function stepsOf(markdown: string): Step[] {
  const blocks = [...markdown.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
  return blocks.flatMap(({ language, text }, at) => {
    if (language !== 'sh') return [];
    const next = blocks[at + 1];
    return [{ shell: text, shown: next && next.language !== 'sh' ? next.text : null }];
  });
}

const END = '--- step ends ---';

/** Runs the steps in one shell, as a person does. */
function run(
  steps: readonly Step[],
  env: NodeJS.ProcessEnv,
): Promise<{ printed: string[]; complaints: string }> {
  const script = steps.map(({ shell }) => `${shell}\necho '${END}'\n`).join('');
  return new Promise((resolve, reject) => {
    const shell = spawn('bash', [], { cwd: ROOT, env, stdio: ['pipe', 'pipe', 'pipe'] });
    let [printed, complaints] = ['', ''];
    shell.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    shell.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
    shell.once('error', reject);
    shell.once('close', () => resolve({ printed: printed.split(`${END}\n`).slice(0, -1), complaints }));
    shell.stdin.end(script);
  });
}

/** `…` stands for whatever is different each time. */
const patternOf = (shown: string): RegExp =>
  new RegExp(
    `^${shown
      .trim()
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^\\n]*?')}$`,
  );

let platform: Platform;
beforeAll(async () => {
  platform = await Platform.start(newDataDir());
});
afterAll(() => platform.remove());

test.each(['docs/foerste-integration.md', 'docs/foerste-haendelse.md', 'docs/ny-leverandoer.md'])(
  '%s says what happens, word for word',
  async (file) => {
    const document = readFileSync(join(ROOT, file), 'utf8');
    const here = document.replace('export ADRESSE=http://localhost:3000', `export ADRESSE=${platform.url}`);
    expect(here).not.toBe(document);
    const steps = stepsOf(here);
    expect(steps.length).toBeGreaterThan(10);
    const { printed, complaints } = await run(steps, platform.environment);
    expect(complaints).toBe('');
    expect(printed).toHaveLength(steps.length);
    for (const [at, { shell, shown }] of steps.entries()) {
      const said = printed[at]?.trim() ?? '';
      if (shown === null) expect([shell, said]).toEqual([shell, '']);
      else if (!patternOf(shown).test(said)) expect(`${shell}\n${said}`).toBe(`${shell}\n${shown.trim()}`);
    }
  },
);
