import { randomBytes } from 'node:crypto';
import { Database, poolFor, ROLES } from '@stoettesystemer/postgres';
import { Journal, testDatabase, type TestDatabase, Ting } from '@stoettesystemer/testing';
import type { Client } from 'pg';
import { checkRowSecurity } from './row-security';
import { always, anyone, asking, COMMON, OWN, ownerOf, testStore, type TestStore } from './spec/test-store';

let db: TestStore;
let owner: Client;
beforeEach(async () => {
  db = await testStore();
  owner = await ownerOf(db);
});
afterEach(async () => {
  await owner.end();
  await db.drop();
});

const faultOf = async (database: Database): Promise<string> =>
  checkRowSecurity(database).then(
    () => 'none',
    (cause: Error) => cause.message,
  );
/** As sessions of another role see it; null for the login itself. */
async function faultAs(role: string | null, { url }: TestDatabase): Promise<string> {
  const pool = poolFor(url, { size: 1, ...(role === null ? {} : { role }) });
  try {
    return await faultOf(new Database(pool));
  } finally {
    await pool.end();
  }
}
const fill = async (): Promise<void> => {
  const input = { attributter: { egenskaber: [{ virkning: always, brugervendtNoegle: 'n' }] } };
  for (const type of [Ting, Journal])
    for (const cvr of [OWN, COMMON]) await db.store.create(asking(anyone(cvr)), type, input);
};

describe('a service that starts', () => {
  it('finds nothing wrong with a database as it is migrated, empty or not', async () => {
    expect(await faultOf(db.database)).toBe('none');
    await fill();
    expect(await faultOf(db.database)).toBe('none');
  });

  it('finds nothing wrong on a connection that has just acted for a municipality', async () => {
    await fill();
    const pool = poolFor(db.url, { size: 1, role: ROLES.app });
    const used = new Database(pool);
    await used.run({ owner: OWN }, { name: 'used', text: 'select count(*) from object' });
    expect(await faultOf(used)).toBe('none');
    await pool.end();
  });

  it.each([
    [
      'security switched off',
      'alter table fact disable row level security',
      'public.fact har ikke row level security',
    ],
    [
      'security that its owner escapes',
      'alter table registration no force row level security',
      'public.registration har ikke force row level security',
    ],
    [
      'a new table that nobody thought of',
      'create table fravaer (owner int not null, id uuid); grant select on fravaer to stoette_app',
      'public.fravaer har ikke row level security',
    ],
    [
      'a table in another schema',
      'create schema andet; create table andet.ting (owner int)',
      'andet.ting har ikke row level security',
    ],
    [
      'a copy of a table, which cannot be guarded',
      'create materialized view alt as select * from object',
      'public.alt har ikke row level security',
    ],
    ['a table that the role owns', 'alter table term owner to stoette_app', 'public.term ejes af den rolle'],
    [
      'a role that has got the rights of the owner',
      'create role ejer_$; alter table term owner to ejer_$; grant ejer_$ to stoette_app',
      'public.term ejes af den rolle',
    ],
    [
      'a policy that shows all, though there is nothing to see',
      'create policy alle on prose for select to stoette_app using (true)',
      'public.prose har en policy, der ikke spørger om kommunen',
    ],
    [
      'a policy for everybody that lets all be written',
      'create policy alle on audit for insert with check (true)',
      'public.audit har en policy, der ikke spørger om kommunen',
    ],
  ])('does not, with %s', async (_, sql, expected) => {
    const suffix = randomBytes(4).toString('hex');
    await owner.query(sql.replaceAll('$', suffix));
    const fault = await faultOf(db.database);
    // A role belongs to the whole server, and would be there in the next test's database.
    if (sql.includes('$'))
      await owner.query('alter table term owner to current_user; drop role ejer_$'.replaceAll('$', suffix));
    expect(fault).toMatch(/^Databasen holder ikke kommunernes data adskilt, så tjenesten starter ikke: /);
    expect(fault).toContain(expected);
  });

  it('does not, when rows show that no municipality asked for', async () => {
    await fill();
    await owner.query(
      `create or replace function current_owner() returns int stable parallel safe language sql as $$ select ${OWN} $$`,
    );
    const fault = await faultOf(db.database);
    for (const table of ['object', 'registration', 'fact', 'term', 'audit'])
      expect(fault).toContain(`public.${table} viser rækker`);
    expect(fault).not.toContain('public.feed viser');
  });

  it('does not, as the login that owns the tables', async () => {
    await fill();
    const fault = await faultAs(null, db);
    expect(fault).toContain('er superuser');
    expect(fault).toContain('har BYPASSRLS');
    expect(fault).toContain('public.fact ejes af den rolle');
    expect(fault).toContain('public.fact viser rækker');
  });

  it('does not, under a role that escapes the policies and is nothing else', async () => {
    const role = `forbi_${randomBytes(4).toString('hex')}`;
    await owner.query(`create role ${role} nologin bypassrls`);
    try {
      const fault = await faultAs(role, db);
      expect(fault).toContain(`rollen ${role} har BYPASSRLS`);
      expect(fault).not.toContain('superuser');
      expect(fault).not.toContain('ejes af');
    } finally {
      await owner.query(`drop role ${role}`);
    }
  });

  it('does not, on a database that holds nothing of the kind', async () => {
    const empty = await testDatabase({ service: 'tom', migrate: async () => {} });
    expect(await faultOf(empty.database)).toContain('ingen tabeller');
    await empty.drop();
  });
});
