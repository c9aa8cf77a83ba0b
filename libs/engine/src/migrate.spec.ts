import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { now } from '@stoettesystemer/object';
import { Database, poolFor, ROLES, serviceDatabase } from '@stoettesystemer/postgres';
import { callerOf, Ting } from '@stoettesystemer/testing';
import { Client } from 'pg';
import type { Ask } from './ask';
import { migrate, migrations } from './migrate';
import { ObjectStore } from './object-store';

const external = process.env['TEST_EXTERNAL_DATABASE_URL'];
if (!external && process.env['CI'] !== 'true')
  console.warn('TEST_EXTERNAL_DATABASE_URL er ikke sat; prøverne mod en ekstern PostgreSQL springes over.');

const servers: [name: string, url: string | undefined][] = [
  ['the embedded PostgreSQL', process.env['TEST_DATABASE_URL']],
  ['an external PostgreSQL, by a login that is no superuser', external],
];

for (const [name, url] of servers) {
  const there = url || process.env['CI'] === 'true' ? describe : describe.skip;

  there(`on ${name}`, () => {
    let database: string;

    beforeAll(async () => {
      if (!url) throw new Error('TEST_EXTERNAL_DATABASE_URL is not set');
      database = await serviceDatabase({ url, prefix: 'migrate' }, randomBytes(4).toString('hex'));
    });
    afterAll(async () => {
      const client = new Client({ connectionString: url });
      await client.connect();
      await client.query(
        `drop database if exists ${client.escapeIdentifier(new URL(database).pathname.slice(1))} with (force)`,
      );
      await client.end();
    });

    it('migrates once, however many processes start at the same time', async () => {
      await Promise.all(Array.from({ length: 4 }, () => migrate(database)));
      const client = new Client({ connectionString: database });
      await client.connect();
      const { rows } = await client.query<{ count: number }>('select count(*)::int as count from migration');
      await client.end();
      expect(rows[0]?.count).toBe(migrations.length);
    }, 60_000);

    it('stores, reads, finds by word, changes and deletes', async () => {
      const pool = poolFor(database, { size: 3, role: ROLES.app });
      try {
        const caller = callerOf({ service: 'proeve', owner: '12345678', types: [Ting] });
        const ask: Ask = { caller, transaction: randomUUID() };
        const store = new ObjectStore(new Database(pool), {
          service: 'proeve',
          types: [Ting],
          secret: randomBytes(32),
          pseudonymKey: createSecretKey(randomBytes(32)),
        });
        const virkning = { fra: '2020-01-01T00:00:00Z' };
        const item = { brugervendtNoegle: 'A', titel: 'Kørsel med skolebus' };
        const { uuid } = await store.create(ask, Ting, {
          attributter: { egenskaber: [{ virkning, ...item }] },
        });
        const at = { virkning: { at: now() }, registrering: 'nu' } as const;
        const query = { sorter: ['titel'], vis: 'uuid', limit: 10, cursor: null, antal: true } as const;
        const found = await store.search(
          ask,
          Ting,
          { ...query, udtryk: { felt: 'tekst', lig: 'skolebuss' } },
          at,
        );
        expect(found).toEqual({ data: [JSON.stringify(uuid)], naeste: null, antal: 1 });
        await store.patch(
          ask,
          Ting,
          uuid,
          { attributter: { egenskaber: [{ virkning, titel: 'Andet' }] } },
          1,
        );
        expect((await store.read(ask, Ting, uuid, at)).body).toContain('"titel":"Andet"');
        await store.remove(ask, Ting, uuid, 2);
        await expect(store.read(ask, Ting, uuid, at)).rejects.toMatchObject({ status: 404 });
      } finally {
        await pool.end();
      }
    });
  });
}
