import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Refusal } from '@stoettesystemer/object';
import fc from 'fast-check';
import { FILTER_LIMITS, type Filter } from './filter';
import { listsIn, parseFilters } from './parse-filters';

const ROOT = resolve(__dirname, '../../../..');
const FILE = resolve(
  ROOT,
  process.env['TEST_DATA'] ?? '../shared/data',
  'cloudevents/subscriptions-openapi.yaml',
);
const isThere = existsSync(FILE);
if (!isThere)
  console.warn(
    `Skipped: the API of CloudEvents Subscriptions is not at ${FILE}; TEST_DATA names the folder.`,
  );

const LIST = '3c0e55b2-9d3f-4f2e-9c1f-0b7a52a3a7ab';
const refusal = (value: unknown): Refusal => {
  try {
    parseFilters(value);
  } catch (cause) {
    return cause as Refusal;
  }
  throw new Error('It was taken');
};
const faults = (value: unknown) => refusal(value).fejl.map(({ sti, kode }) => `${sti} ${kode}`);
const nested = (depth: number): unknown =>
  depth === 1 ? { exact: { type: 'a' } } : { not: nested(depth - 1) };

describe('filters are read strictly', () => {
  test.each<[string, unknown, string[]]>([
    ['no list', {}, ['/filtre type']],
    ['nothing', null, ['/filtre type']],
    ['no object', ['exact'], ['/filtre/0 type']],
    ['an empty filter', [{}], ['/filtre/0 filter']],
    ['two dialects in one', [{ exact: { type: 'a' }, prefix: { type: 'a' } }], ['/filtre/0 filter']],
    ['an unknown dialect', [{ regex: { type: 'a' } }], ['/filtre/0/regex ukendt']],
    ['a dialect of another case', [{ Exact: { type: 'a' } }], ['/filtre/0/Exact ukendt']],
    ['SQL', [{ sql: "type = 'a'" }], ['/filtre/0/sql ukendt']],
    ['no attributes', [{ exact: {} }], ['/filtre/0/exact paakraevet']],
    ['a list of attributes', [{ exact: ['type'] }], ['/filtre/0/exact type']],
    [
      'an attribute of another case',
      [{ exact: { objektType: 'a' } }],
      ['/filtre/0/exact/objektType attribut'],
    ],
    [
      'the content',
      [{ exact: { data: 'a' } }, { suffix: { data_base64: 'a' } }],
      ['/filtre/0/exact/data attribut', '/filtre/1/suffix/data_base64 attribut'],
    ],
    ['a member of the content', [{ exact: { 'data.uuid': 'a' } }], ['/filtre/0/exact/data.uuid attribut']],
    ['no text', [{ prefix: { type: 1 } }], ['/filtre/0/prefix/type type']],
    ['an empty text', [{ suffix: { type: '' } }], ['/filtre/0/suffix/type laengde']],
    [
      'a long text',
      [{ exact: { type: 'a'.repeat(FILTER_LIMITS.value + 1) } }],
      ['/filtre/0/exact/type laengde'],
    ],
    ['a control character', [{ exact: { type: 'a\n' } }], ['/filtre/0/exact/type tegn']],
    ['half a character', [{ exact: { type: '\ud83d' } }], ['/filtre/0/exact/type tegn']],
    [
      'a CPR number',
      [{ exact: { subject: 'urn:oio:cpr-nr:2512484916' } }],
      ['/filtre/0/exact/subject personnummer'],
    ],
    [
      'a CPR number as prefix',
      [{ prefix: { subject: '251248-4916' } }],
      ['/filtre/0/prefix/subject personnummer'],
    ],
    ['a CPR number for a name', [{ exact: { '2512484916': 'a' } }], ['/filtre/0/exact/XXXXXX-XXXX attribut']],
    ['all of nothing', [{ all: [] }], ['/filtre/0/all paakraevet']],
    ['any of nothing', [{ any: [] }], ['/filtre/0/any paakraevet']],
    ['all of no list', [{ all: { exact: { type: 'a' } } }], ['/filtre/0/all type']],
    ['not of a list', [{ not: [{ exact: { type: 'a' } }] }], ['/filtre/0/not type']],
    [
      'a list of values without a uuid',
      [{ vaerdiliste: { attribut: 'subject' } }],
      ['/filtre/0/vaerdiliste/uuid uuid'],
    ],
    [
      'a list of values on another attribute',
      [{ vaerdiliste: { attribut: 'type', uuid: LIST } }],
      ['/filtre/0/vaerdiliste/attribut vaerdi'],
    ],
    [
      'a list of values with more',
      [{ vaerdiliste: { attribut: 'subject', uuid: LIST, a: 1 } }],
      ['/filtre/0/vaerdiliste/a ukendt'],
    ],
    [
      'one fault in each part',
      [{ any: [{ exact: { A: 'a' } }, { not: { prefix: { type: 2 } } }] }],
      ['/filtre/0/any/0/exact/A attribut', '/filtre/0/any/1/not/prefix/type type'],
    ],
  ])('%s', (_, value, expected) => {
    expect(faults(value)).toEqual(expected);
    expect(refusal(value)).toMatchObject({ status: 400, kode: 'filter' });
  });

  test('as deep as allowed, and no deeper', () => {
    expect(parseFilters([nested(FILTER_LIMITS.depth)])).toHaveLength(1);
    expect(faults([nested(FILTER_LIMITS.depth + 1)])).toEqual([
      `/filtre/0${'/not'.repeat(FILTER_LIMITS.depth)} dybde`,
    ]);
  });

  test('as many as allowed, and no more', () => {
    const one = { exact: { type: 'a' } };
    const many = (count: number, each: unknown) => Array.from({ length: count }, () => each);
    expect(parseFilters(many(FILTER_LIMITS.filters, one))).toHaveLength(FILTER_LIMITS.filters);
    expect(faults(many(FILTER_LIMITS.filters + 1, one))).toEqual(['/filtre antal']);
    expect(parseFilters(many(5, { any: many(99, one) }))).toHaveLength(5);
    expect(faults(many(6, { any: many(99, one) }))).toEqual(['/filtre/5 antal']);
    const attributes = Object.fromEntries(many(501, 'a').map((value, at) => [`a${at}`, value]));
    expect(faults([{ exact: attributes }])).toEqual(['/filtre/0/exact antal']);
  });

  test('a giant is refused without being walked', () => {
    const giant: unknown[] = [];
    for (let at = 0; at < 90; at++)
      giant.push({ any: giant.length > 80 ? giant.slice(0, 80) : [{ exact: { type: 'a' } }] });
    expect(faults(giant).at(-1)).toMatch(/ antal$/);
  });

  test('whatever comes is read or refused, and its values are not repeated', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('exact', 'all', 'not', 'vaerdiliste', 'x'),
        (value, dialect) => {
          try {
            parseFilters([{ [dialect]: { subject: `${JSON.stringify(value)}\n2512484916` } }, value]);
          } catch (cause) {
            expect(cause).toMatchObject({ name: 'Refusal', status: 400 });
            expect(JSON.stringify((cause as Refusal).fejl)).not.toContain('2512484916');
          }
        },
      ),
    );
  });

  test('the UUID of a list is kept in lower case, and the lists are found wherever they stand', () => {
    const upper: Filter = { vaerdiliste: { attribut: 'subject', uuid: LIST.toUpperCase() } };
    const read = parseFilters([{ not: { any: [{ all: [upper] }] } }]);
    expect([...listsIn(read)]).toEqual([LIST]);
  });
});

(isThere ? describe : describe.skip)('the filters of the CloudEvents Subscriptions API', () => {
  const yaml = isThere ? readFileSync(FILE, 'utf8') : '';
  /** The lines of one schema, with what is indented under it. */
  const schema = (name: string): string =>
    new RegExp(`^ {4}${name}:\\n((?: {5,}.*\\n|\\n)*)`, 'm').exec(yaml)?.[1] ?? '';
  const listed = [...schema('AllFilter').matchAll(/schemas\/(\w+)Filter"/g)].map(([, name]) =>
    name!.toLowerCase(),
  );
  const attributes = [...schema('CloudEventsAttribute').matchAll(/^ {8}(\w+):$/gm)].map(([, name]) => name!);
  const EXAMPLE: Readonly<Record<string, unknown>> = {
    all: [{ exact: { type: 'a' } }],
    any: [{ exact: { type: 'a' } }],
    not: { exact: { type: 'a' } },
    exact: { type: 'a' },
    prefix: { type: 'a' },
    suffix: { type: 'a' },
  };

  test('there are dialects and attributes to try', () => {
    expect(listed.length).toBeGreaterThanOrEqual(7);
    expect(attributes).toContain('subject');
  });

  test('every dialect is taken; sql, which is optional, is refused by name', () => {
    for (const name of listed)
      if (name === 'sql')
        expect(refusal([{ sql: 'TRUE' }]).fejl[0]?.besked).toContain('SQL understøttes ikke');
      else expect(parseFilters([{ [name]: EXAMPLE[name] }])).toEqual([{ [name]: EXAMPLE[name] }]);
  });

  test('every attribute can be asked for, and extensions too', () => {
    for (const name of [...attributes, 'minegen'])
      expect(parseFilters([{ exact: { [name]: 'a' } }, { prefix: { [name]: 'a' } }])).toHaveLength(2);
  });

  test('where the API asks for one filter, none is refused', () => {
    for (const name of ['all', 'any'] as const) {
      expect(schema(name === 'all' ? 'AllFilter' : 'AnyFilter')).toContain('minItems: 1');
      expect(faults([{ [name]: [] }])).toEqual([`/filtre/0/${name} paakraevet`]);
    }
  });

  test.skip('cesql_tck: tests of the sql dialect, which the specification makes optional and contract §8 leaves out', () =>
    undefined);
});
