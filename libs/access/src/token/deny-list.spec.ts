import { define, text } from '@stoettesystemer/object';
import fc from 'fast-check';
import type { Caller } from '../caller';
import { DenyList } from './deny-list';
import type { Revocation } from './revocation';

const base = { doc: 'Til test.', deletion: 'logical', states: {}, relations: {} } as const;
const Klasse = define({ ...base, name: 'Klasse', path: 'klasser', attributes: {} });
const Person = define({
  ...base,
  name: 'Person',
  path: 'personer',
  attributes: {
    egenskaber: { doc: 'Til test.', fields: { navn: text({ doc: 'Navn.', max: 50, personal: true }) } },
  },
});

const SYSTEM = 'aaaaaaaa-0000-4000-8000-000000000001';
const AGREEMENT = 'aaaaaaaa-0000-4000-8000-000000000002';
const START = 1_800_000_000;
let now = START * 1000;
const caller: Caller = {
  service: 'organisation',
  owner: '12345678',
  system: SYSTEM,
  subject: 'En-Bruger',
  assurance: null,
  agreement: AGREEMENT,
  agreementVersion: 1,
  tokenId: 'Et-Id',
  issued: START,
  expires: START + 300,
  groups: [],
};
beforeEach(() => (now = START * 1000));
const listWith = (...revocations: Revocation[]): DenyList => {
  const list = new DenyList({ now: () => now });
  for (const each of revocations) list.add(each);
  return list;
};

it.each<[string, Revocation]>([
  ['the system', { client_id: SYSTEM.toUpperCase(), until: START + 300 }],
  ['the subject', { sub: 'En-Bruger', until: START + 300 }],
  ['the agreement', { agr: AGREEMENT, until: START + 300 }],
  ['the token', { jti: 'Et-Id', until: START + 300 }],
])('denies %s until it is over', (_, revocation) => {
  const list = listWith(revocation);
  expect(list.denies(caller)).toBe(true);
  now += 301_000;
  expect(list.denies(caller)).toBe(false);
});

it('denies nobody else', () => {
  const until = START + 300;
  const list = listWith(
    { client_id: AGREEMENT, until },
    { sub: 'en-bruger', until },
    { agr: SYSTEM, until },
    { jti: 'En-Bruger', until },
  );
  expect(list.denies(caller)).toBe(false);
  expect(list.denies({ ...caller, agreement: null })).toBe(false);
});

it('keeps the later end of two', () => {
  const list = listWith({ sub: 'En-Bruger', until: START + 600 }, { sub: 'En-Bruger', until: START + 100 });
  now += 500_000;
  expect(list.denies(caller)).toBe(true);
});

it('denies what was issued in the second of the change or before, and nothing newer', () => {
  const list = listWith({ agr: AGREEMENT, before: START, until: START + 330 });
  const of = (issued: number) => list.denies({ ...caller, issued });
  expect([of(START - 1), of(START), of(START + 1)]).toEqual([true, true, false]);
  const { issued: _, ...ageless } = caller;
  expect(list.denies(ageless)).toBe(true);
});

it('denies the users of a municipality, and not its it-systems nor the users of others', () => {
  const list = listWith({ brugere: '12345678', before: START, until: START + 330 });
  const asUser = { ...caller, subject: 'aaaaaaaa-0000-4000-8000-000000000009' };
  const asSystem = { ...caller, subject: SYSTEM };
  const withUser: Caller = { ...asSystem, groups: [{ kind: 'user', privileges: [], constraints: {} }] };
  expect([list.denies(asUser), list.denies(withUser), list.denies(asSystem)]).toEqual([true, true, false]);
  expect(list.denies({ ...asUser, owner: '87654321' })).toBe(false);
  expect(list.denies({ ...asUser, issued: START + 1 })).toBe(false);
});

it('keeps what one municipality takes back from the tokens of others', () => {
  const list = listWith({ client_id: SYSTEM, cvr: '12345678', until: START + 300 });
  expect([list.denies(caller), list.denies({ ...caller, owner: '87654321' })]).toEqual([true, false]);
});

it('is, whatever is added when, what a list of everything ever added says', () => {
  const values = ['Et-Id', 'Andet'];
  const change = fc.record({
    wait: fc.integer({ min: 0, max: 40 }),
    kind: fc.constantFrom('jti' as const, 'sub' as const),
    value: fc.constantFrom(...values),
    lasts: fc.integer({ min: -5, max: 60 }),
    before: fc.option(fc.integer({ min: -30, max: 30 }), { nil: undefined }),
    cvr: fc.option(fc.constantFrom('12345678', '87654321'), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
      now = START * 1000;
      const list = listWith();
      const model: Revocation[] = [];
      for (const { wait, kind, value, lasts, before, cvr } of changes) {
        now += wait * 1000;
        const second = now / 1000;
        const revocation = {
          [kind]: value,
          until: second + lasts,
          ...(before === undefined ? {} : { before: second + before }),
          ...(cvr === undefined ? {} : { cvr }),
        } as unknown as Revocation;
        list.add(revocation);
        model.push(revocation);
        for (const owner of ['12345678', '87654321'])
          for (const tokenId of values)
            for (const subject of values)
              for (const issued of [second - 20, second, second + 20]) {
                const asked = { ...caller, owner, tokenId, subject, issued };
                const expected = model.some(
                  (each) =>
                    each.until > second &&
                    issued <= (each.before ?? Infinity) &&
                    (each.cvr ?? owner) === owner &&
                    ('jti' in each ? each.jti === tokenId : 'sub' in each && each.sub === subject),
                );
                expect(list.denies(asked)).toBe(expected);
              }
      }
    }),
    { numRuns: 200 },
  );
});

describe('without news', () => {
  const fed = () => {
    const list = new DenyList({ isFed: true, now: () => now });
    list.heard();
    return list;
  };
  const refusal = expect.objectContaining({ status: 401, kode: 'token' }) as Error;

  it('is stale after a minute, and not before', () => {
    const list = fed();
    now += 60_000;
    expect(list.isStale()).toBe(false);
    now += 1;
    expect(list.isStale()).toBe(true);
    list.heard();
    expect(list.isStale()).toBe(false);
  });

  it('is stale until it has heard something at all, and says how long it has not', () => {
    const list = new DenyList({ isFed: true, now: () => now });
    expect([list.isStale(), list.age()]).toEqual([true, Infinity]);
    list.heard(now - 7000);
    expect([list.isStale(), list.age()]).toEqual([false, 7]);
    expect(listWith().age()).toBeNull();
  });

  it('refuses old tokens for changes and for persons, and nothing else', () => {
    const list = fed();
    now += 61_000;
    expect(() => list.mustBeFresh(caller, Klasse, 'laes')).not.toThrow();
    expect(() => list.mustBeFresh(caller, Klasse, 'historik')).not.toThrow();
    for (const verb of ['skriv', 'slet', 'importer'] as const)
      expect(() => list.mustBeFresh(caller, Klasse, verb)).toThrow(refusal);
    expect(() => list.mustBeFresh(caller, Person, 'laes')).toThrow(refusal);
    expect(() => list.mustBeFresh(caller, null, 'laes')).toThrow(refusal);
    const fresh = { ...caller, issued: START + 2 };
    expect(() => list.mustBeFresh(fresh, Person, 'skriv')).not.toThrow();
    const { issued, ...ageless } = caller;
    expect(issued).toBeDefined();
    expect(() => list.mustBeFresh(ageless, Klasse, 'skriv')).toThrow(refusal);
    list.heard();
    expect(() => list.mustBeFresh(caller, Person, 'skriv')).not.toThrow();
  });

  it('waits for none when no source is configured', () => {
    const list = listWith();
    now += 3_600_000;
    expect(list.isStale()).toBe(false);
    expect(() => list.mustBeFresh(caller, Person, 'skriv')).not.toThrow();
  });
});
