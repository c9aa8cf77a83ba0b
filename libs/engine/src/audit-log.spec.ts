import { randomUUID } from 'node:crypto';
import type { Caller } from '@stoettesystemer/access';
import { poolFor } from '@stoettesystemer/postgres';
import { Journal, Ting } from '@stoettesystemer/testing';
import type { Pool } from 'pg';
import type { Ask } from './ask';
import { callerWith, group, journal, made, search, verbs } from './spec/journal';
import { always, anyone, asking, NOW, OTHER, testStore, type TestStore } from './spec/test-store';

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

interface AuditRow {
  operation: string;
  type: string | null;
  objects: string[];
  allowed: boolean;
  rule: string | null;
  count: number | null;
  criteria: string | null;
  subject: string;
  purpose: string | null;
}
/** What the security log was told in the course of a request. */
async function logged(caller: Caller, work: (ask: Ask) => Promise<unknown>): Promise<AuditRow[]> {
  const ask = asking(caller, { purpose: 'sagsbehandling' });
  await work(ask).catch(() => undefined);
  const { rows } = await owner.query<AuditRow>(
    `select operation, type, objects, allowed, rule, count, criteria::text, subject, purpose from audit where transaction = $1 and owner = $2 order by id`,
    [ask.transaction, caller.owner],
  );
  for (const row of rows) expect([row.subject, row.type]).toEqual([caller.subject, 'Journal']);
  return rows;
}

describe('the security log', () => {
  const caller = anyone();
  const query = search({
    vis: null,
    limit: 2,
    udtryk: { felt: 'part', lig: { urn: 'urn:oio:cpr-nr:2512484916' } },
  });
  const withPart = async (): Promise<string> => {
    const part = [
      { virkning: always, rolle: 'Primaer', indeks: '1', reference: { urn: 'urn:oio:cpr-nr:2512484916' } },
    ];
    return (await db.store.create(asking(caller), Journal, { ...journal({}), relationer: { part } })).uuid;
  };

  it('has one line for each thing that is read', async () => {
    const uuids = [await withPart(), await withPart(), await withPart()];
    const [uuid = ''] = uuids;
    const line = { allowed: true, rule: null, purpose: 'sagsbehandling' };
    expect(await logged(caller, (ask) => db.store.read(ask, Journal, uuid, NOW))).toMatchObject([
      { ...line, operation: 'laes', objects: [uuid], count: 1 },
    ]);
    expect(
      await logged(caller, (ask) => db.store.history(ask, Journal, uuid, { limit: 1, before: null })),
    ).toMatchObject([{ ...line, operation: 'historik', objects: [uuid] }]);
    expect(await logged(caller, (ask) => db.store.registration(ask, Journal, uuid, 1))).toMatchObject([
      { ...line, operation: 'historik', objects: [uuid] },
    ]);
    const [many] = await logged(caller, (ask) => db.store.readMany(ask, Journal, uuids, NOW));
    expect(many).toMatchObject({ ...line, operation: 'laes_mange', count: 3 });
    expect(many!.objects.sort()).toEqual([...uuids].sort());
    const found = await logged(caller, (ask) => db.store.search(ask, Journal, query, NOW));
    expect(found).toMatchObject([
      { ...line, operation: 'soeg', objects: [...uuids].sort().slice(0, 2), count: 2 },
    ]);
    expect(found[0]!.criteria).toContain('cpr-hmac:');
    expect(found[0]!.criteria).not.toContain('2512484916');
    expect(
      await logged(caller, (ask) =>
        db.store.outline(
          ask,
          Journal,
          [{ facet: 'egenskaber', member: 'titel' }],
          { felt: 'uuid', lig: uuid },
          NOW,
        ),
      ),
    ).toMatchObject([{ ...line, operation: 'oversigt', objects: [uuid] }]);
  });

  it('has one line for each thing that is changed', async () => {
    const line = { allowed: true, rule: null, count: 1, purpose: 'sagsbehandling' };
    const uuid = randomUUID();
    expect(await logged(caller, (ask) => db.store.create(ask, Journal, journal({})))).toMatchObject([
      { ...line, operation: 'opret' },
    ]);
    expect(await logged(caller, (ask) => db.store.put(ask, Journal, uuid, journal({}), null))).toMatchObject([
      { ...line, operation: 'importer', objects: [uuid] },
    ]);
    expect(
      await logged(caller, (ask) =>
        db.store.patch(ask, Journal, uuid, { attributter: journal({}, { titel: 'x' }).attributter! }, 1),
      ),
    ).toMatchObject([{ ...line, operation: 'ret', objects: [uuid] }]);
    expect(
      await logged(caller, (ask) =>
        db.store.bulk(ask, [{ line: 1, type: 'Journal', uuid, input: journal({}) }]),
      ),
    ).toMatchObject([{ ...line, operation: 'importer_mange', objects: [uuid] }]);
    expect(await logged(caller, (ask) => db.store.passivate(ask, Journal, uuid, 3))).toMatchObject([
      { ...line, operation: 'passiver', objects: [uuid] },
    ]);
    expect(await logged(caller, (ask) => db.store.remove(ask, Journal, uuid, 4))).toMatchObject([
      { ...line, operation: 'slet', objects: [uuid] },
    ]);
  });

  it('has one line for each thing that is denied, naming what was asked for, whether it is there or not', async () => {
    const foreign = await made(db, {}, OTHER);
    const hidden = await made(db, { kle: '28.01.01' });
    const narrow = callerWith(group({ kle: ['27.*'] }));
    for (const [who, uuid] of [
      [caller, foreign],
      [narrow, hidden],
      [caller, randomUUID()],
    ] as const)
      for (const [name, operation] of Object.entries({
        laes: (ask: Ask) => db.store.read(ask, Journal, uuid, NOW),
        historik: (ask: Ask) => db.store.history(ask, Journal, uuid, { limit: 1, before: null }),
        laes_mange: (ask: Ask) => db.store.readMany(ask, Journal, [uuid], NOW),
        ret: (ask: Ask) => db.store.patch(ask, Journal, uuid, journal({}), 1),
        passiver: (ask: Ask) => db.store.passivate(ask, Journal, uuid, 1),
        slet: (ask: Ask) => db.store.remove(ask, Journal, uuid, 1),
      }))
        expect(await logged(who, operation)).toMatchObject([
          { operation: name, objects: [uuid], allowed: false },
        ]);
    const seen = await made(db, {});
    const both = await logged(caller, (ask) => db.store.readMany(ask, Journal, [seen, foreign], NOW));
    expect(both).toMatchObject([
      { objects: [seen], allowed: true, count: 1 },
      { objects: [foreign], allowed: false },
    ]);
    const barred = callerWith(group({}, { privileges: verbs('laes') }));
    expect(await logged(barred, (ask) => db.store.create(ask, Journal, journal({})))).toMatchObject([
      { operation: 'opret', allowed: false, rule: 'journal:skriv' },
    ]);
    expect(await logged(narrow, (ask) => db.store.create(ask, Journal, journal({})))).toMatchObject([
      { operation: 'opret', allowed: false, rule: 'dataafgraensning' },
    ]);
    const bulk = (ask: Ask) =>
      db.store.bulk(ask, [{ line: 1, type: 'Journal', uuid: hidden, input: journal({}) }]);
    expect(await logged(narrow, bulk)).toMatchObject([
      { operation: 'importer_mange', objects: [hidden], allowed: false },
    ]);
  });

  it('T87: has as many lines as there were reads, searches and denials, each once and none more', async () => {
    const uuids = [await withPart(), await withPart()];
    const counted = { laes: 7, laes_mange: 5, soeg: 6, historik: 4, afvist: 3 };
    const other = anyone();
    const reads: Record<keyof typeof counted, (ask: Ask) => Promise<unknown>> = {
      laes: (ask) => db.store.read(ask, Journal, uuids[0]!, NOW),
      laes_mange: (ask) => db.store.readMany(ask, Journal, uuids, NOW),
      soeg: (ask) => db.store.search(ask, Journal, query, NOW),
      historik: (ask) => db.store.history(ask, Journal, uuids[1]!, { limit: 1, before: null }),
      afvist: (ask) => db.store.read(ask, Journal, randomUUID(), NOW).catch(() => null),
    };
    await Promise.all(
      Object.entries(counted).flatMap(([name, times]) =>
        Array.from({ length: times }, () => reads[name as keyof typeof counted](asking(other))),
      ),
    );
    const { rows } = await owner.query<{ name: string; times: number }>(
      `select case when allowed then operation else 'afvist' end as name, count(*)::int as times from audit
        where subject = $1 group by 1`,
      [other.subject],
    );
    expect(Object.fromEntries(rows.map(({ name, times }) => [name, times]))).toEqual(counted);
  });

  it('is written, or nothing is released and nothing is done', async () => {
    const uuid = await withPart();
    await owner.query(`alter table audit add constraint broken check (operation <> 'x' and false) not valid`);
    try {
      for (const work of [
        () => db.store.read(asking(caller), Journal, uuid, NOW),
        () => db.store.readMany(asking(caller), Journal, [uuid], NOW),
        () => db.store.search(asking(caller), Journal, query, NOW),
        () => db.store.history(asking(caller), Journal, uuid, { limit: 1, before: null }),
        () => db.store.outline(asking(caller), Journal, [{ facet: 'enhed' }], null, NOW),
        () =>
          db.store.patch(
            asking(caller),
            Journal,
            uuid,
            { attributter: journal({}, { titel: 'x' }).attributter! },
            1,
          ),
        () => db.store.remove(asking(caller), Journal, uuid, 1),
        () => db.store.create(asking(caller), Journal, journal({}, { titel: 'aldrig' })),
        () => db.store.registration(asking(caller), Journal, uuid, 1),
      ])
        await expect(work()).rejects.toMatchObject({ code: '23514' });
      const item = { line: 1, type: 'Journal', input: journal({}, { titel: 'aldrig' }) };
      expect(await db.store.bulk(asking(caller), [item])).toMatchObject([{ outcome: 'afvist' }]);
    } finally {
      await owner.query('alter table audit drop constraint broken');
    }
    expect((await db.store.read(asking(caller), Journal, uuid, NOW)).number).toBe(1);
    const lost = await db.store.search(
      asking(caller),
      Journal,
      search({ udtryk: { felt: 'titel', lig: 'aldrig' } }),
      NOW,
    );
    expect(lost.data).toEqual([]);
  });

  it('is not kept of types without personal data that are only read', async () => {
    const ask = asking(caller);
    await db.store.search(ask, Ting, search(), NOW);
    expect((await owner.query('select from audit where transaction = $1', [ask.transaction])).rowCount).toBe(
      0,
    );
  });
});
