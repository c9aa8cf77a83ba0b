// `npm test`: format, types, lint, generated files and every test. `npm test -- <args>` runs Jest alone with them.
// The last line is Jest's own count; the exit code tells of every part.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install, root, runProgram, runTool, say } from './prepare.mjs';

const given = process.argv.slice(2);
const isLong = given.includes('--long');
const forJest = given.filter((argument) => argument !== '--long');

const stdio = ['ignore', 'inherit', 'inherit'];
const tool = (file, ...args) => runTool(file, args, { stdio });
const generator = join(root, 'tools/dist/generate.js');
const checks = [
  ['format', () => tool('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.')],
  ['types', () => tool('typescript/bin/tsc', '-b')],
  ['types of the tests', () => tool('typescript/bin/tsc', '-p', 'tsconfig.spec.json')],
  ['lint', () => tool('eslint/bin/eslint.js', '.', '--max-warnings', '0')],
  ['generated files', () => runProgram(process.execPath, [generator, '--check'], { stdio }), generator],
];

async function jest() {
  const folder = mkdtempSync(join(tmpdir(), 'stoettesystemer-jest-'));
  const file = join(folder, 'results.json');
  const long = isLong
    ? ['--testPathIgnorePatterns', '/node_modules/', '--testPathIgnorePatterns', '/dist/']
    : [];
  try {
    const code = await tool('jest/bin/jest.js', '--json', `--outputFile=${file}`, ...long, ...forJest);
    return { code, results: existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

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

const { code, results } = await jest();
if (code !== 0) failed.push('tests');
if (failed.length > 0) say(`Failed: ${failed.join(', ')}`);
// A file that could not run at all counts as one failed test, lest a count without failures ends a failed run.
const count = results
  ? {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    }
  : { passed: 0, failed: 1, skipped: 0 };
process.stdout.write(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`);
process.exitCode = failed.length > 0 ? 1 : 0;
