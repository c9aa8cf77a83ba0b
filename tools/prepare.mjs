// What every command needs before it can run: a Node that is new enough, the packages of the lock file, and a build.
// Plain Node, for it runs before anything is installed. All it has to say goes to stderr.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const inRoot = (...parts) => join(root, ...parts);
const readJson = (...parts) => JSON.parse(readFileSync(inRoot(...parts), 'utf8'));

export const say = (text) => process.stderr.write(`${text}\n`);

/** Ends the process with a text for people instead of a stack. */
export function fail(text) {
  say(text);
  process.exit(1);
}

function checkNode() {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(readJson('package.json').engines.node).map(Number);
  const [ourMajor, ourMinor] = process.versions.node.split('.').map(Number);
  if (ourMajor < major || (ourMajor === major && ourMinor < minor))
    fail(`Der kræves Node ${major}.${minor} eller nyere; dette er ${process.versions.node}.`);
}

/**
 * npm passes a signal to the shell that it started us by, and that shell dies of it without telling us. So we end
 * with our parent; but a second signal would cut short what the first, sent to all of us, began to end in order.
 */
export function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const wasTold = noteSignals();
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    if (!wasTold()) process.kill(process.pid, 'SIGTERM');
  }, 500);
  watch.unref();
}

/** Listens along with whoever listens, and never alone: without a listener a signal must end the process. */
function noteSignals() {
  let told = false;
  const note = () => (told = true);
  const isEnding = (name) => name === 'SIGTERM' || name === 'SIGINT';
  process.on('newListener', (name, listener) => {
    if (isEnding(name) && listener !== note && !process.listeners(name).includes(note))
      process.on(name, note);
  });
  process.on('removeListener', (name) => {
    if (isEnding(name) && process.listeners(name).every((listener) => listener === note))
      process.off(name, note);
  });
  return () => told;
}

/** Runs a program and resolves with its exit code, null when it was killed; a signal that ends us ends it too. */
export function runProgram(program, args, { stdio = ['ignore', 2, 2] } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio });
    let received;
    const pass = (signal) => child.kill((received = signal));
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, pass);
    child.once('error', reject);
    child.once('close', (code) => {
      for (const signal of signals) process.off(signal, pass);
      // Ended as asked: whoever waits for us is told so by the signal, as if we had not listened.
      if (received) process.kill(process.pid, received);
      else resolve(code);
    });
  });
}

/** Runs a program of an installed package. */
export const runTool = (file, args, options) =>
  runProgram(process.execPath, [inRoot('node_modules', file), ...args], options);

/** npm writes what it installed into node_modules, as its last act: no such file, or another content, is no installation. */
function isInstalled() {
  const installed = inRoot('node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = readJson('package-lock.json').packages;
  const found = readJson('node_modules/.package-lock.json').packages;
  return (
    Object.entries(wanted).every(
      ([path, { version, optional }]) =>
        path === '' || (found[path] ? found[path].version === version : optional),
    ) && Object.keys(found).every((path) => path in wanted)
  );
}

export async function install() {
  checkNode();
  if (isInstalled()) return;
  await exclusively(async () => {
    if (isInstalled()) return;
    say('Henter pakker (npm ci), det tager et minuts tid …');
    // Under npm, its own program: the one in the path may be another.
    const [program, ...first] = process.env.npm_execpath
      ? [process.execPath, process.env.npm_execpath]
      : ['npm'];
    // Without install scripts: nothing of a package runs before it is used, and nothing here needs them.
    const args = [...first, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    if ((await runProgram(program, args)) !== 0) fail('npm ci lykkedes ikke, se ovenfor.');
  });
}

export async function build() {
  if ((await exclusively(() => runTool('typescript/bin/tsc', ['-b']))) !== 0)
    fail('Oversættelsen (tsc -b) lykkedes ikke, se ovenfor.');
}

/** Two commands in one checkout take turns to install and build. */
async function exclusively(work) {
  const lock = inRoot('.nx/prepare.lock');
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, `${process.pid}`, { flag: 'wx' });
      break;
    } catch (cause) {
      if (cause.code !== 'EEXIST') throw cause;
      if (holderIsDead(lock)) rmSync(lock, { force: true });
      else await pause(100);
    }
  }
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    release();
    process.off('exit', release);
  }
}

function holderIsDead(lock) {
  try {
    const holder = Number(readFileSync(lock, 'utf8'));
    // Its own process is not held up here: it is another's number from before, as in a container.
    if (holder === process.pid) return true;
    if (holder > 0) process.kill(holder, 0);
    return false;
  } catch (cause) {
    return cause.code === 'ESRCH';
  }
}
