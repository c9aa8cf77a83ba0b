import { chmodSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Statement } from './batch';
import { Database } from './database';
import { type EmbeddedServer, startEmbedded } from './embedded/start-embedded';
import { ensureRoles, ROLES } from './ensure-roles';
import { openServer, type Server } from './open-server';
import { poolFor } from './pool-for';
import { serviceDatabase } from './service-database';

let embedded: EmbeddedServer;

/** The embedded server as a stranger sees it who may make roles and databases, but is no superuser. */
async function loginOn(url: string, name: string, rights: string): Promise<string> {
  await ask(url, `create role ${name} login password 'æ b' ${rights}`);
  const address = new URL(url);
  address.username = name;
  address.password = 'æ b';
  return address.href;
}

async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'stoettesystemer-spec-'));
  chmodSync(dataDir, 0o755);
  embedded = await startEmbedded({ dataDir, test: true });
});
afterAll(() => embedded.stop());

const external = process.env['TEST_EXTERNAL_DATABASE_URL'];
const servers: [string, () => Promise<string>][] = [
  ['the newest PostgreSQL', () => loginOn(embedded.url, 'stranger', 'createdb createrole')],
];
if (external) servers.push(['the external PostgreSQL', () => Promise.resolve(external)]);
else if (process.env['CI'])
  it('has an external PostgreSQL to run against', () => {
    throw new Error('TEST_EXTERNAL_DATABASE_URL is not set');
  });
else it.skip('an external PostgreSQL: set TEST_EXTERNAL_DATABASE_URL', () => undefined);

describe.each(servers)('%s', (_, addressOf) => {
  const service = `s${Date.now()}`;
  let server: Server;
  let url: string;
  let database: Database;

  beforeAll(async () => {
    server = await openServer({ DATABASE_URL: await addressOf(), DATA_DIR: '/nowhere' });
    await Promise.all([1, 2, 3, 4].map(() => ensureRoles(server.url)));
    const urls = await Promise.all([1, 2, 3, 4].map(() => serviceDatabase(server, service)));
    expect(new Set(urls).size).toBe(1);
    url = urls[0] ?? '';
    await ask(
      url,
      `create table item (cvr text, name text);
       alter table item enable row level security;
       alter table item force row level security;
       create policy own on item using (cvr = current_setting('app.cvr', true));
       create policy everything on item for select to stoette_feed using (true);
       grant select, insert on item to stoette_app;
       grant select on item to stoette_feed;
       grant select, delete on item to stoette_sletning`,
    );
    database = new Database(poolFor(url, { role: ROLES.app, size: 2 }));
  });
  afterAll(async () => {
    await database.pool.end();
    await ask(server.url, `drop database "${server.prefix}_${service}" with (force)`);
    await server.stop();
  });

  const who: Statement = { name: 'who', text: 'select current_user, session_user' };
  const own: Statement = { name: 'own', text: 'select name from item order by name' };
  const insert = (cvr: string): Statement => ({
    name: 'insert',
    text: 'insert into item values ($1, $2)',
    values: [cvr, `of ${cvr}`],
  });
  const remove: Statement = { name: 'remove', text: 'delete from item' };
  const [one, two] = [{ owner: '11111111' }, { owner: '22222222' }];

  it('names the databases after the one in the address', async () => {
    const [row] = await ask(url, 'select current_database() as name');
    expect(row?.['name']).toBe(`${new URL(server.url).pathname.slice(1)}_${service}`);
  });

  it('finds everything there the next time', async () => {
    await ensureRoles(server.url);
    expect(await serviceDatabase(server, service)).toBe(url);
  });

  it('makes databases in UTF-8 that know Danish letters and sort by code point', async () => {
    const [row] = await ask(
      url,
      `select pg_encoding_to_char(encoding) as encoding, lower('ÆØÅ') as lower,
              (select string_agg(x, '' order by x) from unnest(array['b', 'A', 'å', 'a', 'æ', '_']) x) as sorted
         from pg_database where datname = current_database()`,
    );
    expect(row).toEqual({ encoding: 'UTF8', lower: 'æøå', sorted: 'A_abåæ' });
  });

  it('begins each session as stoette_app, and each transaction again', async () => {
    const names = async (role?: string): Promise<unknown> =>
      (await database.run(role ? { ...one, role } : one, who)).rows[0]?.['current_user'];
    expect(await names()).toBe('stoette_app');
    expect(await names('stoette_feed')).toBe('stoette_feed');
    expect(await names('stoette_sletning')).toBe('stoette_sletning');
    expect(await names()).toBe('stoette_app');
    const inside = await database.transaction({ owner: null, role: 'stoette_feed' }, (tx) => tx.run(who));
    expect(inside.rows[0]?.['current_user']).toBe('stoette_feed');
    expect(await names()).toBe('stoette_app');
    await expect(names('pg_write_server_files')).rejects.toMatchObject({ code: '42501' });
  });

  it('shows each role its rows only, through the same prepared statements', async () => {
    await database.run(one, insert('11111111'));
    await database.run(two, insert('22222222'));
    await expect(database.run(one, insert('22222222'))).rejects.toMatchObject({ code: '42501' });
    const names = async (context: { owner: string | null; role?: string }): Promise<unknown[]> =>
      (await database.run(context, own)).rows.map((row) => row['name']);
    for (let round = 0; round < 3; round++) {
      expect(await names(one)).toEqual(['of 11111111']);
      expect(await names(two)).toEqual(['of 22222222']);
      expect(await names({ owner: null })).toEqual([]);
      expect(await names({ owner: null, role: 'stoette_feed' })).toEqual(['of 11111111', 'of 22222222']);
    }
    await expect(database.run(one, remove)).rejects.toMatchObject({ code: '42501' });
    expect((await database.run({ ...one, role: 'stoette_sletning' }, remove)).count).toBe(1);
    expect(await names({ owner: null, role: 'stoette_feed' })).toEqual(['of 22222222']);
  });

  it('does not let the application change the tables', async () => {
    await expect(database.run(one, { name: 'ddl', text: 'create table x ()' })).rejects.toThrow();
    await expect(database.run(one, { name: 'drop', text: 'drop table item' })).rejects.toThrow();
  });

  it('begins each session with the same settings', async () => {
    const names = [
      ...[
        'TimeZone',
        'DateStyle',
        'lock_timeout',
        'statement_timeout',
        'idle_in_transaction_session_timeout',
      ],
      ...['default_transaction_isolation', 'application_name', 'client_encoding'],
    ];
    const settings = `select name, current_setting(name) as value from unnest($1::text[]) name`;
    const { rows } = await database.pool.query<{ name: string; value: string }>(settings, [names]);
    expect(Object.fromEntries(rows.map(({ name, value }) => [name, value]))).toEqual({
      TimeZone: 'UTC',
      DateStyle: 'ISO, YMD',
      lock_timeout: '3s',
      statement_timeout: '30s',
      idle_in_transaction_session_timeout: '10s',
      default_transaction_isolation: 'read committed',
      application_name: 'stoettesystemer',
      client_encoding: 'UTF8',
    });
    const address = new URL(url);
    address.searchParams.set('options', '-c work_mem=5MB');
    const patient = poolFor(address.href, { statementTimeout: 0, size: 1 });
    const given = await patient.query(settings, [['statement_timeout', 'work_mem', 'role']]);
    await patient.end();
    expect(given.rows).toEqual([
      { name: 'statement_timeout', value: '0' },
      { name: 'work_mem', value: '5MB' },
      { name: 'role', value: 'none' },
    ]);
  });
});

describe('a login that may not', () => {
  it('make roles gets the statements that somebody else must run', async () => {
    await ensureRoles(embedded.url);
    const url = await loginOn(embedded.url, '"Uden ret"', '');
    const address = new URL(url);
    address.username = 'Uden ret';
    const refused = ensureRoles(address.href);
    await expect(refused).rejects.toThrow('create role stoette_app nologin;');
    await expect(refused).rejects.toThrow(
      /grant stoette_sletning to "Uden ret" with inherit false, set true;/,
    );
    const statements = await refused.catch((cause: Error) => cause.message.split('\n').slice(1));
    for (const statement of statements ?? [])
      await ask(embedded.url, statement).catch((cause: unknown) => {
        expect(cause).toMatchObject({ code: '42710' });
      });
    await ensureRoles(address.href);
  });

  it('make databases gets the statement that somebody else must run', async () => {
    const url = await loginOn(embedded.url, 'uden_base', '');
    const refused = serviceDatabase({ url, prefix: 'uden' }, 'base');
    await expect(refused).rejects.toThrow(`create database "uden_base" template template0 encoding 'UTF8'`);
    const statement = await refused.catch((cause: Error) => cause.message.split('\n')[1]);
    await ask(embedded.url, statement ?? '');
    await serviceDatabase({ url, prefix: 'uden' }, 'base');
  });
});

it('docker/init.sql makes every role that a service takes on', () => {
  const sql = readFileSync(join(__dirname, '../../../docker/init.sql'), 'utf8');
  const granted = /grant ([^;]*) to stoette_login with inherit false, set true;/.exec(sql)?.[1]?.split(', ');
  expect(granted?.sort()).toEqual(Object.values(ROLES).sort());
  for (const role of Object.values(ROLES)) expect(sql).toContain(`create role ${role} nologin;`);
});

describe('openServer', () => {
  it('refuses a server that is too old', async () => {
    const url = await loginOn(embedded.url, 'oldtimer', 'createdb');
    await ask(
      embedded.url,
      `create schema past;
       create function past.current_setting(text) returns text language sql as $$ select '140012' $$;
       grant usage on schema past to oldtimer;
       alter role oldtimer set search_path = past, pg_catalog`,
    );
    await expect(openServer({ DATABASE_URL: url })).rejects.toThrow(/er version 14.*15 eller nyere/);
  });

  it.each(['localhost/db', 'mysql://a:hemmelig@b/c', 'postgres://a:hemmelig@b', 'postgres://a:hemmelig@b/'])(
    'refuses the address %s without repeating its password',
    async (DATABASE_URL) => {
      const refused = openServer({ DATABASE_URL });
      await expect(refused).rejects.toThrow('DATABASE_URL skal have formen');
      await expect(refused).rejects.not.toThrow('hemmelig');
    },
  );

  it('refuses a name that PostgreSQL would cut', async () => {
    const server = { url: embedded.url, prefix: 'x'.repeat(50) };
    await expect(serviceDatabase(server, 'y'.repeat(20))).rejects.toThrow('too long');
  });

  it('refuses a database in another character set', async () => {
    await ask(
      embedded.url,
      `create database old_latin template template0 encoding 'LATIN1' locale_provider libc locale 'C'`,
    );
    await expect(serviceDatabase({ url: embedded.url, prefix: 'old' }, 'latin')).rejects.toThrow('LATIN1');
  });
});
