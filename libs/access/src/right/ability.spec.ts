import { define } from '@stoettesystemer/object';
import { type Caller, COMMON_OWNER, type ConstraintValue, type PrivilegeGroup, type Verb } from '../caller';
import { abilitiesOf, allows, holds, holdsPrivilege } from './ability';
import type { ScopeEntry } from './row';

const path = { facet: 'tilstand' };
const base = {
  doc: 'Til test.',
  deletion: 'logical',
  attributes: {},
  states: { tilstand: { doc: 'Til test.', values: ['A'] } },
  relations: {},
} as const;
const Sag = define({
  ...base,
  name: 'Sag',
  path: 'sager',
  access: { kle: path, foelsomhed: path, orgenhed: path },
});
const Klasse = define({ ...base, name: 'Klasse', path: 'klasser' });

const OWNER = '12345678';
const NOW = 1_800_000_000_000_000n;
type Constraints = Record<string, ConstraintValue>;
const group = (
  constraints: Constraints,
  kind: PrivilegeGroup['kind'] = 'system',
  privileges = ['sag:laes', 'sag:skriv'],
): PrivilegeGroup => ({ kind, privileges, constraints });
const callerWith = (...groups: PrivilegeGroup[]): Caller => ({
  service: 'sagsindeks',
  owner: OWNER,
  system: 'system',
  subject: 'system',
  assurance: null,
  agreement: null,
  agreementVersion: null,
  tokenId: 't',
  expires: 0,
  groups,
});
const entry = (values: Partial<ScopeEntry>): ScopeEntry => ({ fra: 0, til: null, ...values });
const mayRead = (caller: Caller, ...values: Partial<ScopeEntry>[]) =>
  allows(caller, Sag, 'laes', { owner: OWNER, scopes: values.map(entry) }, NOW);

describe('owners', () => {
  const all = callerWith(group({}));
  const may = (verb: Verb, owner: string, caller = all) =>
    allows(caller, Sag, verb, { owner, scopes: [] }, NOW);

  it("T23: never another municipality's", () => {
    expect([may('laes', '87654321'), may('skriv', '87654321')]).toEqual([false, false]);
  });
  it('reads the common ones, and changes its own', () => {
    expect([
      may('laes', OWNER),
      may('skriv', OWNER),
      may('laes', COMMON_OWNER),
      may('skriv', COMMON_OWNER),
    ]).toEqual([true, true, true, false]);
  });
  it('lets the common organisation change what is common', () => {
    const common = { ...all, owner: COMMON_OWNER };
    expect([may('skriv', COMMON_OWNER, common), may('laes', OWNER, common)]).toEqual([true, false]);
  });
  it('restricts common objects as others', () => {
    const caller = callerWith(group({ kle: ['27.*'] }));
    const common = (kle: string) =>
      allows(caller, Sag, 'laes', { owner: COMMON_OWNER, scopes: [entry({ kle })] }, NOW);
    expect([common('27.18.02'), common('28.01.01')]).toEqual([true, false]);
  });
});

describe('KLE', () => {
  it('T26: 27.* is what begins so', () => {
    const caller = callerWith(group({ kle: ['27.*'] }));
    for (const kle of ['28.01.01', '2.7', '270.1', '', '27', '26.99.99', '27/'])
      expect([kle, mayRead(caller, { kle })]).toEqual([kle, false]);
    expect(mayRead(caller, { kle: '27.18.02' })).toBe(true);
    expect(mayRead(caller, {})).toBe(false);
  });
  it('reads longer patterns and whole numbers', () => {
    const caller = callerWith(group({ kle: ['27.18.*', '32.30.04'] }));
    const seen = ['27.18.02', '27.180.2', '27.18', '27.19.01', '32.30.04', '32.30.041', '32.30.0'].filter(
      (kle) => mayRead(caller, { kle }),
    );
    expect(seen).toEqual(['27.18.02', '32.30.04']);
  });
  it('is enough that one of several fits', () => {
    expect(mayRead(callerWith(group({ kle: ['27.*'] })), { kle: ['01.00.00', '27.18.02'] })).toBe(true);
  });
});

describe('følsomhed', () => {
  const upTo = (level: string) => callerWith(group({ foelsomhed: level }));
  it('includes what is less sensitive', () => {
    const levels = [
      'IKKE_FORTROLIGE_DATA',
      'FORTROLIGE_PERSONOPLYSNINGER',
      'FOELSOMME_PERSONOPLYSNINGER',
      'VIP_SAGER',
    ];
    for (const [granted, level] of levels.entries())
      expect(levels.map((foelsomhed) => mayRead(upTo(level), { foelsomhed }))).toEqual(
        levels.map((_, at) => at <= granted),
      );
  });
  it('counts as the highest when it is missing', () => {
    for (const values of [{}, { foelsomhed: [] }, { foelsomhed: null }, { kle: '27.18.02' }])
      expect([
        mayRead(upTo('FOELSOMME_PERSONOPLYSNINGER'), values),
        mayRead(upTo('VIP_SAGER'), values),
      ]).toEqual([false, true]);
  });
  it('counts the highest of several, and nothing includes what is no level', () => {
    expect(
      mayRead(upTo('FORTROLIGE_PERSONOPLYSNINGER'), { foelsomhed: ['IKKE_FORTROLIGE_DATA', 'VIP_SAGER'] }),
    ).toBe(false);
    expect(mayRead(upTo('VIP_SAGER'), { foelsomhed: 'HEMMELIG' })).toBe(false);
    expect(mayRead(callerWith(group({ foelsomhed: '*' })), { foelsomhed: 'HEMMELIG' })).toBe(true);
  });
});

describe('units', () => {
  const [unit, below] = [
    '11111111-1111-4111-8111-111111111111',
    '22222222-2222-4222-8222-222222222222',
  ] as const;
  it('are themselves, their subtree not yet known', () => {
    for (const orgenhed of [[unit], [{ rod: unit.toUpperCase(), undertrae: true }]]) {
      const caller = callerWith(group({ orgenhed }));
      expect([
        mayRead(caller, { orgenhed: unit }),
        mayRead(caller, { orgenhed: below }),
        mayRead(caller, {}),
      ]).toEqual([true, false, false]);
    }
  });
});

describe('groups', () => {
  it('T27: never mix their values', () => {
    const caller = callerWith(
      group({ kle: ['27.*'], foelsomhed: 'FORTROLIGE_PERSONOPLYSNINGER' }),
      group({ kle: ['32.30.*'], foelsomhed: 'IKKE_FORTROLIGE_DATA' }),
    );
    expect(mayRead(caller, { kle: '32.30.04', foelsomhed: 'FORTROLIGE_PERSONOPLYSNINGER' })).toBe(false);
    expect(mayRead(caller, { kle: '32.30.04', foelsomhed: 'IKKE_FORTROLIGE_DATA' })).toBe(true);
    expect(mayRead(caller, { kle: '27.18.02', foelsomhed: 'FORTROLIGE_PERSONOPLYSNINGER' })).toBe(true);
  });
  it('of one kind add up, and kinds narrow each other', () => {
    const system = group({ kle: ['27.*', '32.30.*'] });
    const user = group({ kle: ['27.18.*'] }, 'user');
    expect(mayRead(callerWith(system, user), { kle: '27.18.02' })).toBe(true);
    expect(mayRead(callerWith(system, user), { kle: '32.30.04' })).toBe(false);
    expect(mayRead(callerWith(group({ kle: ['28.*'] }), user), { kle: '27.18.02' })).toBe(false);
    expect(mayRead(callerWith(user), { kle: '27.18.02' })).toBe(false);
  });
  it('of both kinds must be met by one and the same entry', () => {
    const caller = callerWith(
      group({ kle: ['27.*'] }),
      group({ foelsomhed: 'IKKE_FORTROLIGE_DATA' }, 'user'),
    );
    const open = { foelsomhed: 'IKKE_FORTROLIGE_DATA' };
    expect(mayRead(caller, { kle: '27.18.02' }, open)).toBe(false);
    expect(mayRead(caller, { kle: '27.18.02', ...open }, {})).toBe(true);
  });
  it('give a user nothing of what only the system has', () => {
    const voided = { kind: 'user', privileges: [], constraints: {} } as const;
    expect(mayRead(callerWith(group({}), voided), {})).toBe(false);
    const person = { ...callerWith(group({})), subject: 'en-bruger' };
    expect([mayRead(person, {}), holds(person, Sag, 'laes')]).toEqual([false, false]);
  });
  it('that cannot be understood give nothing', () => {
    for (const constraints of [
      { ukendt: '*' },
      { kle: ['2*'] },
      { foelsomhed: 'X' },
      { orgenhed: [] },
      { constructor: '*' },
    ] as Constraints[])
      expect(
        mayRead(callerWith(group(constraints)), { kle: '27.18.02', foelsomhed: 'IKKE_FORTROLIGE_DATA' }),
      ).toBe(false);
  });
  it('reach a type without the path by * alone, or by not asking', () => {
    const may = (constraints: Constraints) =>
      allows(
        callerWith(group(constraints, 'system', ['klasse:laes'])),
        Klasse,
        'laes',
        { owner: OWNER, scopes: [] },
        NOW,
      );
    expect([may({ kle: '*' }), may({}), may({ kle: ['27.*'] }), may({ foelsomhed: 'VIP_SAGER' })]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('time', () => {
  const caller = callerWith(group({ kle: ['27.*'] }));
  const at = Number(NOW);
  it('asks the entries that hold now', () => {
    expect(mayRead(caller, { kle: '27.18.02', til: at }, { kle: '28.01.01', fra: at })).toBe(false);
    expect(mayRead(caller, { kle: '28.01.01', til: at }, { kle: '27.18.02', fra: at })).toBe(true);
    expect(mayRead(caller, { kle: '27.18.02', fra: at + 1 })).toBe(false);
    expect(mayRead(caller, { kle: '27.18.02', til: at + 1 })).toBe(true);
  });
  it('matches * alone when none holds', () => {
    expect(mayRead(callerWith(group({ kle: '*', orgenhed: ['*'] })), { kle: '27.18.02', til: at })).toBe(
      true,
    );
  });
});

describe('privileges', () => {
  it('are held by name, by both kinds', () => {
    const caller = callerWith(
      group({ kle: ['99.*'] }),
      group({}, 'user', ['sag:laes', 'sagsindeks:genindlaes']),
    );
    expect([holds(caller, Sag, 'laes'), holds(caller, Sag, 'skriv'), holds(caller, Klasse, 'laes')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(holdsPrivilege(caller, 'sagsindeks:genindlaes')).toBe(false);
    expect(
      holdsPrivilege(callerWith(group({}, 'system', ['sagsindeks:genindlaes'])), 'sagsindeks:genindlaes'),
    ).toBe(true);
  });
  it('are not each other', () => {
    const reader = callerWith(group({}, 'system', ['sag:laes']));
    for (const verb of ['skriv', 'slet', 'importer', 'historik'] as const)
      expect([
        holds(reader, Sag, verb),
        allows(reader, Sag, verb, { owner: OWNER, scopes: [] }, NOW),
      ]).toEqual([false, false]);
  });
});

it('is made once for a caller', () => {
  const caller = callerWith(group({}));
  expect(abilitiesOf(caller, Sag)).toBe(abilitiesOf(caller, Sag));
  expect(abilitiesOf({ ...caller }, Sag)).not.toBe(abilitiesOf(caller, Sag));
});
