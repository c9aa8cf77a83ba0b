import { randomUUID } from 'node:crypto';
import { Refusal } from '@stoettesystemer/object';
import { poolFor } from '@stoettesystemer/postgres';
import { Journal, Ting } from '@stoettesystemer/testing';
import type { Pool } from 'pg';
import type { ObjectInput } from './ask';
import { revise } from './revisor';
import type { Rule } from './rule';
import { journal } from './spec/journal';
import { always, anyone, asking, lastBefore, NOW, testStore, type TestStore } from './spec/test-store';

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
/** The tables that a text stands in. */
async function traces(secret: string): Promise<string[]> {
  const { rows: tables } = await owner.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public'`,
  );
  const found: string[] = [];
  for (const { name } of tables)
    if ((await owner.query(`select from ${name} t where t::text like '%' || $1 || '%'`, [secret])).rowCount)
      found.push(name);
  return found;
}
const thing = (members: object): ObjectInput => ({
  attributter: { egenskaber: [{ virkning: always, brugervendtNoegle: 't', ...members }] },
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
    expect(await traces(secret)).not.toEqual([]);
    await db.store.remove(asking(caller), Journal, uuid, 2);
    expect(await traces(secret)).toEqual([]);
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

  it('takes what is only deleted in name, too, when the one who asks has seen it and nothing is in the way', async () => {
    const caller = anyone();
    const secret = 'Ganske Særlig';
    const { uuid } = await db.store.create(asking(caller), Ting, thing({ titel: secret }));
    await db.store.patch(asking(caller), Ting, uuid, thing({ titel: `${secret} 2` }), 1);
    const inTheWay: Rule = {
      types: ['Ting'],
      facets: ['egenskaber'],
      check: ({ action, before }) => {
        expect([action, before['egenskaber']]).toEqual([
          'slet',
          [expect.objectContaining({ titel: `${secret} 2` })],
        ]);
        throw new Refusal(422, 'i_brug', 'Nej.');
      },
    };
    const erase = (number: number | null, options: object = {}) =>
      db.store.erase(asking(caller), Ting, uuid, number, { note: 'Lukket', ...options });
    await expect(erase(null)).rejects.toMatchObject({ status: 428 });
    await expect(erase(1)).rejects.toMatchObject({ status: 412 });
    await expect(erase(2, { rules: [inTheWay] })).rejects.toMatchObject({ kode: 'i_brug' });
    expect((await db.store.read(asking(caller), Ting, uuid, NOW)).number).toBe(2);
    // Deleted in name it is still there, and goes all the same.
    await db.store.remove(asking(caller), Ting, uuid, 2);
    expect(await erase(3)).toMatchObject({ outcome: 'slettet', number: 4 });
    expect(await traces(secret)).toEqual([]);
    const tale = await db.store.history(asking(caller), Ting, uuid, { limit: 9, before: null });
    expect(tale.map(({ number, lifecycle, note }) => [number, lifecycle, note])).toEqual([
      [4, 'Slettet', 'Lukket'],
    ]);
    await expect(erase(4)).rejects.toMatchObject({ status: 404 });
    expect((await revise(db.url, { types: [Ting, Journal] })).findings).toEqual([]);
  });
});
