import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { isRoot } from './account';
import { processIdentity } from './process-identity';
import { startEmbedded } from './start-embedded';

/** A process of its own that starts the server and stops it when it is told to, or is killed before. */
interface Runner {
  readonly url: string;
  readonly adopted: boolean;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

const repository = resolve(__dirname, '../../../..');
const script = `
  const { readFileSync } = require('node:fs');
  const { process: compile } = require(${JSON.stringify(join(repository, 'tools/jest-swc.cjs'))});
  require.extensions['.ts'] = (module, file) =>
    module._compile(compile(readFileSync(file, 'utf8'), file).code, file);
  const { startEmbedded } = require(${JSON.stringify(join(__dirname, 'start-embedded.ts'))});
  startEmbedded(JSON.parse(process.argv[1])).then(({ url, adopted, stop }) => {
    console.log(JSON.stringify({ url, adopted }));
    process.stdin.once('data', () => stop().then(() => process.exit()));
  });
`;
const children: ChildProcess[] = [];

async function run(dataDir: string, test = false): Promise<Runner> {
  const child = spawn(process.execPath, ['-e', script, JSON.stringify({ dataDir, test })], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const ended = once(child, 'exit');
  const line = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as unknown[];
  return {
    ...(JSON.parse(String(line[0])) as { url: string; adopted: boolean }),
    stop: async () => {
      child.stdin.write('stop\n');
      expect(await ended).toEqual([0, null]);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function ask(url: string, text: string): Promise<Record<string, unknown> | undefined> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows[0];
  } finally {
    await client.end();
  }
}

const folders: string[] = [];
const newFolder = (): string => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'stoettesystemer-spec-')));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
};
let prototype: string;
/** A data directory with a cluster, which is quicker copied than made. */
const newData = (): string => {
  const folder = newFolder();
  cpSync(prototype, folder, { recursive: true });
  return folder;
};
beforeAll(async () => {
  prototype = newFolder();
  folders.pop();
  await (await startEmbedded({ dataDir: prototype })).stop();
});
afterAll(() => rmSync(prototype, { recursive: true }));

/** Follows the link of a data directory whose home lies elsewhere. */
const homeOf = (dataDir: string): string => realpathSync(join(dataDir, 'postgres'));
const serverOf = (dataDir: string): number =>
  Number(readFileSync(join(homeOf(dataDir), 'cluster/postmaster.pid'), 'utf8').split('\n')[0]);
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await pause(20);
};
const isGone = (pid: number): boolean => processIdentity(pid) === '';
async function murder(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await until(() => isGone(pid));
}

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) {
    for (const name of ['', 'a', 'b', 'c']) {
      const dataDir = join(folder, name);
      if (!existsSync(join(dataDir, 'postgres'))) continue;
      const home = homeOf(dataDir);
      if (existsSync(join(home, 'cluster/postmaster.pid')))
        await murder(serverOf(dataDir)).catch(() => undefined);
      rmSync(home, { recursive: true, force: true });
    }
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('an embedded server', () => {
  it('keeps its data, port and password from one time to the next', async () => {
    const dataDir = newFolder();
    const first = await startEmbedded({ dataDir });
    expect(first.adopted).toBe(false);
    await ask(first.url, 'create table t as select 7 as seven');
    const pid = serverOf(dataDir);
    await first.stop();
    expect(isGone(pid)).toBe(true);
    const second = await startEmbedded({ dataDir });
    expect(second).toMatchObject({ adopted: false, url: first.url });
    expect(await ask(second.url, 'select * from t')).toEqual({ seven: 7 });
    await second.stop();
    await second.stop();
  });

  it('lets nobody in without the password, nor near its files', async () => {
    const dataDir = newData();
    const server = await startEmbedded({ dataDir });
    const address = new URL(server.url);
    expect(address.password.length).toBeGreaterThanOrEqual(32);
    address.password = 'guess';
    await expect(ask(address.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    const home = homeOf(dataDir);
    expect(statSync(home).mode & 0o777).toBe(0o700);
    for (const name of ['password', 'server.log'])
      expect(statSync(join(home, name)).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, 'cluster')).uid).not.toBe(0);
    await server.stop();
  });

  it('has the same character set, order and settings everywhere', async () => {
    const server = await startEmbedded({ dataDir: newData() });
    const settings = `select current_setting('server_encoding') as encoding, current_setting('TimeZone') as zone,
      current_setting('fsync') as fsync, current_setting('log_error_verbosity') as verbosity, lower('Æ') as lower`;
    expect(await ask(server.url, settings)).toEqual({
      encoding: 'UTF8',
      zone: 'UTC',
      fsync: 'on',
      verbosity: 'terse',
      lower: 'æ',
    });
    await server.stop();
  });

  it('runs beside another one', async () => {
    const [a, b] = await Promise.all([newData(), newData()].map((dataDir) => startEmbedded({ dataDir })));
    await ask(a?.url ?? '', 'create table only_a ()');
    await expect(ask(b?.url ?? '', 'select * from only_a')).rejects.toMatchObject({ code: '42P01' });
    await a?.stop();
    expect(await ask(b?.url ?? '', 'select 1 as one')).toEqual({ one: 1 });
    await b?.stop();
  });

  it('says what PostgreSQL said when it will not start', async () => {
    const dataDir = newData();
    await (await startEmbedded({ dataDir })).stop();
    writeFileSync(join(homeOf(dataDir), 'cluster/postgresql.conf'), 'shared_buffers = plenty\n');
    await expect(startEmbedded({ dataDir })).rejects.toThrow(/server\.log[^]*shared_buffers/);
    expect(existsSync(join(homeOf(dataDir), 'lock'))).toBe(false);
  });
});

describe('after a crash', () => {
  it('of Node the next start adopts the server, and stops it in the end', async () => {
    const dataDir = newData();
    const first = await run(dataDir);
    await ask(first.url, 'create table t as select 7 as seven');
    const pid = serverOf(dataDir);
    await first.kill();
    const second = await run(dataDir);
    expect(second).toMatchObject({ adopted: true, url: first.url });
    expect(serverOf(dataDir)).toBe(pid);
    expect(await ask(second.url, 'select * from t')).toEqual({ seven: 7 });
    await second.stop();
    expect(isGone(pid)).toBe(true);
  });

  it('of both the next start recovers what was committed', async () => {
    const dataDir = newData();
    const first = await run(dataDir);
    await ask(first.url, 'create table t (n int)');
    for (let n = 0; n < 20; n++) await ask(first.url, `insert into t values (${n})`);
    await first.kill();
    await murder(serverOf(dataDir));
    const second = await startEmbedded({ dataDir });
    expect(second).toMatchObject({ adopted: false, url: first.url });
    expect(await ask(second.url, 'select count(*)::int from t')).toEqual({ count: 20 });
    await second.stop();
  });

  it('of PostgreSQL alone those who use it get it back on the same port', async () => {
    const dataDir = newData();
    const [one, two] = [await run(dataDir), await run(dataDir)];
    await ask(one.url, 'create table t as select 7 as seven');
    const pid = serverOf(dataDir);
    await murder(pid);
    let answer: unknown;
    while (!answer) {
      answer = await ask(one.url, 'select * from t').catch(() => undefined);
      await pause(50);
    }
    expect(answer).toEqual({ seven: 7 });
    expect(serverOf(dataDir)).not.toBe(pid);
    await one.stop();
    expect(await ask(two.url, 'select * from t')).toEqual({ seven: 7 });
    await two.stop();
    expect(existsSync(join(homeOf(dataDir), 'cluster/postmaster.pid'))).toBe(false);
  });

  it('a number that another process has now is not taken for the server', async () => {
    const dataDir = newData();
    await (await startEmbedded({ dataDir })).stop();
    const file = join(homeOf(dataDir), 'cluster/postmaster.pid');
    for (const pid of [process.pid, 1, 4_000_000]) {
      writeFileSync(file, `${pid}\n${homeOf(dataDir)}/cluster\n1\n1\n\n127.0.0.1\n\nready   \n`, {
        mode: 0o644,
      });
      const server = await startEmbedded({ dataDir });
      expect(server.adopted).toBe(false);
      await server.stop();
    }
  });
});

describe('several processes', () => {
  it('that start at once share one server, and the last turns off the light', async () => {
    const dataDir = newFolder();
    const runners = await Promise.all([1, 2, 3].map(() => run(dataDir)));
    expect(runners.map(({ adopted }) => adopted).sort()).toEqual([false, true, true]);
    expect(new Set(runners.map(({ url }) => url)).size).toBe(1);
    const pid = serverOf(dataDir);
    const [a, b, c] = runners;
    await a?.stop();
    await b?.kill();
    expect(await ask(c?.url ?? '', 'select 1 as one')).toEqual({ one: 1 });
    await c?.stop();
    expect(isGone(pid)).toBe(true);
  });

  it('do not share with a copy of the data directory', async () => {
    const folder = newFolder();
    const original = await startEmbedded({ dataDir: join(folder, 'a') });
    await ask(original.url, 'create table t as select 1 as n');
    await ask(original.url, 'checkpoint');
    cpSync(join(folder, 'a'), join(folder, 'b'), { recursive: true });
    const copy = await startEmbedded({ dataDir: join(folder, 'b') });
    expect(copy.adopted).toBe(false);
    await ask(copy.url, 'update t set n = 2');
    expect(await ask(original.url, 'select n from t')).toEqual({ n: 1 });
    const pid = serverOf(join(folder, 'b'));
    await copy.stop();
    expect(isGone(pid)).toBe(true);
    await original.stop();
  });
});

describe('a test server', () => {
  it('ends, and its files go, when its process is killed', async () => {
    const dataDir = newFolder();
    const runner = await run(dataDir, true);
    expect(await ask(runner.url, `select current_setting('fsync') as fsync`)).toEqual({ fsync: 'off' });
    const pid = serverOf(dataDir);
    await runner.kill();
    await until(() => isGone(pid) && !existsSync(dataDir));
  });

  it('takes its files along when it is stopped', async () => {
    const dataDir = newFolder();
    const runner = await run(dataDir, true);
    const pid = serverOf(dataDir);
    await runner.stop();
    expect([isGone(pid), existsSync(dataDir)]).toEqual([true, false]);
  });
});

// Only root has folders that the server's account may not enter.
(isRoot() ? describe : describe.skip)('under a private folder of root', () => {
  const privateFolder = (): string => {
    const folder = newFolder();
    chmodSync(folder, 0o700);
    for (const name of ['a', 'b']) mkdirSync(join(folder, name));
    return folder;
  };

  it('keeps the data elsewhere, for each data directory its own', async () => {
    const folder = privateFolder();
    const [a, b] = [join(folder, 'a'), join(folder, 'b')];
    const first = await startEmbedded({ dataDir: a });
    await ask(first.url, 'create table t as select 7 as seven');
    expect(readlinkSync(join(a, 'postgres'))).toMatch(/^\/var\/lib\/stoettesystemer\/data-/);
    const other = await startEmbedded({ dataDir: b });
    await expect(ask(other.url, 'select * from t')).rejects.toMatchObject({ code: '42P01' });
    await Promise.all([first.stop(), other.stop()]);
    const again = await startEmbedded({ dataDir: a });
    expect(await ask(again.url, 'select * from t')).toEqual({ seven: 7 });
    await again.stop();
  });

  it('follows a checkout that was moved, and leaves a copied one to begin anew', async () => {
    const folder = privateFolder();
    const [a, b, c] = [join(folder, 'a'), join(folder, 'b'), join(folder, 'c')];
    const first = await startEmbedded({ dataDir: a });
    await ask(first.url, 'create table t as select 7 as seven');
    await first.stop();
    cpSync(a, b, { recursive: true, verbatimSymlinks: true });
    const copy = await startEmbedded({ dataDir: b });
    await expect(ask(copy.url, 'select * from t')).rejects.toMatchObject({ code: '42P01' });
    await copy.stop();
    renameSync(a, c);
    const moved = await startEmbedded({ dataDir: c });
    expect(await ask(moved.url, 'select * from t')).toEqual({ seven: 7 });
    await moved.stop();
  });

  it('does not quietly begin anew when the data elsewhere are gone', async () => {
    const dataDir = join(privateFolder(), 'a');
    await (await startEmbedded({ dataDir })).stop();
    rmSync(homeOf(dataDir), { recursive: true });
    await expect(startEmbedded({ dataDir })).rejects.toThrow('mangler');
    rmSync(join(dataDir, 'postgres'));
  });

  it('lets the owner of the data go on with them', async () => {
    const dataDir = newData();
    const give = spawn('chown', ['-R', '4242:4242', join(dataDir, 'postgres')]);
    await once(give, 'exit');
    const server = await startEmbedded({ dataDir });
    expect(statSync(`/proc/${serverOf(dataDir)}`).uid).toBe(4242);
    await server.stop();
  });
});
