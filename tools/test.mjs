// `npm test`: format, types, lint, generated files and every test. `npm test -- <args>` runs Jest alone with them.
// The last line is Jest's own count; the exit code tells of every part.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithNpm, install, root, runProgram, runTool, say } from './prepare.mjs';

const given = process.argv.slice(2);
const isLong = given.includes('--long');
const forJest = given.filter((argument) => argument !== '--long');

const stdio = ['ignore', 'inherit', 'inherit'];
const tool = (file, ...args) => runTool(file, args, { stdio });
const generator = join(root, 'tools/dist/generate.js');
const modelCheck = join(root, 'tools/dist/check-model.js');
const checks = [
  ['format', () => tool('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.')],
  ['types', () => tool('typescript/bin/tsc', '-b')],
  ['types of the tests', () => tool('typescript/bin/tsc', '-p', 'tsconfig.spec.json')],
  ['lint', () => tool('eslint/bin/eslint.js', '.', '--max-warnings', '0')],
  ['no type named', () => runProgram(process.execPath, [modelCheck], { stdio }), modelCheck],
  ['generated files', () => runProgram(process.execPath, [generator, '--check'], { stdio }), generator],
];

async function jest() {
  const folder = mkdtempSync(join(tmpdir(), 'stoettesystemer-jest-'));
  process.env.COUNT_FILE = join(folder, 'count.json');
  const reporters = ['--reporters=default', `--reporters=${join(root, 'tools/count-reporter.cjs')}`];
  const ignored = ['/node_modules/', '/dist/'].map((pattern) => `--testPathIgnorePatterns=${pattern}`);
  try {
    // What was given comes first: these options would take the names of test files for their own.
    const code = await tool('jest/bin/jest.js', ...forJest, ...reporters, ...(isLong ? ignored : []));
    const count = existsSync(process.env.COUNT_FILE)
      ? JSON.parse(readFileSync(process.env.COUNT_FILE, 'utf8'))
      : { passed: 0, failed: 1, skipped: 0 };
    return { code, count };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

endWithNpm();
await install();
const failed = [];
if (forJest.length === 0)
  for (const [name, check, needed] of checks) {
    if (needed && !existsSync(needed)) continue;
    const began = Date.now();
    const isWell = (await check()) === 0;
    say(`${isWell ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    if (!isWell) failed.push(name);
  }

const { code, count } = await jest();
if (code !== 0) failed.push('tests');
if (failed.length > 0) say(`Failed: ${failed.join(', ')}`);
process.stdout.write(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`);
process.exitCode = failed.length > 0 ? 1 : 0;
