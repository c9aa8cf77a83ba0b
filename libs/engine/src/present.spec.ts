import { poolFor } from '@stoettesystemer/postgres';
import { Ting } from '@stoettesystemer/testing';
import type { Pool } from 'pg';
import type { Ask, ObjectInput } from './ask';
import { search } from './spec/journal';
import {
  always,
  anyone,
  asking,
  COMMON,
  NOW,
  OTHER,
  OWN,
  testStore,
  type TestStore,
} from './spec/test-store';

let db: TestStore;
let owner: Pool;

beforeAll(async () => {
  db = await testStore();
  owner = poolFor(db.url, { size: 1 });
});
afterAll(async () => {
  await owner.end();
  await db.drop();
});

const ask = asking(anyone());
/** What marks an object whose periods end while it is read. */
const boundary = 'æggeur';
const titled = (titel: string, virkning: object = always): ObjectInput => ({
  attributter: { egenskaber: [{ virkning, brugervendtNoegle: 'n', titel }] },
});
const titlesOf = async (uuid: string, who: Ask = ask): Promise<string[]> => {
  const { body } = await db.store.read(who, Ting, uuid, NOW);
  const found = await db.store.search(
    who,
    Ting,
    search({ udtryk: { felt: 'uuid', lig: uuid }, vis: null }),
    NOW,
  );
  // A period may end between the two; all else is the same.
  if (!body.includes(boundary)) expect(found.data).toContain(body);
  const { attributter } = JSON.parse(body) as { attributter: { egenskaber?: { titel: string }[] } };
  return (attributter.egenskaber ?? []).map(({ titel }) => titel);
};
/** Reads until an answer is there that a copy could be kept of, and once more. */
const twice = async (uuid: string, who: Ask = ask): Promise<string[]> => {
  await titlesOf(uuid, who);
  return titlesOf(uuid, who);
};

describe('an object that was read before', () => {
  it('is the same object, text for text', async () => {
    const { uuid } = await db.store.create(ask, Ting, titled('Første'));
    const [first, second] = [
      await db.store.read(ask, Ting, uuid, NOW),
      await db.store.read(ask, Ting, uuid, NOW),
    ];
    const whole = await db.store.read(ask, Ting, uuid, { virkning: 'alle', registrering: 'nu' });
    expect(second.body).toBe(first.body);
    expect(second.body).toBe(whole.body);
    expect(second.number).toBe(1);
  });

  it('is read anew after each change, and gone after the last', async () => {
    const { uuid } = await db.store.create(ask, Ting, titled('0'));
    for (const n of [1, 2, 3]) {
      expect(await twice(uuid)).toEqual([`${n - 1}`]);
      await db.store.patch(ask, Ting, uuid, titled(`${n}`), n);
    }
    expect(await twice(uuid)).toEqual(['3']);
    await db.store.passivate(ask, Ting, uuid, 4);
    await expect(db.store.read(ask, Ting, uuid, NOW)).rejects.toMatchObject({ status: 404 });
    await db.store.put(ask, Ting, uuid, titled('igen'), null);
    expect(await twice(uuid)).toEqual(['igen']);
  });

  it('changes when a period begins or ends, though nobody registers anything', async () => {
    const soon = new Date(Date.now() + 1500).toISOString();
    const later = new Date(Date.now() + 3000).toISOString();
    const { uuid } = await db.store.create(ask, Ting, {
      attributter: {
        egenskaber: [
          { virkning: { fra: always.fra, til: soon }, brugervendtNoegle: boundary, titel: 'nu' },
          { virkning: { fra: soon, til: later }, brugervendtNoegle: boundary, titel: 'snart' },
        ],
      },
    });
    const seen: string[] = [];
    for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
      const [titel = ''] = await titlesOf(uuid);
      if (titel !== seen.at(-1)) seen.push(titel);
      if (titel === '') break;
    }
    expect(seen).toEqual(['nu', 'snart', '']);
  });

  it('is not the common one of the same UUID, nor the other way round', async () => {
    const common = asking(anyone(COMMON));
    const other = asking(anyone(OTHER));
    const { uuid } = await db.store.create(common, Ting, titled('fælles'));
    expect(await twice(uuid)).toEqual(['fælles']);
    expect(await twice(uuid, other)).toEqual(['fælles']);
    // As an older municipality may have it: one UUID in both.
    await owner.query('begin');
    await owner.query(`select set_config('app.cvr', '${OWN}', true)`);
    for (const [table, key] of [
      ['object', 'id'],
      ['registration', 'object_id'],
    ])
      await owner.query(
        `create temp table copied on commit drop as select * from ${table} where ${key} = '${uuid}';
         update copied set owner = ${OWN};
         insert into ${table} select * from copied; drop table copied`,
      );
    await owner.query('commit');
    expect(await twice(uuid)).toEqual([]);
    expect(await twice(uuid, other)).toEqual(['fælles']);
  });

  it('is another when the database was set back and has gone another way', async () => {
    const { uuid } = await db.store.create(ask, Ting, titled('før'));
    await db.store.patch(ask, Ting, uuid, titled('tabt'), 1);
    expect(await twice(uuid)).toEqual(['tabt']);
    await owner.query(`set session_replication_role = replica`);
    await owner.query(`delete from registration where object_id = '${uuid}' and number = 2`);
    await owner.query(`delete from fact where object_id = '${uuid}' and number = 2`);
    await owner.query(
      `update fact set recorded = tstzrange(lower(recorded), null) where object_id = '${uuid}'`,
    );
    await owner.query(
      `update object o set number = 1, recorded_at = r.recorded_at from registration r where r.object_id = o.id and o.id = '${uuid}'`,
    );
    await owner.query(`set session_replication_role = origin`);
    expect(await twice(uuid)).toEqual(['før']);
    await db.store.patch(ask, Ting, uuid, titled('anderledes'), 1);
    expect(await twice(uuid)).toEqual(['anderledes']);
  });

  it('is nobody else’s', async () => {
    const { uuid } = await db.store.create(ask, Ting, titled('min'));
    expect(await twice(uuid)).toEqual(['min']);
    await expect(db.store.read(asking(anyone(OTHER)), Ting, uuid, NOW)).rejects.toMatchObject({
      status: 404,
    });
  });
});
