import { testDatabase, type TestDatabase } from '@stoettesystemer/testing';
import { Client } from 'pg';
import { UsageError } from '../usage';
import { newEpochCommand } from './new-epoch';

let db: TestDatabase;
let said = '';
beforeAll(async () => {
  db = await testDatabase({ service: 'new-epoch', migrate: async () => {} });
  process.env['DATABASE_URL'] = db.url;
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterAll(async () => {
  jest.restoreAllMocks();
  delete process.env['DATABASE_URL'];
  const client = new Client({ connectionString: process.env['TEST_DATABASE_URL'] });
  await client.connect();
  await client.query(
    `drop database if exists "${new URL(db.url).pathname.slice(1)}_klassifikation" with (force)`,
  );
  await client.end();
  await db.drop();
});

async function epoch(): Promise<string> {
  const client = new Client({ connectionString: `${db.url}_klassifikation` });
  await client.connect();
  const { rows } = await client.query<{ epoch: string }>('select epoch from feed_state');
  await client.end();
  return rows[0]!.epoch;
}

test('gives the service’s feed another epoch each time, and says which', async () => {
  await newEpochCommand.run(['--service', 'klassifikation']);
  const first = await epoch();
  expect(said).toBe(`klassifikation: ny epoke ${first}\n`);
  said = '';
  await newEpochCommand.run(['--service', 'klassifikation']);
  expect(said).toBe(`klassifikation: ny epoke ${await epoch()}\n`);
  expect(await epoch()).not.toBe(first);
});

test.each([
  [[]],
  [['--service', 'flyv']],
  [['--service']],
  [['klassifikation']],
  [['--service', 'klassifikation', 'nu']],
])('refuses to do it for %j', async (args) => {
  const before = await epoch();
  await expect(newEpochCommand.run(args)).rejects.toThrow(UsageError);
  expect(await epoch()).toBe(before);
});
