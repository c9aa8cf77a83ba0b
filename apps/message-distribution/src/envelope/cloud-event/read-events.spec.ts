import type { Refusal } from '@stoettesystemer/object';
import fc from 'fast-check';
import { DISTRIBUTED, EVENT_LIMITS } from './cloud-event';
import { headerValue } from './header-value';
import type { EventRules } from './read-event';
import { readEvents } from './read-events';

const EVENT = {
  specversion: '1.0',
  id: '9d6c2f0a-2c0f-4a1e-9e4b-3f6f7a3f1b11',
  source: '/esdh/12345678',
  type: 'dk.esdh.sag.rettet.v1',
  subject: 'b7a6d0cc-0d8c-4a5e-8a4e-111111111111',
  time: '2026-11-23T10:15:30.123456Z',
  beskedtype: '7654895c-a3f3-4c77-8afd-4c77330f963c',
  objekttype: 'Sag',
  objekthandling: 'rettet',
  ansvarligmyndighed: '12345678',
  opgaveemne: '27.18.02',
  foelsomhed: 'FORTROLIGE_PERSONOPLYSNINGER',
  tilladtmodtager: '12345678,87654321',
  relateretobjekt: 'b7a6d0cc-0d8c-4a5e-8a4e-222222222222,urn:oio:pnr:1003388394',
  sequence: '00000000000000004711',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  antal: 3,
  hastende: false,
  data: { a: [1, null, 'æøå'] },
};
const structured = (value: unknown, rules?: EventRules) =>
  readEvents(
    { headers: { 'content-type': 'application/cloudevents+json' }, body: Buffer.from(JSON.stringify(value)) },
    rules,
  );
const batch = (value: unknown) =>
  readEvents({
    headers: { 'content-type': 'application/cloudevents-batch+json' },
    body: Buffer.from(JSON.stringify(value)),
  });
const binary = (headers: Record<string, string>, body: Buffer | string = '') =>
  readEvents({
    headers: { 'ce-specversion': '1.0', 'ce-id': 'a', 'ce-source': '/a', 'ce-type': 'a', ...headers },
    body: Buffer.from(body),
  });
const refusal = (act: () => unknown): Refusal => {
  try {
    act();
  } catch (cause) {
    return cause as Refusal;
  }
  throw new Error('It was taken');
};
const faults = (act: () => unknown) => refusal(act).fejl.map(({ sti, kode }) => `${sti} ${kode}`);

describe('structured mode', () => {
  test('an event is taken as it is', () => expect(structured(EVENT)).toEqual([EVENT]));

  test('a UUID that is one is folded where it is compared, and nowhere else', () => {
    const upper = 'B7A6D0CC-0D8C-4A5E-8A4E-111111111111';
    expect(structured({ ...EVENT, id: upper, subject: upper, beskedtype: upper })[0]).toMatchObject({
      id: upper,
      subject: upper.toLowerCase(),
      beskedtype: upper.toLowerCase(),
    });
  });

  test.each<[string, object, string]>([
    ['no id', { id: undefined }, '/id paakraevet'],
    ['an id that is null', { id: null }, '/id paakraevet'],
    ['an empty id', { id: '' }, '/id laengde'],
    ['an id that is a number', { id: 1 }, '/id type'],
    ['another version', { specversion: '1.1' }, '/specversion specversion'],
    ['a version as number', { specversion: 1 }, '/specversion type'],
    ['a source with a space', { source: '/a b' }, '/source uri'],
    ['a source with a loose percent', { source: '/a%2' }, '/source uri'],
    ['a schema that is relative', { dataschema: '/a' }, '/dataschema uri'],
    ['a media type that is none', { datacontenttype: 'json', data: 'a' }, '/datacontenttype medietype'],
    ['a time without a zone', { time: '2026-11-23T10:15:30' }, '/time tidspunkt'],
    ['a day that is not', { time: '2026-02-30T10:15:30Z' }, '/time tidspunkt'],
    ['a time as number', { time: 1700000000 }, '/time type'],
    ['a beskedtype that is no UUID', { beskedtype: 'Sag' }, '/beskedtype uuid'],
    ['a CVR number of seven digits', { ansvarligmyndighed: '1234567' }, '/ansvarligmyndighed cvr'],
    ['receivers with a space', { tilladtmodtager: '12345678, 87654321' }, '/tilladtmodtager cvr'],
    ['receivers with an end too many', { tilladtmodtager: '12345678,' }, '/tilladtmodtager cvr'],
    ['a subject matter that is no KLE', { opgaveemne: '27.18.2' }, '/opgaveemne kle'],
    ['an unknown sensitivity', { foelsomhed: 'HEMMELIG' }, '/foelsomhed vaerdi'],
    ['an object type of two words', { objekttype: 'En Sag' }, '/objekttype tegn'],
    ['related to a mere word', { relateretobjekt: 'sag' }, '/relateretobjekt reference'],
    ['a line break', { egen: 'a\nb' }, '/egen tegn'],
    ['no character', { egen: '\ufffe' }, '/egen tegn'],
    ['a decimal', { egen: 1.5 }, '/egen tal'],
    ['a number above 32 bits', { egen: 2 ** 31 }, '/egen tal'],
    ['an object', { egen: {} }, '/egen type'],
    ['a list', { egen: [] }, '/egen type'],
    ['a name with a capital', { Egen: 'a' }, '/Egen navn'],
    ['a name with a hyphen', { 'ce-egen': 'a' }, '/ce-egen navn'],
    ['a long name', { ['a'.repeat(41)]: 'a' }, `/${'a'.repeat(41)} navn`],
    ['a long text', { egen: 'a'.repeat(EVENT_LIMITS.value + 1) }, '/egen laengde'],
    ['content twice', { data_base64: 'YQ==' }, '/data_base64 indhold'],
    ['no base64', { data: undefined, data_base64: 'a' }, '/data_base64 base64'],
    ['base64 of the web', { data: undefined, data_base64: '_-8=' }, '/data_base64 base64'],
    ['an object that claims to be XML', { datacontenttype: 'application/xml' }, '/data indhold'],
  ])('%s is refused', (_, change, expected) => {
    expect(faults(() => structured({ ...EVENT, ...change }))).toEqual([expected]);
    expect(refusal(() => structured({ ...EVENT, ...change }))).toMatchObject({
      status: 400,
      kode: 'haendelse',
    });
  });

  test('every fault is told at once', () => {
    expect(faults(() => structured({ ...EVENT, id: '', time: 'i går', Egen: 1 }))).toHaveLength(3);
  });

  test('what we must know of an event to distribute it is asked for by name', () => {
    const { beskedtype: _, ansvarligmyndighed: __, ...without } = EVENT;
    expect(structured(without)).toHaveLength(1);
    expect(faults(() => structured(without, { required: DISTRIBUTED }))).toEqual([
      '/beskedtype paakraevet',
      '/ansvarligmyndighed paakraevet',
    ]);
  });

  test('time: as many decimals as .NET writes, small letters, and other zones', () => {
    for (const time of ['2026-11-23T10:15:30.1234567Z', '2026-11-23t10:15:30z', '2026-11-23T10:15:30+01:00'])
      expect(structured({ ...EVENT, time })[0]?.time).toBe(time);
  });

  test('content: 64 KiB and not a byte more', () => {
    const data = 'a'.repeat(EVENT_LIMITS.data - 2);
    expect(structured({ ...EVENT, data })).toHaveLength(1);
    expect(refusal(() => structured({ ...EVENT, data: `${data}a` }))).toMatchObject({
      status: 413,
      kode: 'for_stort',
    });
    const { data: _, ...bare } = EVENT;
    const data_base64 = Buffer.alloc(EVENT_LIMITS.data).toString('base64');
    expect(structured({ ...bare, data_base64 })).toHaveLength(1);
    expect(
      refusal(() =>
        structured({ ...bare, data_base64: Buffer.alloc(EVENT_LIMITS.data + 1).toString('base64') }),
      ),
    ).toMatchObject({ status: 413 });
  });

  test('content that is null is content', () =>
    expect(structured({ ...EVENT, data: null })[0]).toHaveProperty('data', null));
});

describe('no CPR number in an attribute', () => {
  const NUMBER = '2512484916';
  const forms = [
    NUMBER,
    '251248-4916',
    '251248 4916',
    `urn:oio:cpr-nr:${NUMBER}`,
    `URN:OIO:CPR:${NUMBER}`,
    `sag-${NUMBER}`,
  ];

  test.each(forms)('%s is refused in every attribute that could hold it, and never repeated', (form) => {
    for (const name of ['id', 'subject', 'egen', 'type']) {
      const refused = refusal(() => structured({ ...EVENT, [name]: form }));
      expect(refused.fejl).toEqual([expect.objectContaining({ sti: `/${name}`, kode: 'personnummer' })]);
      expect(JSON.stringify(refused.fejl)).not.toContain('4916');
    }
  });

  test.each([
    ['source', `/esdh/${NUMBER}`],
    ['source', `/esdh/%32512484916`],
    ['source', `/esdh/%3251248%34916`],
    ['subject', '２５１２４８４９１６'],
    ['relateretobjekt', `urn:oio:cpr-nr:${NUMBER}`],
    ['relateretobjekt', `${EVENT.subject},${NUMBER}`],
  ])('%s = %s is refused', (name, value) => {
    expect(faults(() => structured({ ...EVENT, [name]: value }))).toEqual([`/${name} personnummer`]);
  });

  test('as a number, and as a name', () => {
    expect(faults(() => structured({ ...EVENT, egen: 1012484916 }))).toEqual(['/egen personnummer']);
    expect(faults(() => structured({ ...EVENT, [NUMBER]: 'a' }))).toEqual(['/XXXXXX-XXXX navn']);
  });

  test.each([
    ['a UUID', 'id', '12345678-1234-1234-1234-123456789012'],
    ['a production unit', 'relateretobjekt', 'urn:oio:pnr:1003388394'],
    ['a property', 'relateretobjekt', 'urn:oio:ejendom:bfe-nr:0006012345'],
    ['a position', 'sequence', '00000000002512484916'],
    ['nine digits', 'subject', '251248491'],
    ['a telephone number of the specification', 'source', '1-555-123-4567'],
    ['a keyed reference', 'relateretobjekt', `cpr-hmac:${'a-1234567890-'.padEnd(43, 'b')}`],
  ])('%s is not taken for one', (_, name, value) =>
    expect(structured({ ...EVENT, [name]: value })).toHaveLength(1),
  );

  test('in a body, a related citizen is exchanged for a keyed reference; nowhere else, and not in a header', () => {
    const personReference = (number: string) => `cpr-hmac:${number === NUMBER ? 'x'.repeat(43) : '-'}`;
    const related = `${EVENT.subject},urn:oio:cpr-nr:${NUMBER}`;
    expect(structured({ ...EVENT, relateretobjekt: related }, { personReference })[0]?.relateretobjekt).toBe(
      `${EVENT.subject},cpr-hmac:${'x'.repeat(43)}`,
    );
    expect(
      faults(() => structured({ ...EVENT, subject: `urn:oio:cpr-nr:${NUMBER}` }, { personReference })),
    ).toEqual(['/subject personnummer']);
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': 'a',
      'ce-source': '/a',
      'ce-type': 'a',
      'ce-relateretobjekt': related,
    };
    expect(faults(() => readEvents({ headers, body: Buffer.of() }, { personReference }))).toEqual([
      '/relateretobjekt personnummer',
    ]);
  });

  test('it may stand in the content', () =>
    expect(structured({ ...EVENT, data: { cpr: NUMBER } })).toHaveLength(1));
});

describe('a batch', () => {
  test('of none, and of several', () => {
    expect(batch([])).toEqual([]);
    expect(batch([EVENT, { ...EVENT, id: 'b' }])).toHaveLength(2);
  });

  test('is refused whole, with a pointer to each fault', () => {
    expect(faults(() => batch([EVENT, { ...EVENT, id: '' }, 1]))).toEqual(['/1/id laengde', '/2 type']);
    expect(faults(() => batch({}))).toEqual([' type']);
  });

  test('is of limited length', () => {
    expect(batch(Array.from({ length: EVENT_LIMITS.batch }, () => EVENT))).toHaveLength(EVENT_LIMITS.batch);
    expect(refusal(() => batch(Array.from({ length: EVENT_LIMITS.batch + 1 }, () => EVENT)))).toMatchObject({
      status: 413,
    });
  });
});

describe('binary mode', () => {
  test('content is JSON, text or bytes, as its type says', () => {
    const type = (value: string) => ({ 'content-type': value });
    expect(binary({})).toEqual([{ specversion: '1.0', id: 'a', source: '/a', type: 'a' }]);
    expect(binary(type('application/json'), '{"a":1}')[0]).toMatchObject({ data: { a: 1 } });
    expect(binary(type('application/vnd.x+json'), '[]')[0]).toMatchObject({ data: [] });
    expect(binary(type('text/plain'), 'æ')[0]).toMatchObject({ data: 'æ' });
    expect(binary(type('application/xml'), '<a/>')[0]).toMatchObject({ data: '<a/>' });
    const bytes = Buffer.from([0xe6, 0xf8]);
    expect(binary(type('text/plain; charset=iso-8859-1'), bytes)[0]).toMatchObject({
      data_base64: bytes.toString('base64'),
      datacontenttype: 'text/plain; charset=iso-8859-1',
    });
    expect(binary(type('image/png'), bytes)[0]).toMatchObject({ data_base64: bytes.toString('base64') });
  });

  test('attributes are decoded once', () => {
    expect(binary({ 'ce-egen': 'Euro%20%E2%82%AC%20%F0%9F%98%80' })[0]).toMatchObject({ egen: 'Euro € 😀' });
    expect(binary({ 'ce-egen': '%2541' })[0]).toMatchObject({ egen: '%41' });
  });

  test.each<[string, Record<string, string>, string]>([
    ['an overlong space', { 'ce-egen': '%C0%A0' }, '/egen tegn'],
    ['half a code', { 'ce-egen': 'a%4' }, '/egen tegn'],
    ['a letter of Latin 1', { 'ce-egen': 'æ' }, '/egen tegn'],
    ['an encoded line break', { 'ce-egen': 'a%0Ab' }, '/egen tegn'],
    ['the type of the content twice', { 'ce-datacontenttype': 'text/plain' }, '/datacontenttype navn'],
    ['content in a header', { 'ce-data': '1' }, '/data navn'],
    ['content of bytes in a header', { 'ce-data_base64': 'YQ==' }, '/data_base64 navn'],
    ['an empty attribute', { 'ce-subject': '' }, '/subject laengde'],
  ])('%s is refused', (_, headers, expected) => expect(faults(() => binary(headers))).toEqual([expected]));
});

describe('what is no event', () => {
  test.each([
    ['JSON', 'application/json'],
    ['nothing', undefined],
    ['another format of CloudEvents', 'application/cloudevents+avro'],
    ['another charset', 'application/cloudevents+json; charset=iso-8859-1'],
  ])('%s', (_, type) => {
    const headers = { 'content-type': type };
    expect(refusal(() => readEvents({ headers, body: Buffer.from('{}') }))).toMatchObject({
      status: 415,
      kode: 'indholdstype',
    });
  });

  test('JSON that would be read in two ways, and text that is no UTF-8', () => {
    const headers = { 'content-type': 'application/cloudevents+json' };
    expect(refusal(() => readEvents({ headers, body: Buffer.from('{"id":"a","id":"b"}') }))).toMatchObject({
      status: 400,
      kode: 'dublet',
    });
    expect(refusal(() => readEvents({ headers, body: Buffer.from([0x7b, 0xff]) }))).toMatchObject({
      status: 400,
      kode: 'tegnsaet',
    });
  });

  test('whatever comes is read or refused with a word of its own', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc
        .dictionary(
          fc.constantFrom('id', 'data', 'data_base64', 'time', 'egen', 'subject', 'X'),
          fc.jsonValue(),
        )
        .map((part) => ({ ...EVENT, ...part })),
    );
    fc.assert(
      fc.property(anything, (value) => {
        try {
          const [event] = structured(value);
          expect(structured(event)).toEqual([event]);
        } catch (cause) {
          expect(cause).toMatchObject({ name: 'Refusal' });
          expect((cause as Refusal).status).toBeLessThan(500);
        }
      }),
    );
  });
});

describe('the value of a header', () => {
  const encode = (text: string): string =>
    [...text]
      .map((sign) =>
        /^[\x21\x23\x24\x26-\x7e]$/.test(sign)
          ? sign
          : [...Buffer.from(sign)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
      )
      .join('');

  test('is what was encoded, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => expect(headerValue(encode(text))).toBe(text)),
    );
  });

  test.each([
    ['"a b"', 'a b'],
    ['"a \\"b\\" \\\\"', 'a "b" \\'],
    ['"%20"', ' '],
    ['a"b', 'a"b'],
    ['a%c3%A6', 'aæ'],
  ])('%s', (header, text) => expect(headerValue(header)).toBe(text));
});
