import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Facet, Klasse } from '@stoettesystemer/model';
import { testDatabase, type TestDatabase } from '@stoettesystemer/testing';
import { Pool } from 'pg';
import { demoClient, keyFileOf, SYSTEMS, TOWN } from './spec/demo-client';
import { newDataDir, Platform, ROOT } from './spec/platform';

const PROGRAM = join(ROOT, 'apps/e2e/dist/fagsystem/main.js');
const FROM = { fra: '2020-01-01T00:00:00Z' };

let platform: Platform;
let own: TestDatabase;
let pool: Pool;
let running: Set<ChildProcess>;
beforeAll(async () => {
  platform = await Platform.start(newDataDir());
  own = await testDatabase({ service: 'fagsystem', migrate: async () => {} });
  pool = new Pool({ connectionString: own.url, max: 2 });
  running = new Set();
});
afterAll(async () => {
  for (const each of running) each.kill('SIGKILL');
  await pool.end();
  await own.drop();
  await platform.remove();
});

/** The case system in a process of its own; resolves when it consumes. */
async function start(): Promise<ChildProcess> {
  const system = 'demo-fagsystem';
  const env = {
    ...process.env,
    ADRESSE: platform.url,
    SYSTEM: SYSTEMS[system],
    NOEGLE: keyFileOf(platform, system),
    CVR: TOWN,
    DATABASE_URL: own.url,
    SEKUNDER: '2',
  };
  const started = spawn(process.execPath, [PROGRAM], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(started);
  let complaints = '';
  started.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  await new Promise<void>((ready, reject) => {
    started.stdout.once('data', () => ready());
    started.once('exit', (code) => reject(new Error(`It ended (${code})\n${complaints}`)));
  });
  return started;
}

const killed = (program: ChildProcess): Promise<void> =>
  new Promise((ended) => {
    running.delete(program);
    program.once('exit', () => ended());
    program.kill('SIGKILL');
  });

interface Copy {
  readonly uuid: string;
  readonly nummer: number;
  readonly titel: string;
}
const copies = async (): Promise<Copy[]> =>
  (await pool.query<Copy>('select uuid, nummer, titel from klasse order by uuid')).rows;

test('a case system that is killed again and again ends with the classes as they are', async () => {
  const writer = demoClient(platform, 'demo-app');
  const classes = writer.objects('klassifikation', Klasse);
  const facet = await writer.objects('klassifikation', Facet).create({
    attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: randomUUID() }] },
  });
  const programs = [await start(), await start()];

  const made: string[] = [];
  const write = async (round: number): Promise<void> => {
    for (let at = 0; at < 5; at++) {
      const { uuid } = await classes.create({
        attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: `${round}.${at}`, titel: 'Ny' }] },
        relationer: { facet: [{ virkning: FROM, reference: { uuid: facet.uuid } }] },
      });
      made.push(uuid);
    }
    for (const uuid of made)
      await classes.change(uuid, ({ registrering: { nummer } }) => ({
        attributter: { egenskaber: [{ virkning: FROM, titel: `Rettet ${nummer} i runde ${round}` }] },
      }));
  };
  for (let round = 0; round < 4; round++) {
    const writing = write(round);
    await setTimeout(Math.random() * 300);
    await killed(programs.shift()!);
    programs.push(await start());
    await writing;
  }
  const gone = made.slice(0, 2);
  let removed = 0;
  for (const uuid of gone) {
    const { nummer } = (await classes.read(uuid))!.registrering;
    await classes.remove(uuid, nummer);
    removed += nummer + 1;
  }

  const expected: Copy[] = (await classes.readMany(made)).map(({ uuid, registrering, attributter }) => ({
    uuid,
    nummer: registrering.nummer,
    titel: attributter!.egenskaber![0]!.titel,
  }));
  expected.sort((a, b) => (a.uuid < b.uuid ? -1 : 1));
  expect(expected).toHaveLength(made.length - gone.length);
  while (JSON.stringify(await copies()) !== JSON.stringify(expected)) await setTimeout(50);
  // And so it stays when every message has been taken in: one for each registration of each class.
  const registrations = expected.reduce((sum, { nummer }) => sum + nummer, 0);
  const takenIn = async (): Promise<number> => {
    const { rows } = await pool.query<{ count: number }>(
      'select count(*)::int as count from inbox where source = $1',
      [`/klassifikation/${TOWN}`],
    );
    return rows[0]!.count;
  };
  while ((await takenIn()) < registrations + removed) await setTimeout(50);
  expect(await takenIn()).toBe(registrations + removed);
  expect(await copies()).toEqual(expected);
  // It ends when it is told to.
  for (const program of programs) {
    const ended = new Promise((resolve) => program.once('exit', resolve));
    program.kill('SIGTERM');
    expect(await ended).toBe(0);
    running.delete(program);
  }
});
