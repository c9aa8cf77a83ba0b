import { LEVELS } from '@stoettesystemer/access';
import { Ting, Journal } from '@stoettesystemer/testing';
import fc from 'fast-check';
import { mayDo, type Wish } from './access';
import { decide } from './decide';
import type { Given, Knowledge, KnownAgreement, KnownJobFunction } from './knowledge';
import { NSIS_LEVELS, type Question } from './question';

const OWN = '12345678';
const OTHER = '87654321';
const COMMON = '19435075';
const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const SYSTEM = uuid(1);
const SERVICE = uuid(2);
const [READ, WRITE, CROSSING, ELSEWHERE] = [uuid(11), uuid(12), uuid(13), uuid(14)] as const;
const [CASEWORK, STRICT, OTHER_SYSTEM] = [uuid(21), uuid(22), uuid(23)] as const;
const KLE = 'urn:kle';
const LEVEL = 'urn:foelsomhed';
const FOREIGN = 'urn:ukendt';

const given: fc.Arbitrary<Given> = fc.record({
  role: fc.constantFrom(READ, WRITE, CROSSING, ELSEWHERE, CASEWORK, STRICT, OTHER_SYSTEM),
  limits: fc.uniqueArray(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          type: fc.constant(KLE),
          values: fc.subarray(['27.*', '32.30.*', '27.18.02', '*']),
          isDynamic: fc.nat(4).map((n) => n === 0),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          type: fc.constant(LEVEL),
          values: fc.subarray([...LEVELS, '*'], { minLength: 1 }),
          isDynamic: fc.constant(false),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          type: fc.constant(FOREIGN),
          values: fc.constant(['x']),
          isDynamic: fc.constant(false),
        }),
      },
    ),
    { selector: ({ type }) => type, maxLength: 3 },
  ),
});
const agreements: fc.Arbitrary<KnownAgreement[]> = fc
  .array(
    fc.record({
      owner: fc.constantFrom(OWN, OWN, COMMON),
      version: fc.integer({ min: 1, max: 9 }),
      isTest: fc.boolean(),
      status: fc.constantFrom('Aktiv', 'Aktiv', 'Aktiv', 'Anmodet', 'Godkendt', 'Ophaevet'),
      since: fc.integer({ min: 0, max: 5 }).map(BigInt),
      given: fc.array(given, { maxLength: 4 }),
    }),
    { maxLength: 4 },
  )
  .map((list) => list.map((each, at) => ({ ...each, uuid: uuid(100 + at), navn: `aftale ${at}` })));
const jobFunction: fc.Arbitrary<KnownJobFunction> = fc.record({
  said: fc.record({
    scope: fc.constantFrom(OWN, OWN, OWN, OTHER),
    entityId: fc.constant('http://x/roles/jobrole/y/1'),
    dynamic: fc.constantFrom({}, { [KLE]: ['27.*'] }),
  }),
  role: fc.option(
    fc.record({
      uuid: fc.constant(uuid(31)),
      navn: fc.constant('job'),
      isApproved: fc.nat(4).map((n) => n > 0),
      given: fc.array(given, { maxLength: 3 }),
    }),
    { freq: 8 },
  ),
  delegation: fc.option(fc.record({ uuid: fc.constant(uuid(41)), isAccepted: fc.boolean() }), { freq: 2 }),
});
const knowledge: fc.Arbitrary<Knowledge> = fc.record({
  system: fc.option(
    fc.record({
      uuid: fc.constant(SYSTEM),
      navn: fc.constant('system'),
      organisation: fc.constant('23456789'),
      types: fc.constant(['Anvendersystem']),
      isClosed: fc.nat(9).map((n) => n === 0),
      authorities: fc.constantFrom([], [], [OWN], [OTHER]),
    }),
    { freq: 12 },
  ),
  service: fc.option(fc.constant({ uuid: SERVICE, navn: 'service', entityId: 'urn:service' }), { freq: 12 }),
  agreements,
  serviceRoles: fc.constant([
    {
      uuid: READ,
      navn: 'læs',
      service: SERVICE,
      privileges: ['journal:laes'],
      isCrossing: false,
      carries: [],
      keptTo: [],
    },
    {
      uuid: WRITE,
      navn: 'ret',
      service: SERVICE,
      privileges: ['journal:laes', 'journal:skriv'],
      isCrossing: false,
      carries: [{ type: KLE, isRequired: true }],
      keptTo: [],
    },
    {
      uuid: CROSSING,
      navn: 'tvær',
      service: SERVICE,
      privileges: ['journal:laes'],
      isCrossing: true,
      carries: [],
      keptTo: [],
    },
  ]),
  userRoles: fc.constant([
    {
      uuid: CASEWORK,
      navn: 'sag',
      system: SYSTEM,
      services: [SERVICE],
      privileges: ['journal:laes'],
      level: 'Low' as const,
      carries: [],
    },
    {
      uuid: STRICT,
      navn: 'streng',
      system: SYSTEM,
      services: [SERVICE],
      privileges: ['journal:laes', 'journal:skriv'],
      level: 'Substantial' as const,
      carries: [{ type: LEVEL, isRequired: true }],
    },
    {
      uuid: OTHER_SYSTEM,
      navn: 'andet',
      system: uuid(99),
      services: [SERVICE],
      privileges: ['journal:laes'],
      level: 'Low' as const,
      carries: [],
    },
  ]),
  dimensions: fc.constant({ [KLE]: 'kle' as const, [LEVEL]: 'foelsomhed' as const }),
  allowsTest: fc.boolean(),
  user: fc.option(
    fc.record({
      isFederated: fc.nat(5).map((n) => n > 0),
      jobFunctions: fc.array(jobFunction, { maxLength: 3 }),
    }),
    { freq: 2 },
  ),
  until: fc.constant(null),
});
const object = fc.record({
  kle: fc.constantFrom('27.18.02', '27.99.01', '32.30.04', '28.01.01'),
  foelsomhed: fc.constantFrom(...LEVELS),
});
type Thing = typeof object extends fc.Arbitrary<infer T> ? T : never;

const fits = (pattern: string, kle: string): boolean =>
  pattern === '*' || pattern === kle || (pattern.endsWith('.*') && kle.startsWith(pattern.slice(0, -1)));

/** Whether one given role, with its own restrictions and no others, reaches the thing. */
function reaches(
  limits: Given['limits'],
  required: string | null,
  thing: Thing,
  dynamic: Record<string, readonly string[]>,
): boolean {
  if (required !== null && !limits.some(({ type }) => type === required)) return false;
  return limits.every(({ type, values, isDynamic }) => {
    const said = isDynamic ? (dynamic[type] ?? []) : values;
    if (type === KLE) return said.some((pattern) => fits(pattern, thing.kle));
    if (type === LEVEL)
      return said.some(
        (level) => level === '*' || LEVELS.indexOf(level as never) >= LEVELS.indexOf(thing.foelsomhed),
      );
    return false;
  });
}

/** The rules in words, one after the other. */
function naive(known: Knowledge, question: Question, verb: 'laes' | 'skriv', thing: Thing): boolean {
  const { system, service, user } = known;
  if (!system || system.isClosed || !service) return false;
  if (system.authorities.length > 0 && !system.authorities.includes(OWN)) return false;
  const inForce = known.agreements.filter(
    ({ status, isTest }) => status === 'Aktiv' && (known.allowsTest || !isTest),
  );
  // An agreement that has no role here for us is about another service, or about somebody else.
  const about = inForce.filter(({ owner, given: roles }) =>
    roles.some(({ role }) => role === CROSSING || (owner === OWN && (role === READ || role === WRITE))),
  );
  const own = about.filter(({ owner }) => owner === OWN);
  const candidates = own.length > 0 ? own : about;
  let chosen: KnownAgreement | null = null;
  for (const each of candidates)
    if (!chosen || each.since > chosen.since || (each.since === chosen.since && each.uuid < chosen.uuid))
      chosen = each;
  if (!chosen) return false;
  const ours = chosen.given.some(({ role, limits }) => {
    if (role === READ && chosen.owner === OWN) return verb === 'laes' && reaches(limits, null, thing, {});
    if (role === WRITE && chosen.owner === OWN) return reaches(limits, KLE, thing, {});
    if (role === CROSSING) return verb === 'laes' && reaches(limits, null, thing, {});
    return false;
  });
  if (!question.user) return ours;
  const level = question.user.level;
  const theirs =
    user?.isFederated === true &&
    user.jobFunctions.some(({ said, role, delegation }) => {
      if (said.scope !== OWN || !role?.isApproved || (delegation && !delegation.isAccepted)) return false;
      return role.given.some(({ role: id, limits }) => {
        if (delegation && limits.some(({ isDynamic }) => isDynamic)) return false;
        if (id === CASEWORK) return verb === 'laes' && reaches(limits, null, thing, said.dynamic);
        if (id === STRICT) return level !== 'Low' && reaches(limits, LEVEL, thing, said.dynamic);
        return false;
      });
    });
  return ours && theirs;
}

test('random agreements, job functions and things: the decision is what the rules say, and groups never mix (T26, T27)', () => {
  const counts = { yes: 0, no: 0 };
  fc.assert(
    fc.property(
      knowledge,
      object,
      fc.constantFrom('laes' as const, 'skriv' as const),
      fc.constantFrom(...NSIS_LEVELS),
      (known, thing, verb, level) => {
        const question: Question = {
          system: SYSTEM,
          service: 'urn:service',
          owner: OWN,
          at: 0n,
          ...(known.user ? { user: { home: OWN, idp: uuid(51), level, jobFunctions: [] } } : {}),
        };
        const wish: Wish = {
          operation: `journal:${verb}`,
          object: { type: Journal, verb, owned: { owner: OWN, scopes: [{ fra: 0, til: null, ...thing }] } },
          at: 1n,
        };
        const expected = naive(known, question, verb, thing);
        counts[expected ? 'yes' : 'no'] += 1;
        expect(mayDo(decide(known, question), question, wish)).toBe(expected);
      },
    ),
    { numRuns: 20_000 },
  );
  // Neither answer is a rarity that the test would not miss.
  expect(Math.min(counts.yes, counts.no)).toBeGreaterThan(100);
});

describe('of several agreements that are in force', () => {
  const agreement = (at: number, since: bigint, ...given: Given[]): KnownAgreement => ({
    uuid: uuid(100 + at),
    owner: OWN,
    navn: `aftale ${at}`,
    version: 1,
    isTest: false,
    status: 'Aktiv',
    since,
    given,
  });
  const wide: Given = { role: READ, limits: [] };
  const narrow: Given = { role: READ, limits: [{ type: KLE, values: ['27.*'], isDynamic: false }] };
  const empty: Given = { role: READ, limits: [{ type: KLE, values: [], isDynamic: false }] };
  const elsewhere: Given = { role: ELSEWHERE, limits: [] };
  const common = (each: KnownAgreement): KnownAgreement => ({ ...each, owner: COMMON });
  const crossing: Given = { role: CROSSING, limits: [] };

  it.each<[string, KnownAgreement[], string | null]>([
    ['the newest counts', [agreement(0, 1n, wide), agreement(1, 2n, narrow)], uuid(101)],
    ['one about another service does not', [agreement(0, 1n, wide), agreement(1, 2n, elsewhere)], uuid(100)],
    ['one without roles does not', [agreement(0, 1n, wide), agreement(1, 2n)], uuid(100)],
    ['one whose role gives nothing takes away', [agreement(0, 1n, wide), agreement(1, 2n, empty)], null],
    [
      'the municipality’s own goes before a common one, also when it gives nothing',
      [common(agreement(0, 9n, crossing)), agreement(1, 1n, empty)],
      null,
    ],
    [
      'a common one counts where its own are about other services',
      [common(agreement(0, 1n, crossing)), agreement(1, 2n, elsewhere)],
      uuid(100),
    ],
    [
      'a common one whose role is for its maker alone does not',
      [common(agreement(0, 1n, crossing)), common(agreement(1, 2n, wide))],
      uuid(100),
    ],
  ])('%s', (_, agreements, expected) => {
    const [known] = fc.sample(knowledge, 1);
    const decided = decide(
      {
        ...known!,
        system: {
          uuid: SYSTEM,
          navn: '',
          organisation: '23456789',
          types: [],
          isClosed: false,
          authorities: [],
        },
        service: { uuid: SERVICE, navn: '', entityId: 'urn:service' },
        agreements,
        user: null,
      },
      { system: SYSTEM, service: 'urn:service', owner: OWN, at: 0n },
    );
    expect([decided.agreement?.uuid ?? null, decided.refused]).toEqual([
      expected,
      expected === null ? 'ingen_roller' : null,
    ]);
  });
});

test('what the type has no value for is reached by no restriction but *', () => {
  const known: Knowledge = {
    system: { uuid: SYSTEM, navn: '', organisation: '23456789', types: [], isClosed: false, authorities: [] },
    service: { uuid: SERVICE, navn: '', entityId: 'urn:service' },
    agreements: [
      {
        uuid: uuid(100),
        owner: OWN,
        navn: '',
        version: 1,
        isTest: false,
        status: 'Aktiv',
        since: 0n,
        given: [{ role: READ, limits: [{ type: KLE, values: ['27.*'], isDynamic: false }] }],
      },
    ],
    serviceRoles: [
      {
        uuid: READ,
        navn: '',
        service: SERVICE,
        privileges: ['ting:laes'],
        isCrossing: false,
        carries: [],
        keptTo: [],
      },
    ],
    userRoles: [],
    dimensions: { [KLE]: 'kle' },
    allowsTest: false,
    user: null,
    until: null,
  };
  const question: Question = { system: SYSTEM, service: 'urn:service', owner: OWN, at: 0n };
  const wish: Wish = {
    operation: 'ting:laes',
    object: { type: Ting, verb: 'laes', owned: { owner: OWN, scopes: [] } },
    at: 1n,
  };
  expect(mayDo(decide(known, question), question, wish)).toBe(false);
});
