import { randomUUID } from 'node:crypto';
import { poolFor } from '@stoettesystemer/postgres';
import { Journal } from '@stoettesystemer/testing';
import type { Pool } from 'pg';
import { journal } from './spec/journal';
import { anyone, asking, lastBefore, testStore, type TestStore } from './spec/test-store';

let db: TestStore;
let owner: Pool;

beforeAll(async () => {
  db = await testStore({ size: 6 });
  owner = poolFor(db.url, { size: 2 });
});
afterAll(async () => {
  await owner.end();
  await db.drop();
});
describe('an erasure', () => {
  it('leaves a tombstone and nothing else, in any table', async () => {
    const caller = anyone();
    const secret = 'Enestaaende Hemmelighed';
    const answer = () => ({ status: 201, headers: {}, body: secret });
    const ask = asking(caller, { idempotency: { key: randomUUID(), hash: Buffer.alloc(32) }, answer });
    const { uuid } = await db.store.create(ask, Journal, journal({ kle: '27.18.02' }, { titel: secret }));
    await db.store.patch(
      asking(caller),
      Journal,
      uuid,
      { note: secret, attributter: journal({}, { titel: `${secret} 2` }).attributter! },
      1,
    );
    await db.store.remove(asking(caller), Journal, uuid, 2);
    const { rows: tables } = await owner.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public'`,
    );
    for (const { name } of tables) {
      const { rowCount } = await owner.query(`select from ${name} t where t::text like '%' || $1 || '%'`, [
        secret,
      ]);
      expect([name, rowCount]).toEqual([name, 0]);
    }
    const before = { at: await lastBefore(db, Journal, uuid, 3) };
    const at = { virkning: 'alle', registrering: before } as const;
    await expect(db.store.read(asking(caller), Journal, uuid, at)).rejects.toMatchObject({ status: 404 });
    const tale = await db.store.history(asking(caller), Journal, uuid, { limit: 9, before: null });
    expect(tale.map(({ number, lifecycle }) => [number, lifecycle])).toEqual([[3, 'Slettet']]);
    await expect(db.store.remove(asking(caller), Journal, uuid, 3)).rejects.toMatchObject({ status: 404 });
    await expect(db.store.patch(asking(caller), Journal, uuid, journal({}), 3)).rejects.toMatchObject({
      status: 404,
    });
    expect(
      (await db.store.put(asking(caller), Journal, uuid, journal({ kle: '27.18.02' }), null)).number,
    ).toBe(4);
  });
});
