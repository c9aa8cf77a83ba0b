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

  const text = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.constantFrom('x'.repeat(301), 'to\nlinjer', 'Ærø', '🛳'),
  );
  const instant = fc.oneof(
    {
      weight: 9,
      arbitrary: fc.constantFrom(
        '2026-01-01T00:00:00Z',
        '2026-06-01T02:00:00+02:00',
        '2027-01-01T00:00:00.123456Z',
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom('2026-02-30T00:00:00Z', 'i går', '1500-01-01T00:00:00Z') },
  );
  const reference = fc.constantFrom<unknown>(
    { uuid: UUID },
    { urn: 'urn:oio:x:y' },
    { uuid: UUID, label: 'l' },
    {},
    { uuid: 'x' },
    { uuid: UUID, urn: 'urn:oio:x' },
    null,
    { urn: 'x' },
  );
  const anything = fc.oneof(
    fc.constantFrom(
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
      UUID,
      'ABC123',
      ['a'],
      ['a', 'a'],
      'urn:oio:x',
    ),
    text,
    reference,
    instant,
  );
  const period = fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record(
        { fra: instant, til: fc.oneof(instant, fc.constant(null)) },
        { requiredKeys: ['fra'] },
      ),
    },
    { weight: 1, arbitrary: anything },
  );
  const members = (fields: readonly string[], needed: Record<string, fc.Arbitrary<unknown>>) =>
    fc.record(
      {
        ...Object.fromEntries(fields.map((name) => [name, anything])),
        virkning: period,
        slut: fc.constantFrom<unknown>(true, false),
        ...needed,
      },
      {
        requiredKeys: [],
      },
    );
  const some = (item: fc.Arbitrary<unknown>) => fc.array(item, { maxLength: 2 });
  const object = fc.record(
    {
      objekttype: fc.constantFrom('Skib', 'Boeje'),
      note: anything,
      tidspunkt: instant,
      brugerRef: reference,
      erstat: anything,
      farve: anything,
      attributter: fc.record(
        {
          egenskaber: some(
            members(Object.keys(Skib.attributes.egenskaber.fields), { brugervendtNoegle: text, titel: text }),
          ),
          dokument: some(members([], { id: text, navn: text })),
        },
        { requiredKeys: ['egenskaber'] },
      ),
      tilstande: fc.record(
        { fart: some(members([], { vaerdi: fc.constantFrom<unknown>('Oplagt', 'Sunket', null) })) },
        { requiredKeys: [] },
      ),
      relationer: fc.record(
        {
          havn: some(members([], { reference })),
          soesterskib: some(members([], { reference })),
          mandskab: some(
            members([], {
              reference,
              rolle: fc.constantFrom('Kaptajn', 'Kok', UUID),
              type: fc.constantFrom<unknown>('Person', 'x', null),
              indeks: text,
              fuldtNavn: anything,
            }),
          ),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['attributter'] },
  );

  test.each([
    ['SkibOpret', classes.create],
    ['SkibRet', classes.change],
  ])('%s says what the class checks, as far as a schema can', (name, shape) => {
    const validate = schemaOf(name);
    let [accepted, refused] = [0, 0];
    fc.assert(
      fc.property(object, (body) => {
        const plain = parseJson(JSON.stringify(body));
        const fejl = refusal(shape, plain)?.fejl ?? [];
        const conforms = validate(plain);
        if (fejl.length === 0) {
          accepted++;
          expect(validate.errors ?? []).toEqual([]);
        } else refused++;
        if (conforms) expect(fejl.filter(({ kode }) => !BEYOND.has(kode))).toEqual([]);
      }),
      { numRuns: 6000 },
    );
    expect(Math.min(accepted, refused)).toBeGreaterThan(50);
  });
});
