import { createSecretKey, randomBytes } from 'node:crypto';
import { migrate } from '@stoettesystemer/engine';
import { type Database, poolFor } from '@stoettesystemer/postgres';
import { testDatabase, type TestDatabase } from '@stoettesystemer/testing';
import type { Pool } from 'pg';
import { type AuditEntry, auditRow } from './audit';

const key = createSecretKey(randomBytes(32));
const uuid = (n: number): string => `aaaaaaaa-0000-4000-8000-${String(n).padStart(12, '0')}`;
const entry: AuditEntry = {
  caller: {
    service: 'sagsindeks',
    owner: '12345678',
    system: uuid(1),
    subject: 'en-bruger',
    agreement: uuid(2),
    assurance: 'https://data.gov.dk/concept/core/nsis/loa/Substantial',
    agreementVersion: 7,
    tokenId: 't',
    expires: 0,
    groups: [],
  },
  transaction: uuid(3),
  operation: 'soeg',
  type: 'Sag',
  objects: [uuid(4), uuid(5)],
  criteria: { felt: 'sagspart', lig: { urn: 'urn:oio:cpr-nr:2512484916' } },
  purpose: 'sagsbehandling',
  count: 2,
  allowed: true,
};

let db: TestDatabase;
let login: Pool;
let database: Database;

beforeAll(async () => {
  db = await testDatabase({ service: 'adgang', migrate });
  ({ database } = db);
  login = poolFor(db.url, { size: 1 });
});
afterAll(async () => {
  await login.end();
  await db.drop();
});
// The log refuses to be emptied; only here is that passed by.
beforeEach(() =>
  login.query(
    'set session_replication_role = replica; truncate audit; set session_replication_role = origin',
  ),
);
const written = async () => (await login.query<Record<string, unknown>>('select * from audit')).rows;

it('writes who did what to which objects, and why', async () => {
  await database.run({ owner: '12345678' }, auditRow(entry, key));
  expect(await written()).toEqual([
    expect.objectContaining({
      owner: 12345678,
      transaction: uuid(3),
      system: uuid(1),
      subject: 'en-bruger',
      agreement: uuid(2),
      assurance: 'https://data.gov.dk/concept/core/nsis/loa/Substantial',
      operation: 'soeg',
      type: 'Sag',
      objects: [uuid(4), uuid(5)],
      purpose: 'sagsbehandling',
      count: 2,
      allowed: true,
      rule: null,
    }),
  ]);
});

it('holds no CPR number', async () => {
  await database.run({ owner: '12345678' }, auditRow(entry, key));
  const [row] = await written();
  expect(JSON.stringify(row)).not.toContain('2512484916');
  expect(row?.['criteria']).toEqual({
    felt: 'sagspart',
    lig: { urn: expect.stringMatching(/^cpr-hmac:[\w-]{22}$/) as string },
  });
});

it('writes a denial, with what little is known', async () => {
  const { caller, operation } = entry;
  await database.run(
    { owner: '12345678' },
    auditRow(
      {
        caller: { ...caller, agreement: null, assurance: null },
        transaction: null,
        operation,
        type: null,
        allowed: false,
        rule: 'A13',
      },
      key,
    ),
  );
  expect(await written()).toEqual([
    expect.objectContaining({ allowed: false, rule: 'A13', objects: [], criteria: null, count: null }),
  ]);
});

it('goes with the transaction it belongs to', async () => {
  const gone = database.transaction({ owner: '12345678' }, async (tx) => {
    await tx.run(auditRow(entry, key));
    throw new Error('refused');
  });
  await expect(gone).rejects.toThrow('refused');
  expect(await written()).toEqual([]);
});

it("is not written in another municipality's name", async () => {
  await expect(database.run({ owner: '87654321' }, auditRow(entry, key))).rejects.toThrow(
    'row-level security',
  );
});

it('is neither changed nor taken away', async () => {
  await database.run({ owner: '12345678' }, auditRow(entry, key));
  const as = { owner: '12345678' };
  await expect(
    database.run(as, { name: 'edit', text: `update audit set subject = 'en anden'` }),
  ).rejects.toThrow('permission denied');
  await expect(database.run(as, { name: 'erase', text: 'delete from audit' })).rejects.toThrow(
    'permission denied',
  );
  await expect(login.query('delete from audit')).rejects.toThrow('not edited');
});
