import { COMMON_OWNER, type Caller, type ConstraintValue, type PrivilegeGroup, type Verb } from '../caller';
import { type AccessPaths, type Declaration, define } from '@stoettesystemer/object';
import { migrate } from '@stoettesystemer/engine';
import { poolFor } from '@stoettesystemer/postgres';
import { testDatabase, type TestDatabase } from '@stoettesystemer/testing';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { abilitiesOf, allows } from './ability';
import { conditionFor } from './condition';
import type { ScopeEntry } from './row';

const OWNERS = ['12345678', '87654321', COMMON_OWNER] as const;
const UNITS = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const;
const SYSTEMS = ['33333333-3333-4333-8333-333333333333', 'urn:oio:itsystem:alt'] as const;
const LEVELS = [
  'IKKE_FORTROLIGE_DATA',
  'FORTROLIGE_PERSONOPLYSNINGER',
  'FOELSOMME_PERSONOPLYSNINGER',
  'VIP_SAGER',
];
const NOW = 1_800_000_000_000_000n;

const typeWith = (access: AccessPaths): Declaration =>
  define({
    name: 'Sag',
    path: 'sager',
    doc: 'Til test.',
    deletion: 'physical',
    attributes: {},
    states: { tilstand: { doc: 'Til test.', values: ['A'] } },
    relations: {},
    access,
  });
const path = { facet: 'tilstand' };

let db: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  db = await testDatabase({ service: 'adgang', migrate });
  pool = poolFor(db.url, { size: 1 });
});
afterAll(async () => {
  await pool.end();
  await db.drop();
});

interface Case {
  readonly type: Declaration;
  readonly caller: Caller;
  readonly verb: Verb;
  readonly rows: readonly { owner: string; scopes: readonly ScopeEntry[] }[];
}

/** Written from the rules, without CASL, ranges or bytes. */
function naive({ type, caller, verb }: Case, row: Case['rows'][number]): boolean {
  const reading = verb === 'laes' || verb === 'historik';
  if (row.owner !== caller.owner && !(reading && row.owner === COMMON_OWNER)) return false;
  const valid = row.scopes.filter(
    ({ fra, til }) => BigInt(fra) <= NOW && (til === null || NOW < BigInt(til)),
  );
  const entries: Partial<ScopeEntry>[] = valid.length ? valid : [{}];
  const needsUser = caller.subject !== caller.system || caller.groups.some((group) => group.kind === 'user');
  const values = (value: unknown): string[] =>
    value === undefined || value === null ? [] : Array.isArray(value) ? value : [value as string];

  const meets = (entry: Partial<ScopeEntry>, name: string, constraint: ConstraintValue): boolean => {
    const allowed = [constraint].flat();
    if (allowed.length === 0) return false;
    if (!['kle', 'foelsomhed', 'orgenhed', 'itsystem'].includes(name)) return false;
    const dimension = name as keyof AccessPaths;
    if (
      name === 'kle' &&
      !allowed.every(
        (each) => typeof each === 'string' && /^(\*|\d\d\.\*|\d\d\.\d\d\.\*|\d\d\.\d\d\.\d\d)$/.test(each),
      )
    )
      return false;
    if (name === 'foelsomhed' && !allowed.every((each) => each === '*' || LEVELS.includes(each as string)))
      return false;
    if (allowed.includes('*')) return true;
    if (!type.access?.[dimension]) return false;
    const found = values(entry[dimension]);
    if (name === 'foelsomhed') {
      const most = Math.max(...allowed.map((each) => LEVELS.indexOf(each as string)));
      return (found.length ? found : ['VIP_SAGER']).every(
        (level) => LEVELS.includes(level) && LEVELS.indexOf(level) <= most,
      );
    }
    if (name === 'kle')
      return found.some((code) =>
        allowed.some((each) =>
          (each as string).endsWith('*') ? code.startsWith((each as string).slice(0, -1)) : code === each,
        ),
      );
    return found.some((value) =>
      allowed.some((each) => (typeof each === 'string' ? each : each.rod) === value),
    );
  };
  const kindMeets = (entry: Partial<ScopeEntry>, kind: string): boolean =>
    caller.groups.some(
      (group) =>
        group.kind === kind &&
        group.privileges.includes(`sag:${verb}`) &&
        Object.entries(group.constraints).every(([name, constraint]) => meets(entry, name, constraint)),
    );
  return entries.some((entry) => kindMeets(entry, 'system') && (!needsUser || kindMeets(entry, 'user')));
}

const oneOrMore = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1, maxLength: 2 });
const constraint = {
  kle: fc.oneof(
    {
      weight: 1,
      arbitrary: fc.constantFrom<ConstraintValue>('*', ['*'], '27.*', [], ['2*'], ['27.18'], ['27.*', '2']),
    },
    { weight: 4, arbitrary: oneOrMore(['27.*', '27.18.*', '27.18.02', '32.30.*', '32.30.04']) },
  ),
  foelsomhed: fc.constantFrom<ConstraintValue>(...LEVELS, '*', [LEVELS[0]!, LEVELS[2]!], [], 'HEMMELIG'),
  orgenhed: fc.oneof(
    fc.constantFrom<ConstraintValue>('*', []),
    oneOrMore([UNITS[0], { rod: UNITS[1], undertrae: true }, { rod: UNITS[0], undertrae: false }]),
  ),
  itsystem: fc.oneof(fc.constantFrom<ConstraintValue>('*', []), oneOrMore(SYSTEMS)),
};
/** Groups that restrict everything allow next to nothing, and then nothing is compared. */
const fewer = (all: object) => Object.fromEntries(Object.entries(all).slice(0, 2));
const group: fc.Arbitrary<PrivilegeGroup> = fc.record({
  kind: fc.constantFrom('system', 'system', 'system', 'system', 'system', 'user'),
  privileges: fc.oneof(
    { weight: 8, arbitrary: fc.constant(['sag:laes', 'sag:skriv', 'sag:historik']) },
    { weight: 1, arbitrary: oneOrMore(['sag:laes', 'sag:historik', 'dokument:laes']) },
  ),
  constraints: fc.oneof(
    { weight: 1, arbitrary: fc.constant({}) },
    {
      weight: 12,
      arbitrary: fc.record(constraint, { requiredKeys: [] }).map(fewer) as fc.Arbitrary<
        Record<string, ConstraintValue>
      >,
    },
  ),
});
const values = (...all: string[]) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...all) },
    { weight: 2, arbitrary: fc.subarray(all, { maxLength: 2 }) },
    { weight: 1, arbitrary: fc.constant(null) },
  );
const scope = fc.record(
  {
    fra: fc.constantFrom(Number(NOW) - 1000, Number(NOW), Number(NOW) - 1, Number(NOW) + 1),
    til: fc.constantFrom(null, null, null, Number(NOW), Number(NOW) + 1),
    kle: values(
      ...Array<string>(6).fill('27.18.02'),
      '27.18.04',
      '32.30.04',
      '32.30.04',
      '27.18',
      '27',
      '27.',
      '270.1',
      '2.7',
      '28.01.01',
      '',
      '27/',
      '27.18.02 A',
      '27.ø',
      'æ27.18.02',
    ),
    foelsomhed: values(...LEVELS, 'HEMMELIG'),
    orgenhed: values(...UNITS),
    itsystem: values(...SYSTEMS),
  },
  { requiredKeys: ['fra', 'til'] },
) as fc.Arbitrary<ScopeEntry>;

const paths = { kle: path, foelsomhed: path, orgenhed: path, itsystem: path };
const anyCase: fc.Arbitrary<Case> = fc.record({
  type: fc
    .oneof(
      fc.constant(paths),
      fc.subarray(Object.keys(paths)).map((names) => Object.fromEntries(names.map((name) => [name, path]))),
    )
    .map(typeWith),
  verb: fc.constantFrom<Verb>('laes', 'laes', 'skriv', 'historik'),
  caller: fc.record({
    service: fc.constant('sagsindeks'),
    owner: fc.constantFrom(OWNERS[0], OWNERS[0], OWNERS[2]),
    system: fc.constant('s'),
    subject: fc.constantFrom('s', 's', 's', 's', 's', 's', 's', 'en-bruger'),
    assurance: fc.constant(null),
    agreement: fc.constant(null),
    agreementVersion: fc.constant(null),
    tokenId: fc.constant('t'),
    expires: fc.constant(0),
    groups: fc.array(group, { minLength: 1, maxLength: 4 }),
  }),
  rows: fc.array(
    fc.record({ owner: fc.constantFrom(OWNERS[0], ...OWNERS), scopes: fc.array(scope, { maxLength: 4 }) }),
    { minLength: 25, maxLength: 25 },
  ),
});

const ask = (caller: Caller, type: Declaration, verb: Verb, values: unknown[] = []) => {
  const bind = (value: unknown) => `$${values.push(value)}`;
  const condition = conditionFor(caller, type, verb, { object: 'o', moment: () => bind(`${NOW}`), bind });
  return { condition, values };
};

it('decides as the rules do, in memory and in the database alike', async () => {
  let pairs = 0;
  let [restricted, allowed] = [0, 0];
  await fc.assert(
    fc.asyncProperty(anyCase, async (example) => {
      const { type, caller, verb, rows } = example;
      const given = JSON.stringify(rows.map((row, id) => ({ ...row, id, owner: Number(row.owner) })));
      const { condition, values } = ask(caller, type, verb, [given]);
      const { rows: found } = await pool.query<{ id: number; ok: boolean }>(
        `select id, ${condition} as ok from json_to_recordset($1::json) as o(id int, owner int, scopes jsonb) order by id`,
        values,
      );
      const expected = rows.map((row) => naive(example, row));
      expect(rows.map((row) => allows(caller, type, verb, row, NOW))).toEqual(expected);
      expect(found.map(({ ok }) => ok)).toEqual(expected);
      pairs += rows.length;
      if (!condition.includes('exists')) return;
      restricted += rows.length;
      allowed += expected.filter(Boolean).length;
    }),
    { numRuns: 1_000 },
  );
  expect(pairs).toBeGreaterThanOrEqual(10_000);
  // The property says something only if restrictions are common, and both answers to them.
  expect(restricted).toBeGreaterThan(5_000);
  expect(allowed).toBeGreaterThan(250);
  expect(restricted - allowed).toBeGreaterThan(500);
}, 120_000);

const callerWith = (
  groups: readonly Omit<PrivilegeGroup, 'kind'>[],
  kind: PrivilegeGroup['kind'] = 'system',
): Caller => ({
  service: 'sagsindeks',
  owner: '12345678',
  system: 's',
  subject: 's',
  assurance: null,
  agreement: null,
  agreementVersion: null,
  tokenId: 't',
  expires: 0,
  groups: groups.map((each) => ({ kind, ...each })),
});
const sag = typeWith({ kle: path, foelsomhed: path });
const laes = ['sag:laes'];

describe('the text', () => {
  it('is a test of the owner alone when one group has no restriction', () => {
    const caller = callerWith([
      { privileges: laes, constraints: { kle: ['27.*'] } },
      { privileges: laes, constraints: { kle: '*', foelsomhed: ['*'] } },
    ]);
    expect(ask(caller, sag, 'laes')).toEqual({
      condition: 'o.owner in ($1::int, $2::int)',
      values: ['12345678', COMMON_OWNER],
    });
  });

  it('is a test of one owner for changes', () => {
    expect(ask(callerWith([{ privileges: ['sag:skriv'], constraints: {} }]), sag, 'skriv').condition).toBe(
      'o.owner = $1::int',
    );
  });

  it('is false without a right', () => {
    expect(ask(callerWith([]), sag, 'laes').condition).toBe('false');
    expect(ask(callerWith([{ privileges: laes, constraints: {} }], 'user'), sag, 'laes').condition).toBe(
      'false',
    );
  });

  it('is the same for groups of the same shape, whatever their values and order', () => {
    const one = { privileges: laes, constraints: { kle: ['27.*'], foelsomhed: LEVELS[1]! } };
    const other = { privileges: laes, constraints: { kle: ['32.30.*', '27.18.02'] } };
    const another = {
      privileges: laes,
      constraints: { foelsomhed: LEVELS[3]!, kle: ['00.*', '01.*', '02.01.01'] },
    };
    expect(ask(callerWith([one, other]), sag, 'laes').condition).toBe(
      ask(callerWith([other, another]), sag, 'laes').condition,
    );
  });

  it('holds no value', () => {
    const { condition } = ask(
      callerWith([{ privileges: laes, constraints: { kle: ['27.18.02'], foelsomhed: LEVELS[1]! } }]),
      sag,
      'laes',
    );
    expect(condition).not.toMatch(/27|FORTROLIGE|12345678|19435075|1800000/);
  });
});

it('knows no operator but its own', () => {
  const caller = callerWith([{ privileges: laes, constraints: {} }]);
  abilitiesOf(caller, sag).system.update([
    { action: 'laes', subject: 'Sag', conditions: { owner: { $eq: '12345678' }, kle: { $regex: '^27' } } },
  ]);
  expect(() => ask(caller, sag, 'laes')).toThrow('No SQL for kle regex');
});

it('does not let groups of different owners share one test', () => {
  const caller = callerWith([{ privileges: laes, constraints: {} }]);
  abilitiesOf(caller, sag).system.update([
    { action: 'laes', subject: 'Sag', conditions: { owner: { $eq: '12345678' } } },
    { action: 'laes', subject: 'Sag', conditions: { kle: { $range: [] } } },
  ]);
  expect(() => ask(caller, sag, 'laes')).toThrow('The groups do not agree about the owner');
});

it('stands beside row-level security', async () => {
  const ids: Record<string, string> = {};
  for (const owner of OWNERS)
    for (const [code, kind] of [
      ['27.18.02', 'seen'],
      ['32.30.04', 'hidden'],
    ] as const) {
      const { rows } = await db.database.run(
        { owner },
        {
          name: 'add',
          text: `insert into object (owner, id, type, number, lifecycle, created_at, recorded_at, scopes)
          values ($1::int, gen_random_uuid(), 'Sag', 1, 'Opstaaet', now(), now(), $2::jsonb) returning id`,
          values: [owner, JSON.stringify([{ fra: 0, til: null, kle: code }])],
        },
      );
      ids[`${owner} ${kind}`] = String(rows[0]?.['id']);
    }
  const caller = callerWith([{ privileges: laes, constraints: { kle: ['27.*'] } }]);
  const { condition, values } = ask(caller, sag, 'laes');
  const text = `select id from object o where ${condition} order by owner`;
  const seenBy = async (owner: string) =>
    (await db.database.run({ owner }, { name: 'seen', text, values })).rows.map(({ id }) => id);
  expect(await seenBy('12345678')).toEqual([ids['12345678 seen'], ids[`${COMMON_OWNER} seen`]]);
  // Two fences: a caller for one municipality in the context of another reaches neither's.
  expect(await seenBy('87654321')).toEqual([ids[`${COMMON_OWNER} seen`]]);
});
