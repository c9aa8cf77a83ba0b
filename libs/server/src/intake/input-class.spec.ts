import { Refusal } from '@stoettesystemer/object';
import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { openApi } from '../openapi/open-api';
import { exampleBody } from '../openapi/object-schemas';
import { Boeje, Skib } from '../spec/made-up';
import { checked } from './checked';
import { inputClasses } from './input-class';
import { parseJson } from './json';
import type { Shape } from './shape';

const classes = inputClasses(Skib);
const virkning = { fra: '2026-01-01T00:00:00Z' };
const papers = { virkning, brugervendtNoegle: 'OXYZ', titel: 'Fregatten Jylland' };
const withPapers = (over: Record<string, unknown>) => ({
  attributter: { egenskaber: [{ ...papers, ...over }] },
});
const UUID = '6c0ad0a5-4e2c-4c3f-9e0f-0a8f5a0b1c2d';

function refusal(shape: Shape, body: unknown): Refusal | null {
  try {
    checked(shape, body);
    return null;
  } catch (cause) {
    if (cause instanceof Refusal) return cause;
    throw cause;
  }
}
const faults = (body: unknown, shape = classes.create) =>
  (refusal(shape, body)?.fejl ?? []).map(({ sti, kode }) => `${sti} ${kode}`);
const egenskaber = (over: Record<string, unknown>) =>
  faults(withPapers(over)).map((fault) => fault.replace('/attributter/egenskaber/0/', ''));

test.each([
  ['titel', '', 'laengde'],
  ['titel', 7, 'type'],
  ['titel', null, 'paakraevet'],
  ['titel', 'to\nlinjer', 'tegn'],
  ['titel', 'kli\u0007ng', 'tegn'],
  ['titel', 'x'.repeat(301), 'laengde'],
  ['beskrivelse', 'kli\u0007ng', 'tegn'],
  ['kode', 'ABC1234', 'laengde'],
  ['kode', 'abc123', 'moenster'],
  ['master', '3', 'type'],
  ['master', 1.5, 'type'],
  ['master', 10, 'stoerst'],
  ['master', -1, 'mindst'],
  ['dybgang', '4', 'type'],
  ['takst', 12498, 'type'],
  ['takst', '12.498,00', 'moenster'],
  ['takst', '1e3', 'moenster'],
  ['takst', '1.', 'moenster'],
  ['bygget', '2026-02-30', 'dato'],
  ['bygget', '2026-1-1', 'dato'],
  ['bygget', '0000-01-01', 'dato'],
  ['bygget', '10000-01-01', 'dato'],
  ['bygget', '2026-01-01T00:00:00Z', 'dato'],
  ['synet', '2026-01-31T24:00:00Z', 'tidspunkt'],
  ['synet', '2026-01-31T12:00:60Z', 'tidspunkt'],
  ['synet', '2026-01-31T12:00:00', 'tidspunkt'],
  ['synet', '2026-01-31T12:00:00.1234567Z', 'tidspunkt'],
  ['synet', '1849-12-31T00:00:00Z', 'tidspunkt'],
  ['synet', '-infinity', 'tidspunkt'],
  ['fredet', 'true', 'type'],
  ['slags', 'Galej', 'vaerdi'],
  ['emne', 'http://x', 'urn'],
  ['register', 'x', 'uuid'],
  ['register', '00000000-0000-0000-0000-000000000000', 'uuid'],
  ['register', `{${UUID}}`, 'uuid'],
  ['vaerft', {}, 'reference'],
  ['vaerft', { uuid: UUID, urn: 'urn:oio:x' }, 'reference'],
  ['vaerft', [{ uuid: UUID }], 'type'],
  ['vaerft', UUID, 'type'],
  ['flag', 'Dannebrog', 'type'],
  ['flag', ['a', 7], 'type'],
  ['flag', ['a', 'a'], 'gentaget'],
  ['flag', [''], 'laengde'],
  ['flag', ['x'.repeat(21)], 'laengde'],
])('%s: %j is refused with %s', (member, value, kode) => {
  expect(egenskaber({ [member]: value })).toEqual([`${member} ${kode}`]);
  expect(refusal(classes.create, withPapers({ [member]: value }))?.status).toBe(400);
});

test.each([
  ['titel', '🛳'.repeat(300), undefined],
  ['titel', 'A\u030angstro\u0308m', 'Ångström'],
  ['bygget', '9999-12-31', undefined],
  ['bygget', '1850-01-01', undefined],
  ['synet', '1850-01-01T00:00:00Z', undefined],
  ['synet', '2026-07-01T02:00:00.5+02:00', '2026-07-01T00:00:00.5Z'],
  ['register', UUID.toUpperCase(), UUID],
  ['vaerft', { uuid: UUID.toUpperCase() }, { uuid: UUID }],
  ['emne', 'URN:Empty', undefined],
  ['beskrivelse', null, undefined],
  [
    'opslag',
    '<p onclick="x()">Hej <script>alert(1)</script><b>du</b> & <a href="javascript:x">der</a></p>',
    '<p>Hej <b>du</b> &amp; der</p>',
  ],
])('%s: %j is taken in', (member, value, as) => {
  const made = checked<{ attributter: { egenskaber: Record<string, unknown>[] } }>(
    classes.create,
    withPapers({ [member]: value }),
  );
  expect(made.attributter.egenskaber[0]?.[member]).toEqual(as ?? value);
});

test.each([
  [{}, ['/attributter paakraevet']],
  [{ attributter: {} }, ['/attributter/egenskaber paakraevet']],
  [{ attributter: null }, ['/attributter paakraevet']],
  [{ attributter: [] }, ['/attributter type']],
  [{ attributter: { egenskaber: [] } }, ['/attributter/egenskaber paakraevet']],
  [{ attributter: { egenskaber: {} } }, ['/attributter/egenskaber type']],
  [{ attributter: { egenskaber: [[]] } }, ['/attributter/egenskaber type']],
  [{ attributter: { egenskaber: [null] } }, ['/attributter/egenskaber type']],
  [
    { attributter: { egenskaber: [{}] } },
    ['virkning', 'brugervendtNoegle', 'titel'].map((name) => `/attributter/egenskaber/0/${name} paakraevet`),
  ],
  [{ objekttype: 'Boeje', ...withPapers({}) }, ['/objekttype vaerdi']],
  [{ uuid: UUID, ...withPapers({}) }, ['/uuid ukendt']],
  [{ 'a/b~c': 1, ...withPapers({}) }, ['/a~1b~0c ukendt']],
  [{ erstat: true, ...withPapers({}) }, ['/erstat ukendt']],
  [withPapers({ slut: true }), ['/attributter/egenskaber/0/slut ukendt']],
  [withPapers({ virkning: { til: null } }), ['/attributter/egenskaber/0/virkning/fra paakraevet']],
  [
    withPapers({ virkning: { ...virkning, til: virkning.fra } }),
    ['/attributter/egenskaber/0/virkning/til periode'],
  ],
  [
    { ...withPapers({}), tilstande: { fart: [{ virkning, vaerdi: null }] } },
    ['/tilstande/fart/0/vaerdi paakraevet'],
  ],
  [
    { ...withPapers({}), tilstande: { fart: [{ virkning, vaerdi: 'Sunket' }] } },
    ['/tilstande/fart/0/vaerdi vaerdi'],
  ],
  [
    { ...withPapers({}), relationer: { havn: [{ virkning, reference: null }] } },
    ['/relationer/havn/0/reference paakraevet'],
  ],
  [
    {
      ...withPapers({}),
      relationer: { mandskab: [{ virkning, rolle: 'Kok', type: 'Person', reference: { urn: 'urn:oio:x' } }] },
    },
    ['/relationer/mandskab/0/rolle vaerdi', '/relationer/mandskab/0/indeks paakraevet'],
  ],
])('opret: %j', (body, expected) => {
  expect(faults(body)).toEqual(expected);
});

test.each([
  [{}, []],
  [{ erstat: true, relationer: { havn: [] } }, []],
  [{ attributter: { egenskaber: [{ virkning, titel: 'Ny' }] } }, []],
  [{ attributter: { egenskaber: [{ virkning, beskrivelse: null }] } }, []],
  [
    { attributter: { egenskaber: [{ virkning, titel: null }] } },
    ['/attributter/egenskaber/0/titel paakraevet'],
  ],
  [{ attributter: { egenskaber: [{ virkning, slut: true }] } }, []],
  [{ attributter: { egenskaber: [{ virkning, slut: false }] } }, ['/attributter/egenskaber/0/slut vaerdi']],
  [{ attributter: { dokument: [{ virkning, slut: true }] } }, ['/attributter/dokument/0/id paakraevet']],
  [{ tilstande: { fart: [{ virkning, vaerdi: null }] } }, []],
  [{ tilstande: { fart: [{ virkning, slut: true }] } }, []],
  [{ tilstande: { fart: [{ virkning }] } }, ['/tilstande/fart/0/vaerdi paakraevet']],
  [{ relationer: { havn: [{ virkning, reference: null }] } }, []],
  [{ relationer: { havn: [{ virkning, slut: true }] } }, []],
  [{ relationer: { havn: [{ virkning }] } }, ['/relationer/havn/0/reference paakraevet']],
  [
    { relationer: { soesterskib: [{ virkning, slut: true }] } },
    ['/relationer/soesterskib/0/reference paakraevet'],
  ],
  [{ relationer: { soesterskib: [{ virkning, reference: { uuid: UUID }, slut: true }] } }, []],
  [{ relationer: { mandskab: [{ virkning, rolle: 'Matros', indeks: '1', reference: null }] } }, []],
])('ret: %j', (body, expected) => {
  expect(faults(body, classes.change)).toEqual(expected);
});

test('a fault of meaning is 422 only when the form is right', () => {
  const backwards = { virkning: { fra: '2026-02-01T00:00:00Z', til: '2026-01-01T00:00:00Z' } };
  expect(refusal(classes.create, withPapers(backwards))).toMatchObject({ status: 422, kode: 'periode' });
  expect(refusal(classes.create, withPapers({ ...backwards, titel: 7 }))).toMatchObject({
    status: 400,
    kode: 'ugyldigt_indhold',
  });
});

test('a refusal never repeats what was sent', () => {
  const secret = 'HEMMELIG-2512484916';
  const body = withPapers({
    titel: secret.repeat(30),
    kode: secret,
    slags: secret,
    takst: secret,
    register: secret,
    synet: secret,
  });
  const { message, detail, fejl } = refusal(classes.create, body)!;
  expect(JSON.stringify([message, detail, fejl])).not.toContain('HEMMELIG');
});

test('registrations follow each other without a gap', () => {
  const line = (...registreringer: unknown[]) =>
    faults({ objekttype: 'Skib', uuid: UUID, registreringer }, classes.history);
  const [first, second] = [
    { fra: '2020-01-01T00:00:00Z', ...withPapers({}) },
    { fra: '2021-01-01T00:00:00Z', livscyklus: 'Slettet' },
  ];
  expect(line(first, second)).toEqual([]);
  expect(line({ ...first, til: second.fra }, second)).toEqual([]);
  expect(line({ ...first, til: '2020-06-01T00:00:00Z' }, second)).toEqual(['/registreringer raekkefoelge']);
  expect(line(second, first)).toEqual(['/registreringer raekkefoelge']);
  expect(line()).toEqual(['/registreringer paakraevet']);
});

test('the example that the documentation shows is one that is accepted', () => {
  for (const type of [Skib, Boeje]) expect(refusal(inputClasses(type).create, exampleBody(type))).toBeNull();
});

describe('the OpenAPI document', () => {
  const document = openApi({ service: 'havn', title: 'Havn' }, [Skib]);
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats(ajv);
  ajv.addSchema({ $id: 'https://openapi.invalid/document', components: document.components });
  const schemaOf = (name: string) =>
    ajv.getSchema(`https://openapi.invalid/document#/components/schemas/${name}`)!;

  /** What a JSON Schema cannot say, so that only the class refuses it. */
  const BEYOND = new Set(['periode', 'tegn', 'tidspunkt', 'dato', 'uuid', 'urn', 'raekkefoelge']);

  const full = {
    objekttype: 'Skib',
    note: 'søsat',
    tidspunkt: '2026-01-01T00:00:00Z',
    brugerRef: { uuid: UUID },
    attributter: {
      egenskaber: [
        {
          ...papers,
          virkning: {
            fra: '2026-01-01T00:00:00Z',
            til: '2027-01-01T00:00:00Z',
            aktoerRef: { urn: 'urn:oio:x' },
            note: 'n',
          },
          beskrivelse: 'to\nlinjer',
          opslag: '<p>x</p>',
          kode: 'ABC123',
          master: 3,
          dybgang: 4.5,
          takst: '-1.50',
          bygget: '1860-11-20',
          synet: '2026-01-31T12:00:00Z',
          fredet: true,
          slags: 'Dampskib',
          emne: 'urn:oio:kle:27.18.02',
          register: UUID,
          vaerft: { uuid: UUID, label: 'Holmen' },
          flag: ['Dannebrog'],
        },
      ],
      dokument: [{ virkning, id: '1', navn: 'Målebrev' }],
    },
    tilstande: { fart: [{ virkning, vaerdi: 'Oplagt' }] },
    relationer: {
      havn: [{ virkning, reference: { urn: 'urn:oio:havn' } }],
      soesterskib: [{ virkning, reference: { uuid: UUID } }],
      mandskab: [
        {
          virkning,
          rolle: 'Kaptajn',
          type: 'Person',
          indeks: '1',
          reference: { uuid: UUID },
          fuldtNavn: 'Kaptajn Vom',
        },
      ],
    },
  };
  const VALUES: unknown[] = [
    ...[
      null,
      true,
      false,
      '',
      [],
      {},
      3,
      -1,
      1.5,
      '12.50',
      'Dampskib',
      '2026-01-31',
      '2026-02-30',
      'ABC123',
      ['a'],
      ['a', 'a'],
      [[]],
      [{}],
    ],
    ...[
      'x'.repeat(301),
      'to\nlinjer',
      'Ærø',
      '🛳',
      UUID,
      'urn:oio:x',
      'x',
      '2026-02-01T00:00:00Z',
      '2026-02-01T24:00:00Z',
      'Kok',
      'URN:Empty',
    ],
    ...[
      { uuid: UUID },
      { urn: 'urn:oio:x' },
      { uuid: UUID, urn: 'urn:oio:x' },
      { uuid: 'x' },
      { uuid: UUID, label: '' },
    ],
  ];
  const NAMES = ['slut', 'erstat', 'farve', 'til', 'uuid', 'urn', 'label', 'rolle', 'indeks', 'vaerdi'];

  type Holder = Record<string, unknown>;
  const holders = (value: unknown): Holder[] =>
    typeof value === 'object' && value !== null
      ? [value as Holder, ...Object.values(value).flatMap(holders)]
      : [];
  /** Somewhere in the body: a member is taken out, replaced or put in. */
  const mutation = fc.record({
    where: fc.nat(),
    which: fc.nat(),
    value: fc.constantFrom(...VALUES),
    how: fc.constantFrom('out' as const, 'replace' as const, 'in' as const),
    name: fc.constantFrom(...NAMES),
  });
  const body = fc.array(mutation, { maxLength: 4 }).map((mutations) => {
    const made = structuredClone(full);
    for (const { where, which, value, how, name } of mutations) {
      const all = holders(made);
      const holder = all[where % all.length]!;
      const names = Object.keys(holder);
      const member = names[which % Math.max(1, names.length)] ?? name;
      if (how === 'out') Reflect.deleteProperty(holder, member);
      else holder[how === 'in' && !Array.isArray(holder) ? name : member] = structuredClone(value);
    }
    return made;
  });

  const SHAPES = [
    ['SkibOpret', classes.create],
    ['SkibRet', classes.change],
  ] as const;
  /** Where the schema and the class do not agree on a body, and how; null where they do. */
  function disagreement(name: string, shape: Shape, made: unknown): string | null {
    const plain = parseJson(JSON.stringify(made));
    const fejl = refusal(shape, plain)?.fejl ?? [];
    const validate = schemaOf(name);
    if (validate(plain)) {
      const unsaid = fejl.filter(({ kode }) => !BEYOND.has(kode));
      return unsaid.length > 0 ? `only the class refuses: ${JSON.stringify(unsaid)}` : null;
    }
    return fejl.length === 0 ? `only the schema refuses: ${JSON.stringify(validate.errors)}` : null;
  }

  test.each(SHAPES)('%s agrees with the class on every member with every value', (name, shape) => {
    const found: string[] = [];
    let accepted = 0;
    holders(full).forEach((_, where) => {
      for (const member of Object.keys(holders(full)[where]!))
        for (const value of [...VALUES, undefined]) {
          const made = structuredClone(full);
          holders(made)[where]![member] = structuredClone(value);
          if (refusal(shape, made) === null) accepted++;
          const what = disagreement(name, shape, made);
          if (what !== null) found.push(`${member} = ${JSON.stringify(value)}: ${what}`);
        }
    });
    expect(found).toEqual([]);
    expect(accepted).toBeGreaterThan(100);
  });

  test.each(SHAPES)('%s agrees with the class on bodies with several things changed', (name, shape) => {
    fc.assert(
      fc.property(body, (made) => {
        expect(disagreement(name, shape, made)).toBeNull();
      }),
      { numRuns: 1500 },
    );
  });
});
