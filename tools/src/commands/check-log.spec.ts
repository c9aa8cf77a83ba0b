import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecretKey } from 'node:crypto';
import { AuditChainer, rootKey } from '@stoettesystemer/engine';
import { testDatabase, type TestDatabase } from '@stoettesystemer/testing';
import { Client } from 'pg';
import { openDatabase } from '../open-store';
import { UsageError } from '../usage';
import { checkLogCommand } from './check-log';

const SERVICE = ['--service', 'klassifikation'];
let db: TestDatabase;
let dataDir: string;
let said = '';
beforeAll(async () => {
  db = await testDatabase({ service: 'check-log', migrate: async () => {} });
  dataDir = mkdtempSync(join(tmpdir(), 'check-log-'));
  process.env['DATABASE_URL'] = db.url;
  process.env['DATA_DIR'] = dataDir;
  for (const stream of [process.stdout, process.stderr])
    jest.spyOn(stream, 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
});
afterAll(async () => {
  jest.restoreAllMocks();
  delete process.env['DATABASE_URL'];
  delete process.env['DATA_DIR'];
  rmSync(dataDir, { recursive: true });
  await withClient(process.env['TEST_DATABASE_URL']!, (client) =>
    client.query(
      `drop database if exists "${new URL(db.url).pathname.slice(1)}_klassifikation" with (force)`,
    ),
  );
  await db.drop();
});

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

test('checks a service’s log and names the row that was changed behind its back', async () => {
  const { databaseUrl, close } = await openDatabase('klassifikation');
  await close();
  const key = await rootKey(join(dataDir, 'sikkerhedslog.noegle'), true);
  const chainer = new AuditChainer({
    url: databaseUrl,
    log: { info: () => undefined, warn: () => undefined },
    pseudonymKey: createSecretKey(Buffer.alloc(32)),
    types: [],
    roots: { service: 'klassifikation', key, folder: join(dataDir, 'sikkerhedslog') },
    idle: 5,
  });
  await withClient(databaseUrl, async (client) => {
    for (const days of [2, 1, 0])
      await client.query(
        `insert into audit (owner, at, operation, allowed) values (12345678, now() - $1 * interval '1 day', 'laes', true)`,
        [days],
      );
    // The log is there when the chainer comes: it makes up for the days that have ended since.
    chainer.start();
    for (let roots = 0; roots < 2;) roots = (await client.query('select from audit_root')).rowCount!;
    for (let links = 0; links < 3;) links = (await client.query('select from audit_chain')).rowCount!;
    await chainer.stop();
    await checkLogCommand.run(SERVICE);
    expect(said).toContain('klassifikation: 1 kæder, 3 rækker, 2 rødder; 0 rækker venter på deres plads\n');
    await client.query('alter table audit disable trigger user');
    await client.query(`update audit set subject = 'en anden' where id = 2`);
    const { rows } = await client.query<{ at: string }>('select instant(at) as at from audit where id = 2');
    said = '';
    await expect(checkLogCommand.run(SERVICE)).rejects.toThrow('1 fund');
    expect(said).toContain(`  Rækken er ændret. (kommune 12345678, plads 2, id 2, tid ${rows[0]!.at})\n`);
  });
});

test.each([[['--service', 'flyv']], [['--service']], [['klassifikation']], [['--nu']]])(
  'refuses %j',
  async (args) => {
    await expect(checkLogCommand.run(args)).rejects.toThrow(UsageError);
  },
);

test('says which key is missing', async () => {
  await expect(checkLogCommand.run([...SERVICE, '--noegle', join(dataDir, 'ingen')])).rejects.toThrow(
    'ingen',
  );
});
