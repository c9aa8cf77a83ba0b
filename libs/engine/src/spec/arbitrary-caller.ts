import type { Caller, PrivilegeGroup } from '@stoettesystemer/access';
import { callerOf, Journal } from '@stoettesystemer/testing';
import fc from 'fast-check';
import { KEEPERS, LEVELS, UNITS } from './journal';
import { COMMON, OTHER, OWN } from './test-store';

const several = <T>(values: fc.Arbitrary<T>, least = 1): fc.Arbitrary<T[]> =>
  fc.uniqueArray(values, { minLength: least, maxLength: 3, selector: (each) => JSON.stringify(each) });
/** Values that a group may have of each restriction, with now and then one that voids the group. */
const usual = {
  kle: several(fc.constantFrom('*', '27.*', '27.18.*', '27.18.02', '28.01.01', '32.30.*')),
  foelsomhed: fc.oneof(fc.constantFrom('*', ...LEVELS), several(fc.constantFrom(...LEVELS))),
  orgenhed: several(
    fc.oneof(
      fc.constantFrom('*', ...UNITS),
      fc.record({ rod: fc.constantFrom(...UNITS), undertrae: fc.boolean() }),
    ),
  ),
  organisation: several(fc.constantFrom('*', ...KEEPERS)),
  'secpr-nummer': fc.constantFrom('*', 'ja', 'nej', ['ja'], ['nej']),
  senavn: fc.constantFrom('*', 'ja', 'nej', ['*']),
};
const odd = fc.constantFrom<PrivilegeGroup['constraints']>(
  { kle: [] },
  { kle: ['27.*', '2*'] },
  { kle: ['*', '27'] },
  { ukendt: '*' },
  { itsystem: [UNITS[0]!] },
  { itsystem: '*' },
  { foelsomhed: 'ALT' },
  { senavn: [] },
  { senavn: 'måske' },
  { 'secpr-nummer': ['ja', 'nej'] },
  { orgenhed: [] },
  { organisation: [] },
  { organisation: [KEEPERS[0]!, '1'] },
);
const constraints = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record(usual, { requiredKeys: [] }) as fc.Arbitrary<PrivilegeGroup['constraints']>,
  },
  { weight: 1, arbitrary: odd },
);

const EVERY = ['laes', 'historik', 'importer', 'skriv', 'slet'].map((verb) => `journal:${verb}`);
const privileges = fc.oneof(
  { weight: 4, arbitrary: fc.constant(EVERY) },
  { weight: 1, arbitrary: fc.subarray([...EVERY, 'ting:laes'], { minLength: 1 }) },
);
const group = (kind: PrivilegeGroup['kind']): fc.Arbitrary<PrivilegeGroup> =>
  fc.record({ kind: fc.constant(kind), privileges, constraints });

/** An it-system, alone or with a user; also a user who has no rights at all. */
export const caller: fc.Arbitrary<Caller> = fc
  .record({
    owner: fc.constantFrom(OWN, OWN, OWN, OTHER, COMMON),
    system: fc.array(group('system'), { minLength: 1, maxLength: 3 }),
    user: fc.oneof(
      { weight: 2, arbitrary: fc.constant([] as PrivilegeGroup[]) },
      { weight: 1, arbitrary: fc.array(group('user'), { minLength: 1, maxLength: 2 }) },
    ),
    isPerson: fc.nat(14).map((n) => n === 0),
  })
  .map(({ owner, system, user, isPerson }) =>
    callerOf({
      service: 'proeve',
      owner,
      types: [Journal],
      groups: [...system, ...user],
      ...(isPerson ? { subject: UNITS[1]! } : {}),
    }),
  );
