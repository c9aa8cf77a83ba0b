import { define } from '@stoettesystemer/object';
import { Privileges } from './privileges';

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
const Dokument = define({ ...base, name: 'Dokument', path: 'dokumenter', access: { foelsomhed: path } });
const Klasse = define({ ...base, name: 'Klasse', path: 'klasser' });

const OWNER = '12345678';
const UNIT = 'AAAAAAAA-1111-4111-8111-111111111111';
const good = {
  type: 'urn:fk:privilegium:1',
  kind: 'system',
  identifier: OWNER,
  privileges: ['sag:laes'],
  constraints: { kle: ['27.*'] },
};
const sagsindeks = new Privileges([Sag, Dokument]);
const VOID = { privileges: [], constraints: {} };

it('takes a group as it is', () => {
  expect(sagsindeks.groupsOf([good, { ...good, kind: 'user' }], OWNER)).toEqual([
    { kind: 'system', privileges: ['sag:laes'], constraints: { kle: ['27.*'] } },
    { kind: 'user', privileges: ['sag:laes'], constraints: { kle: ['27.*'] } },
  ]);
});

it.each([
  ['nothing', undefined],
  ['an object', {}],
  ['text', 'alt'],
  ['null in the list', [null]],
  ['a list in the list', [[good]]],
  ['another type', [{ ...good, type: 'urn:fk:privilegium:2' }]],
  ['no type', [{ ...good, type: undefined }]],
  ['another kind', [{ ...good, kind: 'admin' }]],
  ['another municipality', [{ ...good, identifier: '87654321' }]],
  ['no municipality', [{ ...good, identifier: undefined }]],
  ['no privileges', [{ ...good, privileges: undefined }]],
  ['privileges as text', [{ ...good, privileges: 'sag:laes' }]],
  ['a privilege that is a number', [{ ...good, privileges: ['sag:laes', 1] }]],
  ['a privilege for all', [{ ...good, privileges: ['*'] }]],
  ['a privilege on all', [{ ...good, privileges: ['sag:*'] }]],
  ['no constraints', [{ ...good, constraints: undefined }]],
  ['constraints in a list', [{ ...good, constraints: [] }]],
  ['null constraints', [{ ...good, constraints: null }]],
  ['a constraint that is a number', [{ ...good, constraints: { kle: 27 } }]],
  ['a constraint that is null', [{ ...good, constraints: { kle: null } }]],
  ['a constraint that is an object', [{ ...good, constraints: { kle: { $ne: 1 } } }]],
  ['numbers in a constraint', [{ ...good, constraints: { kle: [27] } }]],
  ['one bad among good ones', [good, {}]],
])('refuses %s', (_, details) => {
  expect(() => sagsindeks.groupsOf(details, OWNER)).toThrow();
});

describe('a group is void, and of its kind', () => {
  it.each([
    ['a type of constraint that nobody knows', { constraints: { kle: ['27.*'], ukendt: '*' } }],
    ['one that hides in the prototype', { constraints: { constructor: '*' } }],
    ['one that JSON can name', { constraints: JSON.parse('{"__proto__": "*"}') as object }],
    ['one of another service', { constraints: { itsystem: '*' } }],
    ['an empty list', { constraints: { kle: [] } }],
    ['an empty text', { constraints: { kle: '' } }],
    ['KLE 2*', { constraints: { kle: ['2*'] } }],
    ['KLE 27', { constraints: { kle: ['27'] } }],
    ['KLE 27.18', { constraints: { kle: ['27.18'] } }],
    ['KLE 27.18.02.*', { constraints: { kle: ['27.18.02.*'] } }],
    ['KLE by regex', { constraints: { kle: ['27..*'] } }],
    ['KLE with a comma', { constraints: { kle: ['27.*,28.*'] } }],
    ['KLE as a unit', { constraints: { kle: [{ rod: UNIT, undertrae: true }] } }],
    ['one bad KLE among good', { constraints: { kle: ['27.*', '28'] } }],
    ['one bad KLE beside all', { constraints: { kle: ['*', '28'] } }],
    ['a level that is none', { constraints: { foelsomhed: 'HEMMELIG' } }],
    ['a level in lower case', { constraints: { foelsomhed: 'vip_sager' } }],
    ['one bad level among good', { constraints: { foelsomhed: ['VIP_SAGER', 'X'] } }],
    ['a unit that is no UUID', { constraints: { orgenhed: ['Skoleafdelingen'] } }],
    ['a unit without a flag', { constraints: { orgenhed: [{ rod: UNIT }] } }],
    ['a unit with more', { constraints: { orgenhed: [{ rod: UNIT, undertrae: true, undtagen: [] }] } }],
    ['a narrowing that we do not do', { locations: ['https://api.example.dk'] }],
    ['another one', { datatypes: ['titel'] }],
  ])('%s', (_, change) => {
    for (const kind of ['system', 'user'])
      expect(sagsindeks.groupsOf([{ ...good, kind, ...change }], OWNER)).toEqual([{ kind, ...VOID }]);
  });

  it('a constraint where no type has one, even on all', () => {
    const klassifikation = new Privileges([Klasse]);
    const group = { ...good, privileges: ['klasse:laes'] };
    expect(klassifikation.groupsOf([{ ...group, constraints: { kle: '*' } }], OWNER)).toEqual([
      { kind: 'system', ...VOID },
    ]);
    expect(klassifikation.groupsOf([{ ...group, constraints: {} }], OWNER)[0]?.privileges).toEqual([
      'klasse:laes',
    ]);
  });

  it('one without a restriction that its role requires', () => {
    const strict = new Privileges([Sag], { 'sag:laes': ['kle', 'foelsomhed'] });
    const groups = strict.groupsOf(
      [
        { ...good, constraints: { kle: ['27.*'] } },
        { ...good, constraints: { kle: ['27.*'], foelsomhed: '*' } },
        { ...good, constraints: {}, privileges: ['sag:historik'] },
      ],
      OWNER,
    );
    expect(groups.map(({ privileges }) => privileges)).toEqual([[], ['sag:laes'], ['sag:historik']]);
  });
});

it('understands every form that there is', () => {
  const constraints = {
    kle: ['27.*', '27.18.*', '27.18.02'],
    foelsomhed: ['IKKE_FORTROLIGE_DATA', 'FOELSOMME_PERSONOPLYSNINGER'],
    orgenhed: [UNIT, { rod: UNIT, undertrae: true }],
  };
  for (const each of [
    constraints,
    { kle: '*' },
    { kle: ['*'] },
    { kle: ['27.*', '*'] },
    { foelsomhed: 'VIP_SAGER' },
    {},
  ])
    expect(sagsindeks.groupsOf([{ ...good, constraints: each }], OWNER)[0]).toEqual({
      kind: 'system',
      privileges: ['sag:laes'],
      constraints: each,
    });
});
