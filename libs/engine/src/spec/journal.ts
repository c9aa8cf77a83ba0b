import type { Caller, PrivilegeGroup } from '@stoettesystemer/access';
import { callerOf, Journal, privilegesOf } from '@stoettesystemer/testing';
import type { ObjectInput } from '../ask';
import type { Query } from '../query';
import { always, anyone, asking, OWN, type TestStore } from './test-store';

export const LEVELS = [
  'IKKE_FORTROLIGE_DATA',
  'FORTROLIGE_PERSONOPLYSNINGER',
  'FOELSOMME_PERSONOPLYSNINGER',
  'VIP_SAGER',
];
export const UNITS = ['aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa', 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb'];
/** CVR numbers of organisations that may keep a journal. */
export const KEEPERS = ['11111111', '22222222'];
export const SEED = { seed: Number(process.env['SEED'] ?? 4711) };
export interface Content {
  kle?: string | undefined;
  level?: string | undefined;
  unit?: string | undefined;
  keeper?: string | undefined;
}
export const journal = ({ kle, level, unit, keeper }: Content, more: object = {}): ObjectInput => ({
  attributter: {
    egenskaber: [
      {
        virkning: always,
        brugervendtNoegle: 'j',
        ...(level ? { foelsomhed: level } : {}),
        ...(keeper ? { organisationCvr: keeper } : {}),
        ...more,
      },
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
export const verbs = (...some: string[]) => some.map((verb) => `journal:${verb}`);
export const all = privilegesOf([Journal]);
export const group = (
  constraints: PrivilegeGroup['constraints'],
  more: Partial<PrivilegeGroup> = {},
): PrivilegeGroup => ({ kind: 'system', privileges: all, constraints, ...more });
export const callerWith = (...groups: PrivilegeGroup[]): Caller =>
  callerOf({ service: 'proeve', owner: OWN, types: [Journal], groups });
export const search = (parts: Partial<Query> = {}): Query => ({
  udtryk: null,
  sorter: [],
  vis: 'uuid',
  limit: 500,
  cursor: null,
  antal: true,
  ...parts,
});

export const made = async ({ store }: TestStore, content: Content, cvr = OWN): Promise<string> =>
  (await store.create(asking(anyone(cvr)), Journal, journal(content))).uuid;
