import { randomUUID } from 'node:crypto';
import type { Caller, PrivilegeGroup } from '@stoettesystemer/access';
import { poolFor } from '@stoettesystemer/postgres';
import { callerOf, Journal, privilegesOf, Ting } from '@stoettesystemer/testing';
import fc from 'fast-check';
import type { Pool } from 'pg';
import type { Ask, ObjectInput } from './ask';
import type { Query } from './query';
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

const LEVELS = [
  'IKKE_FORTROLIGE_DATA',
  'FORTROLIGE_PERSONOPLYSNINGER',
  'FOELSOMME_PERSONOPLYSNINGER',
  'VIP_SAGER',
];
const UNITS = ['aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa', 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb'];
const SEED = { seed: Number(process.env['SEED'] ?? 4711) };

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

interface Content {
  kle?: string | undefined;
  level?: string | undefined;
  unit?: string | undefined;
}
const journal = ({ kle, level, unit }: Content, more: object = {}): ObjectInput => ({
  attributter: {
    egenskaber: [
      { virkning: always, brugervendtNoegle: 'j', ...(level ? { foelsomhed: level } : {}), ...more },
    ],
  },
  relationer: {
    ...(kle === undefined
      ? {}
      : {
          klasse: [
            {
              virkning: always,
              rolle: 'Primaer',
              indeks: '1',
              reference: { uuid: UNITS[0] },
              brugervendtNoegle: kle,
            },
          ],
        }),
    ...(unit ? { enhed: [{ virkning: always, reference: { uuid: unit } }] } : {}),
  },
});
const made = async (content: Content, cvr = OWN): Promise<string> =>
  (await db.store.create(asking(anyone(cvr)), Journal, journal(content))).uuid;

const verbs = (...some: string[]) => some.map((verb) => `journal:${verb}`);
const all = privilegesOf([Journal]);
const group = (
  constraints: PrivilegeGroup['constraints'],
  more: Partial<PrivilegeGroup> = {},
): PrivilegeGroup => ({ kind: 'system', privileges: all, constraints, ...more });
const callerWith = (...groups: PrivilegeGroup[]): Caller =>
  callerOf({ service: 'proeve', owner: OWN, types: [Journal], groups });
const search = (parts: Partial<Query> = {}): Query => ({
  udtryk: null,
  sorter: [],
  vis: 'uuid',
  limit: 500,
  cursor: null,
  antal: true,
  ...parts,
});

/** Every way there is to learn of an object, and what each lets the caller know: the object is there, or it is not. */
async function ways(caller: Caller, uuids: readonly string[]): Promise<Record<string, Set<string>>> {
  const { store } = db;
  const ask = () => asking(caller);
  const known = async (look: (uuid: string) => Promise<unknown>): Promise<Set<string>> => {
    const found = await Promise.all(
      uuids.map((uuid) =>
        look(uuid).then(
          () => [uuid],
          (cause: { status: number }) => {
            if (cause.status === 404) return [];
            throw cause;
          },
        ),
      ),
    );
    return new Set(found.flat());
  };
  const page = await store.search(ask(), Journal, search(), NOW);
  const named = await store.search(ask(), Journal, search({ udtryk: { felt: 'uuid', iblandt: uuids } }), NOW);
  const several: string[] = [];
  for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
    const some: Awaited<ReturnType<typeof store.search>> = await store.search(
      ask(),
      Journal,
      search({ limit: 7, cursor, sorter: ['-titel'] }),
      NOW,
    );
    several.push(...some.data.map((each) => JSON.parse(each) as string));
    cursor = some.naeste;
  }
  expect(page.antal).toBe(page.data.length);
  const ours = (list: Iterable<string>) => new Set([...list].filter((uuid) => uuids.includes(uuid)));
  return {
    read: await known((uuid) => store.read(ask(), Journal, uuid, NOW)),
    readMany: new Set((await store.readMany(ask(), Journal, uuids, NOW)).map(({ uuid }) => uuid)),
    search: ours(page.data.map((each) => JSON.parse(each) as string)),
    searchByUuid: ours(named.data.map((each) => JSON.parse(each) as string)),
    pages: ours(several),
    history: await known((uuid) => store.history(ask(), Journal, uuid, { limit: 1, before: null })),
    registration: await known((uuid) => store.registration(ask(), Journal, uuid, 1)),
    outline: ours(
      (
        await store.outline(ask(), Journal, [{ facet: 'egenskaber', member: 'brugervendtNoegle' }], null, NOW)
      ).map(({ uuid }) => uuid),
    ),
  };
}

/** The rules of A7, without CASL, SQL or bytes. */
const kleFits = (pattern: string, kle: string): boolean =>
  pattern === '*' || (pattern.endsWith('.*') ? kle.startsWith(pattern.slice(0, -1)) : kle === pattern);
function fitsGroup({ constraints }: PrivilegeGroup, { kle, level, unit }: Content): boolean {
  const listed = (name: string): string[] | null => {
    const value = constraints[name];
    return value === undefined ? null : ([value].flat() as string[]);
  };
  const [patterns, levels, units] = [listed('kle'), listed('foelsomhed'), listed('orgenhed')];
  const rank = level === undefined ? LEVELS.length - 1 : LEVELS.indexOf(level);
  return (
    (!patterns ||
      patterns.includes('*') ||
      (kle !== undefined && patterns.some((pattern) => kleFits(pattern, kle)))) &&
    (!levels || levels.includes('*') || levels.some((each) => LEVELS.indexOf(each) >= rank)) &&
    (!units || units.includes('*') || (unit !== undefined && units.includes(unit)))
  );
}
const naive = ({ groups }: Caller, content: Content): boolean =>
  [...new Set(groups.map(({ kind }) => kind))].every((kind) =>
    groups.some((each) => each.kind === kind && fitsGroup(each, content)),
  );

describe('every way to an object', () => {
  const content: fc.Arbitrary<Content> = fc
    .record(
      {
        kle: fc.constantFrom(
          '27.18.02',
          '27.18.04',
          '27.36.00',
          '28.01.01',
          '32.30.04',
          '2.7',
          '270.1',
          '27',
          '27.',
          '',
        ),
        level: fc.constantFrom(...LEVELS),
        unit: fc.constantFrom(...UNITS),
      },
      { requiredKeys: [] },
    )
    .map((each) => (each.kle === '' ? { ...each, kle: undefined } : each));
  const constraints = fc.record(
    {
      kle: fc.uniqueArray(fc.constantFrom('*', '27.*', '27.18.*', '27.18.02', '28.01.01', '32.30.*'), {
        minLength: 1,
        maxLength: 3,
      }),
      foelsomhed: fc.constantFrom('*', ...LEVELS),
      orgenhed: fc.uniqueArray(fc.constantFrom('*', ...UNITS), { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: [] },
  );
  const groups = fc
    .tuple(fc.array(constraints, { minLength: 1, maxLength: 3 }), fc.array(constraints, { maxLength: 2 }))
    .map(([system, user]) => [
      ...system.map((each) => group(each)),
      ...user.map((each) => group(each, { kind: 'user' })),
    ]);

  it('leads to it or does not, as the rules say, and all agree', async () => {
    const contents = fc.sample(content, { numRuns: 60, ...SEED });
    const uuids: string[] = [];
    for (const each of contents) uuids.push(await made(each));
    await made({ kle: '27.18.02' }, OTHER);
    let pairs = 0;
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(groups, async (some) => {
        const caller = callerWith(...some);
        const expected = new Set(uuids.filter((_, n) => naive(caller, contents[n]!)));
        for (const [way, found] of Object.entries(await ways(caller, uuids)))
          expect([way, found]).toEqual([way, expected]);
        pairs += uuids.length;
        seen += expected.size;
      }),
      { numRuns: 40, ...SEED },
    );
    expect(pairs).toBeGreaterThanOrEqual(2_000);
    expect(seen).toBeGreaterThan(pairs / 10);
    expect(seen).toBeLessThan(pairs * 0.9);
  }, 60_000);

  it('lets what may not be seen be changed by none of the ways to change it', async () => {
    const contents = fc.sample(content, { numRuns: 25, ...SEED });
    await fc.assert(
      fc.asyncProperty(groups, async (some) => {
        const caller = callerWith(...some);
        const target = contents[0]!;
        const uuids = await Promise.all(Array.from({ length: 5 }, () => made(target)));
        contents.push(contents.shift()!);
        const same = journal(target, { titel: 'ændret' });
        const acts = [
          () => db.store.patch(asking(caller), Journal, uuids[0]!, { attributter: same.attributter! }, 1),
          () => db.store.put(asking(caller), Journal, uuids[1]!, same, 1),
          () => db.store.passivate(asking(caller), Journal, uuids[2]!, 1),
          () => db.store.remove(asking(caller), Journal, uuids[3]!, 1),
          async () => {
            const [result] = await db.store.bulk(asking(caller), [
              { line: 1, type: 'Journal', uuid: uuids[4]!, input: same },
            ]);
            if (result!.outcome === 'afvist') throw Object.assign(new Error(), { status: result!.status });
          },
        ];
        const may = naive(caller, target);
        for (const [n, act] of acts.entries()) {
          const status = await act().then(
            () => 200,
            (cause: { status: number }) => cause.status,
          );
          expect([n, status]).toEqual([n, may ? 200 : 404]);
        }
        const { rows } = await owner.query<{ number: number }>(
          'select distinct number from object where id = any($1)',
          [uuids],
        );
        expect(rows).toEqual([{ number: may ? 2 : 1 }]);
      }),
      { numRuns: 30, ...SEED },
    );
  }, 60_000);
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
    const foreign = await made({ kle: '27.18.02' }, OTHER);
    const hidden = await made({ kle: '28.01.01', level: LEVELS[0] });
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
    const uuid = await made({ kle, level: LEVELS[0] });
    const found = await ways(callerWith(group({ kle: ['27.*'] })), [uuid]);
    for (const [way, seen] of Object.entries(found)) expect([way, seen.has(uuid)]).toEqual([way, expected]);
  });

  it('T27: is not reached by the values of two groups together', async () => {
    const caller = callerWith(
      group({ kle: ['27.*'], foelsomhed: LEVELS[1]! }),
      group({ kle: ['32.30.*'], foelsomhed: LEVELS[0]! }),
    );
    const [mixed, first, second] = [
      await made({ kle: '32.30.04', level: LEVELS[1] }),
      await made({ kle: '27.18.02', level: LEVELS[1] }),
      await made({ kle: '32.30.04', level: LEVELS[0] }),
    ];
    for (const [way, seen] of Object.entries(await ways(caller, [mixed, first, second])))
      expect([way, [...seen].sort()]).toEqual([way, [first, second].sort()]);
  });

  it('is nothing at all without a group, with an empty list, or with a restriction that nobody knows', async () => {
    const uuid = await made({ kle: '27.18.02', level: LEVELS[0], unit: UNITS[0] });
    for (const constraints of [
      { kle: [] },
      { kle: ['2*'] },
      { ukendt: ['x'] },
      { itsystem: [UNITS[0]!] },
      { foelsomhed: 'ALT' },
    ])
      for (const [way, seen] of Object.entries(await ways(callerWith(group(constraints)), [uuid])))
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
    const uuid = await made(inside);
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
    for (const [way, seen] of Object.entries(await ways(narrow, [uuid])))
      expect([way, seen.size]).toEqual([way, 0]);
  });

  it('is judged by what holds now, though the past is asked for', async () => {
    const uuid = await made({ kle: '27.18.02', level: LEVELS[0], unit: UNITS[0] });
    const before = BigInt(Date.now()) * 1000n;
    await db.store.patch(
      asking(anyone()),
      Journal,
      uuid,
      { attributter: { egenskaber: [{ virkning: always, foelsomhed: 'VIP_SAGER' }] } },
      1,
    );
    const narrow = callerWith(group({ foelsomhed: LEVELS[1]! }));
    const then = { virkning: 'nu', registrering: { at: before } } as const;
    await expect(db.store.read(asking(narrow), Journal, uuid, then)).rejects.toMatchObject({ status: 404 });
    await expect(db.store.registration(asking(narrow), Journal, uuid, 1)).rejects.toMatchObject({
      status: 404,
    });
    await expect(db.store.read(asking(anyone()), Journal, uuid, then)).resolves.toMatchObject({ number: 1 });
  });

  it('is refused with 403 where the privilege itself is missing, for each verb', async () => {
    const uuid = await made({});
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
    const foreign = await made({}, OTHER);
    const hidden = await made({ kle: '28.01.01' });
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
    const seen = await made({});
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
      ])
        await expect(work()).rejects.toMatchObject({ code: '23514' });
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
    const at = { virkning: 'alle', registrering: { at: BigInt(Date.now() - 1) * 1000n } } as const;
    await expect(db.store.read(asking(caller), Journal, uuid, at)).rejects.toMatchObject({ status: 404 });
    const tale = await db.store.history(asking(caller), Journal, uuid, { limit: 9, before: null });
    expect(tale.map(({ number, lifecycle }) => [number, lifecycle])).toEqual([[3, 'Slettet']]);
    expect(await answerOf(db.store.remove(asking(caller), Journal, uuid, 3))).toMatchObject({ status: 404 });
    expect(await answerOf(db.store.patch(asking(caller), Journal, uuid, journal({}), 3))).toMatchObject({
      status: 404,
    });
    expect(
      (await db.store.put(asking(caller), Journal, uuid, journal({ kle: '27.18.02' }), null)).number,
    ).toBe(4);
  });
});
