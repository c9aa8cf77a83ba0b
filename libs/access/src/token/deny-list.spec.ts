import { define, text } from '@stoettesystemer/object';
import type { Caller } from '../caller';
import { DenyList, type Revocation } from './deny-list';

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

describe('without news', () => {
  const fed = () => new DenyList({ isFed: true, now: () => now });
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

  it('refuses old tokens for changes and for persons, and nothing else', () => {
    const list = fed();
    now += 61_000;
    expect(() => list.mustBeFresh(caller, Klasse, 'laes')).not.toThrow();
    expect(() => list.mustBeFresh(caller, Klasse, 'historik')).not.toThrow();
    for (const verb of ['skriv', 'slet', 'importer'] as const)
      expect(() => list.mustBeFresh(caller, Klasse, verb)).toThrow(refusal);
    expect(() => list.mustBeFresh(caller, Person, 'laes')).toThrow(refusal);
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
