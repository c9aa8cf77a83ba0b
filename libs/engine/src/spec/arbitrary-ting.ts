import { keyOf, type Reference } from '@stoettesystemer/object';
import fc from 'fast-check';
import type { ObjectInput } from '../ask';
import type { Item } from './naive-search';

export const SEED = { seed: Number(process.env['SEED'] ?? 4711) };
export const at = (year: number): string => `${year}-01-01T00:00:00Z`;
export const REFERENCES: Reference[] = [
  { uuid: 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa' },
  { uuid: 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb' },
  { urn: 'urn:oio:ting:1' },
];
/** Letters that sort another way in Danish, and whatever SQL, LIKE, regular expressions or JSON paths could stumble on. */
export const WORDS = [
  'a',
  'A',
  'ab',
  'aa',
  'å',
  'Å',
  'æ',
  'ø',
  'z',
  'Zz',
  '%',
  'a%',
  '_b',
  'ab_',
  '\\',
  "';--",
  '$1',
  '(a+)+$',
  '"',
  '27.18',
  '27.2',
  'a b',
  '😀',
  '\u202eb',
];

export const word = fc.constantFrom(...WORDS);
export const decimal = fc.constantFrom(
  '0',
  '-0.00',
  '1',
  '1.0',
  '1.05',
  '-1',
  '-1.5',
  '-10',
  '10',
  '9.99',
  '-0.01',
  '12345678901234567890.5',
);
export const number = fc.constantFrom(0, 1, -1, 0.5, -2.5, 1e-7, -1e-7, 1e15, 9007199254740991);
export const instant = fc.constantFrom(
  '2020-01-01T00:00:00Z',
  '2020-01-01T00:00:00.5Z',
  '2020-01-01T00:00:00.000001Z',
  '2020-01-01T01:00:00+01:00',
  '2019-12-31T23:59:59.999999Z',
  '1850-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999Z',
);
export const date = fc.constantFrom('1850-01-01', '2020-01-01', '2020-01-10', '2020-02-01', '9999-12-31');
export const urn = fc.constantFrom('urn:oio:a:1', 'urn:oio:a:2', 'urn:oio:b:1');
export const uuid = fc.constantFrom(
  'cccccccc-cccc-4ccc-8ccc-cccccccccccc',
  'CCCCCCCC-CCCC-4CCC-8CCC-CCCCCCCCCCCD',
);
export const reference = fc.constantFrom(...REFERENCES);
export const texts = fc.array(word, { minLength: 1, maxLength: 3 });

export const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
export const span = fc.constantFrom<[number, number | null]>(
  [2000, null],
  [2000, 2020],
  [2010, 2030],
  [2026, null],
  [2027, null],
);
export const virkning = span.map(([fra, til]) => ({
  fra: at(fra),
  ...(til === null ? {} : { til: at(til) }),
}));
export const given = (item: object): Item =>
  Object.fromEntries(Object.entries(item).filter(([, each]) => each !== undefined)) as Item;

export const members = {
  titel: sometimes(word),
  antal: sometimes(fc.nat(12)),
  beloeb: sometimes(decimal),
  dato: sometimes(date),
  tid: sometimes(instant),
  aktiv: sometimes(fc.boolean()),
  farve: sometimes(fc.constantFrom('roed', 'groen', 'blaa')),
  vaegt: sometimes(number),
  adresse: sometimes(urn),
  maerke: sometimes(uuid),
  forgaenger: sometimes(reference),
  ord: sometimes(texts),
};
/** Two periods in which something else holds, so that searches at different times differ. */
export const egenskaber = fc
  .tuple(
    fc.record({ brugervendtNoegle: word, ...members }),
    fc.option(fc.record({ brugervendtNoegle: word, ...members })),
  )
  .map(([first, second]) =>
    second === null
      ? [given({ virkning: { fra: at(2000) }, ...first })]
      : [
          given({ virkning: { fra: at(2000), til: at(2020) }, ...first }),
          given({ virkning: { fra: at(2020) }, ...second }),
        ],
  );
export const keyed = fc.uniqueArray(fc.record({ virkning, id: word }), {
  maxLength: 3,
  selector: ({ id }) => id,
});
export const neighbours = fc.uniqueArray(fc.record({ virkning, reference }), {
  maxLength: 2,
  selector: (each) => keyOf(each.reference),
});
export const parties = fc
  .uniqueArray(
    fc.record({
      virkning,
      rolle: fc.constantFrom('Primaer', 'Anden'),
      indeks: fc.constantFrom('1', '2'),
      reference,
      kaldenavn: sometimes(word),
    }),
    { maxLength: 3, selector: ({ rolle, indeks }) => rolle + indeks },
  )
  .map((list) => list.map(given));
export const input: fc.Arbitrary<ObjectInput> = fc
  .record({
    egenskaber,
    linje: keyed,
    overordnet: sometimes(fc.record({ virkning, reference })),
    naboer: neighbours,
    part: parties,
    gyldighed: sometimes(fc.record({ virkning, vaerdi: fc.constantFrom('Aktiv', 'Inaktiv') })),
  })
  .map(({ egenskaber: e, linje, overordnet, naboer, part, gyldighed }): ObjectInput => ({
    attributter: { egenskaber: e, ...(linje.length > 0 ? { linje } : {}) },
    tilstande: gyldighed ? { gyldighed: [gyldighed] } : {},
    relationer: { ...(overordnet ? { overordnet: [overordnet] } : {}), naboer, part },
  }));
