import { randomUUID } from 'node:crypto';
import type { Caller, PrivilegeGroup } from '@stoettesystemer/access';
import { poolFor } from '@stoettesystemer/postgres';
import { Journal } from '@stoettesystemer/testing';
import type { Pool } from 'pg';
import { callerWith, type Content, group, journal, LEVELS, made, search, UNITS, verbs } from './spec/journal';
import {
  always,
  anyone,
  asking,
  COMMON,
  lastBefore,
  NOW,
  OTHER,
  OWN,
  testStore,
  type TestStore,
} from './spec/test-store';
import { ways } from './spec/ways';

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
const answerOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    ({ status, kode, detail, fejl, headers }: Record<string, unknown>) => ({
      status,
      kode,
      detail,
      fejl,
      headers,
    }),
  );
/** Every operation on one UUID. */
const operations = (caller: Caller, uuid: string): Record<string, () => Promise<unknown>> => ({
  read: () => db.store.read(asking(caller), Journal, uuid, NOW),
  history: () => db.store.history(asking(caller), Journal, uuid, { limit: 1, before: null }),
  registration: () => db.store.registration(asking(caller), Journal, uuid, 1),
  patch: () => db.store.patch(asking(caller), Journal, uuid, journal({}), 1),
  patchBlind: () => db.store.patch(asking(caller), Journal, uuid, journal({}), null),
  passivate: () => db.store.passivate(asking(caller), Journal, uuid, 1),
  remove: () => db.store.remove(asking(caller), Journal, uuid, 1),
});
describe("what is not the caller's", () => {
  it('T23: is answered like a UUID that nobody has, whatever is asked, and stays as it was', async () => {
    const foreign = await made(db, { kle: '27.18.02' }, OTHER);
    const hidden = await made(db, { kle: '28.01.01', level: LEVELS[0] });
    const outside = callerWith(group({ kle: ['27.*'] }));
    for (const [caller, uuid] of [
      [anyone(), foreign],
      [outside, hidden],
      [anyone(COMMON), foreign],
    ] as const)
      for (const [name, operation] of Object.entries(operations(caller, uuid))) {
        const nobody = await answerOf(operations(caller, randomUUID())[name]!());
        expect([name, await answerOf(operation())]).toEqual([name, nobody]);
        expect(nobody).toMatchObject({ status: 404, kode: 'findes_ikke' });
      }
    const { rows } = await owner.query('select number from object where id = any($1)', [[foreign, hidden]]);
    expect(rows).toEqual([{ number: 1 }, { number: 1 }]);
    expect(await db.store.readMany(asking(anyone()), Journal, [foreign, randomUUID()], NOW)).toEqual([]);
  });

  it("T25: does not stand in the way of a key or a UUID of one's own, nor count", async () => {
    const uuid = randomUUID();
    const ours = { attributter: { egenskaber: [{ virkning: always, brugervendtNoegle: 'kun-en' }] } };
    await db.store.put(asking(anyone(OTHER)), Journal, uuid, ours, null);
    expect((await db.store.put(asking(anyone()), Journal, uuid, ours, null)).outcome).toBe('oprettet');
    const found = await db.store.search(
      asking(anyone()),
      Journal,
      search({ udtryk: { felt: 'brugervendtNoegle', lig: 'kun-en' } }),
      NOW,
    );
    expect(found).toMatchObject({ data: [JSON.stringify(uuid)], antal: 1 });
  });

  it.each([
    ['27.18.02', true],
    ['27.00.00', true],
    ['28.01.01', false],
    ['2.7', false],
    ['270.1', false],
    ['27', false],
    ['27/18', false],
    ['27-18', false],
    [' 27.18.02', false],
    [undefined, false],
  ])('T26: 27.* and the KLE number %j', async (kle, expected) => {
    const uuid = await made(db, { kle, level: LEVELS[0] });
    const found = await ways(db, callerWith(group({ kle: ['27.*'] })), [uuid]);
    for (const [way, seen] of Object.entries(found)) expect([way, seen.has(uuid)]).toEqual([way, expected]);
  });

  it('T27: is not reached by the values of two groups together', async () => {
    const caller = callerWith(
      group({ kle: ['27.*'], foelsomhed: LEVELS[1]! }),
      group({ kle: ['32.30.*'], foelsomhed: LEVELS[0]! }),
    );
    const [mixed, first, second] = [
      await made(db, { kle: '32.30.04', level: LEVELS[1] }),
      await made(db, { kle: '27.18.02', level: LEVELS[1] }),
      await made(db, { kle: '32.30.04', level: LEVELS[0] }),
    ];
    for (const [way, seen] of Object.entries(await ways(db, caller, [mixed, first, second])))
      expect([way, [...seen].sort()]).toEqual([way, [first, second].sort()]);
  });

  it('is nothing at all without a group, with an empty list, or with a restriction that nobody knows', async () => {
    const uuid = await made(db, { kle: '27.18.02', level: LEVELS[0], unit: UNITS[0] });
    const unknown: PrivilegeGroup['constraints'][] = [
      { kle: [] },
      { kle: ['2*'] },
      { ukendt: ['x'] },
      { itsystem: [UNITS[0]!] },
      { foelsomhed: 'ALT' },
    ];
    for (const constraints of unknown)
      for (const [way, seen] of Object.entries(await ways(db, callerWith(group(constraints)), [uuid])))
        expect([way, seen.size]).toEqual([way, 0]);
    const nobody = { ...callerWith(), groups: [] };
    await expect(db.store.read(asking(nobody), Journal, uuid, NOW)).rejects.toMatchObject({
      status: 403,
      kode: 'ingen_rettighed',
    });
  });

  it('T30: cannot be made of what is, and once made by another is gone for the narrow', async () => {
    const narrow = callerWith(group({ kle: ['27.*'], foelsomhed: LEVELS[1]!, orgenhed: [UNITS[0]!] }));
    const inside: Content = { kle: '27.18.02', level: LEVELS[0], unit: UNITS[0] };
    const uuid = await made(db, inside);
    const outside: Content[] = [
      { ...inside, kle: '28.01.01' },
      { ...inside, level: LEVELS[2] },
      { ...inside, unit: UNITS[1] },
      { ...inside, unit: undefined },
    ];
    const refused = { status: 403, kode: 'dataafgraensning' };
    for (const content of outside) {
      await expect(db.store.put(asking(narrow), Journal, uuid, journal(content), 1)).rejects.toMatchObject(
        refused,
      );
      await expect(db.store.create(asking(narrow), Journal, journal(content))).rejects.toMatchObject(refused);
      const [result] = await db.store.bulk(asking(narrow), [
        { line: 1, type: 'Journal', uuid, input: journal(content) },
      ]);
      expect(result).toMatchObject({ status: 403, fejl: [{ kode: 'dataafgraensning' }] });
    }
    const moved = { relationer: { enhed: [{ virkning: always, reference: { uuid: UNITS[1] } }] } };
    await expect(db.store.patch(asking(narrow), Journal, uuid, moved, 1)).rejects.toMatchObject(refused);
    const ended = { relationer: { enhed: [{ virkning: always, reference: null }] } };
    await expect(db.store.patch(asking(narrow), Journal, uuid, ended, 1)).rejects.toMatchObject(refused);
    expect((await db.store.read(asking(narrow), Journal, uuid, NOW)).number).toBe(1);
    await db.store.patch(asking(anyone()), Journal, uuid, moved, 1);
    for (const [way, seen] of Object.entries(await ways(db, narrow, [uuid])))
      expect([way, seen.size]).toEqual([way, 0]);
  });

  it('is judged by what holds now, though the past is asked for', async () => {
    const uuid = await made(db, { kle: '27.18.02', level: LEVELS[0], unit: UNITS[0] });
    await db.store.patch(
      asking(anyone()),
      Journal,
      uuid,
      { attributter: { egenskaber: [{ virkning: always, foelsomhed: 'VIP_SAGER' }] } },
      1,
    );
    const narrow = callerWith(group({ foelsomhed: LEVELS[1]! }));
    const at = await lastBefore(db, Journal, uuid, 2);
    const then = { virkning: 'nu', registrering: { at } } as const;
    await expect(db.store.read(asking(narrow), Journal, uuid, then)).rejects.toMatchObject({ status: 404 });
    await expect(db.store.registration(asking(narrow), Journal, uuid, 1)).rejects.toMatchObject({
      status: 404,
    });
    await expect(db.store.read(asking(anyone()), Journal, uuid, then)).resolves.toMatchObject({ number: 1 });
  });

  it('is refused with 403 where the privilege itself is missing, for each verb', async () => {
    const uuid = await made(db, {});
    const only = (...some: string[]) => callerWith(group({}, { privileges: verbs(...some) }));
    const needs: [string, Caller][] = [
      ['read', only('skriv', 'slet', 'importer', 'historik')],
      ['history', only('laes', 'skriv', 'slet', 'importer')],
      ['registration', only('laes')],
      ['patch', only('laes', 'slet', 'importer')],
      ['passivate', only('laes', 'slet', 'importer')],
      ['remove', only('laes', 'skriv', 'importer')],
    ];
    for (const [name, caller] of needs)
      expect([name, await answerOf(operations(caller, uuid)[name]!())]).toMatchObject([
        name,
        { status: 403, kode: 'ingen_rettighed' },
      ]);
    await expect(
      db.store.put(asking(only('laes', 'skriv')), Journal, uuid, journal({}), 1),
    ).rejects.toMatchObject({ status: 403 });
    await expect(
      db.store.create(asking(only('laes', 'importer')), Journal, journal({})),
    ).rejects.toMatchObject({ status: 403 });
    await expect(db.store.search(asking(only('historik')), Journal, search(), NOW)).rejects.toMatchObject({
      status: 403,
    });
    const mayRead = callerWith(
      group({}, { privileges: verbs('laes') }),
      group({ kle: ['27.*'] }, { privileges: verbs('skriv') }),
    );
    await expect(db.store.patch(asking(mayRead), Journal, uuid, journal({}), 1)).rejects.toMatchObject({
      status: 403,
      kode: 'dataafgraensning',
    });
  });

  it('is common: read by all, written by the common organisation alone', async () => {
    const { uuid } = await db.store.create(asking(anyone(COMMON)), Journal, journal({ kle: '27.18.02' }));
    for (const cvr of [OWN, OTHER, COMMON]) {
      await expect(db.store.read(asking(anyone(cvr)), Journal, uuid, NOW)).resolves.toMatchObject({
        number: 1,
      });
      await expect(
        db.store.history(asking(anyone(cvr)), Journal, uuid, { limit: 9, before: null }),
      ).resolves.toHaveLength(1);
    }
    const refused = { status: 403, kode: 'faelles' };
    await expect(db.store.patch(asking(anyone()), Journal, uuid, journal({}), 1)).rejects.toMatchObject(
      refused,
    );
    await expect(db.store.remove(asking(anyone()), Journal, uuid, 1)).rejects.toMatchObject(refused);
    await expect(db.store.put(asking(anyone()), Journal, uuid, journal({}), 1)).rejects.toMatchObject(
      refused,
    );
    expect(
      (await db.store.bulk(asking(anyone()), [{ line: 1, type: 'Journal', uuid, input: journal({}) }]))[0],
    ).toMatchObject({ status: 403 });
    await expect(
      db.store.patch(
        asking(anyone(COMMON)),
        Journal,
        uuid,
        { attributter: journal({}, { titel: 'ny' }).attributter! },
        1,
      ),
    ).resolves.toMatchObject({ number: 2 });
  });
});
