import type { Refusal } from '@stoettesystemer/object';
import fc from 'fast-check';
import { type CloudEvent, DISTRIBUTED, ORIGINAL } from '../cloud-event/cloud-event';
import { inUtc } from './danish-time';
import { readReturn, TAKEN_OVER, writeReturn } from './modtag-besked';
import { readMessage } from './read-message';
import { canonical } from './spec/canonical';
import { event } from './spec/arbitrary-event';
import { schemaFaults } from './spec/schema-faults';
import { writeMessage } from './write-message';

const SENDER = 'cf12c051-39ce-4066-ba11-704b46fa23c4';
const personReference = (number: string) =>
  `cpr-hmac:${number.split('').reverse().join('_').padEnd(43, '-')}`;
const read = (xml: string) => readMessage(xml, { personReference, sender: SENDER, required: DISTRIBUTED });
const refusal = (xml: string): Refusal => {
  try {
    read(xml);
  } catch (cause) {
    return cause as Refusal;
  }
  throw new Error('It was taken');
};

/** Without what it came in. */
const bare = ({ [ORIGINAL]: _, ...event }: CloudEvent): CloudEvent => event;

const uuid = (name: string, value: string) =>
  `<k:${name}><UUIDIdentifikator>${value}</UUIDIdentifikator></k:${name}>`;
const urn = (name: string, value: string) =>
  `<k:${name}><URNIdentifikator>${value}</URNIdentifikator></k:${name}>`;
const time = (name: string, value: string) =>
  `<k:${name}><TidsstempelDatoTid>${value}</TidsstempelDatoTid></k:${name}>`;
const ID = '01157488-c45c-4fd2-b076-1de12effbf66';
const TYPE = '7654895c-a3f3-4c77-8afd-4c77330f963c';
const OPEN = '<k:Haendelsesbesked xmlns:k="urn:oio:besked:kuvert:1.0" xmlns="urn:oio:sagdok:3.0.0">';
interface Parts {
  readonly id?: string;
  readonly filter?: string;
  readonly registration?: string;
  readonly information?: string;
  readonly content?: string;
}
/** The least that can be distributed, and what is put in its parts. */
const message = ({
  id = uuid('BeskedId', ID),
  filter = '',
  registration = urn('ObjektAnsvarligMyndighed', 'urn:oio:cvr-nr:12345678'),
  information = '',
  content = '',
}: Parts = {}) =>
  `${OPEN}${id}<k:BeskedVersion>1.0</k:BeskedVersion><k:Beskedkuvert><k:Filtreringsdata>${uuid('Beskedtype', TYPE)}${filter}` +
  `<k:ObjektRegistrering>${registration}</k:ObjektRegistrering></k:Filtreringsdata>` +
  `<k:Leveranceinformation>${information}</k:Leveranceinformation></k:Beskedkuvert>${content}</k:Haendelsesbesked>`;

describe('any event that may be distributed', () => {
  test('is written as the schema has it, and read as the same event', () => {
    fc.assert(
      fc.property(event, fc.boolean(), (given, isPushed) => {
        const xml = writeMessage(given, { isPushed });
        expect(schemaFaults(xml)).toEqual([]);
        expect(bare(read(xml).event)).toEqual(given);
      }),
      { numRuns: 400 },
    );
  });

  test('is the same event once more, by way of the original', () => {
    fc.assert(
      fc.property(event, (given) => {
        const first = read(writeMessage(given));
        expect(bare(read(writeMessage(first.event)).event)).toEqual(given);
      }),
      { numRuns: 100 },
    );
  });
});

describe('what senders write', () => {
  test('who answers for it is told, where the message says so', () => {
    expect(read(message()).responsible).toBeNull();
    expect(read(message({ filter: uuid('BeskedAnsvarligAktoer', SENDER.toUpperCase()) })).responsible).toBe(
      SENDER,
    );
    expect(read(message({ filter: urn('BeskedAnsvarligAktoer', 'urn:oio:a:b') })).responsible).toBe(
      'urn:oio:a:b',
    );
  });

  test('what it came in is no part of the event as JSON, and goes along when the event is copied', () => {
    const { event: found } = read(message());
    expect(JSON.stringify(found)).not.toContain('Haendelsesbesked>');
    expect({ ...found, egen: 'a' }[ORIGINAL]).toContain('Haendelsesbesked>');
  });

  test('the least that can be distributed', () => {
    expect(bare(read(message()).event)).toEqual({
      specversion: '1.0',
      id: ID,
      source: `urn:oio:it-system-uuid:${SENDER}`,
      type: 'dk.stoettesystemerne.haendelsesbesked.v1',
      beskedtype: TYPE,
      ansvarligmyndighed: '12345678',
    });
    expect(canonical(writeMessage(read(message()).event))).toBe(canonical(message()));
  });

  test('UUIDs of mixed case are one, and are passed on as they were', () => {
    const id = uuid('BeskedId', ID.toUpperCase());
    const { event: found } = read(message({ id }));
    expect(found.id).toBe(ID);
    expect(writeMessage(found)).toContain(id);
  });

  test.each(['urn:oio:cvr-nr:12345678', 'urn:oio:cvr:12345678', 'URN:OIO:CVR-NR:12345678'])('%s', (cvr) => {
    const parts = { registration: urn('ObjektAnsvarligMyndighed', cvr), filter: urn('TilladtModtager', cvr) };
    expect(read(message(parts)).event).toMatchObject({
      ansvarligmyndighed: '12345678',
      tilladtmodtager: '12345678',
    });
  });

  test('a time is that of the registration, or else that of the message', () => {
    const registration = urn('ObjektAnsvarligMyndighed', 'urn:oio:cvr:12345678');
    const information = time('Dannelsestidspunkt', '2026-07-01T12:00:00');
    expect(read(message({ information })).event.time).toBe('2026-07-01T10:00:00Z');
    const both = {
      information,
      registration: time('Registreringstidspunkt', '2026-07-01T11:00:00Z') + registration,
    };
    expect(read(message(both)).event.time).toBe('2026-07-01T11:00:00Z');
  });

  test('a citizen by either URN is a keyed reference, and is told again as the number to whom may have it', () => {
    const filter = ['urn:oio:cpr-nr:2512484916', 'urn:oio:cpr:2512484916', 'urn:oio:cpr-nr:251248-4916']
      .map(
        (each) =>
          `<k:RelateretObjekt>${urn('ObjektId', each)}${urn('ObjektType', 'URN:Empty')}</k:RelateretObjekt>`,
      )
      .join('');
    const { event: found } = read(message({ filter }));
    expect(found.relateretobjekt?.split(',')).toEqual(Array(3).fill(personReference('2512484916')));
    expect(writeMessage(found)).toContain(filter);
    // Also after the key of the references has been changed.
    expect(
      writeMessage({
        ...found,
        relateretobjekt: Array(3)
          .fill(`cpr-hmac:${'n'.repeat(43)}`)
          .join(','),
      }),
    ).toContain(filter);
  });

  test('somebody by name is not in the event, and is passed on', () => {
    const name = `<k:RelateretObjekt>${urn('ObjektId', 'urn:oio:fuldtnavn:Test Testesen')}${urn('ObjektType', 'URN:Empty')}</k:RelateretObjekt>`;
    const { event: found } = read(message({ filter: name }));
    expect(found.relateretobjekt).toBeUndefined();
    expect(writeMessage(found)).toContain(name);
  });

  test.each<[string, string, object]>([
    [
      'one element',
      '<a xmlns="urn:a">x</a>',
      {
        datacontenttype: 'application/xml',
        data: '<a xmlns="urn:a" xmlns:k="urn:oio:besked:kuvert:1.0">x</a>',
      },
    ],
    [
      'of no namespace',
      '<a xmlns=""/>',
      { datacontenttype: 'application/xml', data: '<a xmlns:k="urn:oio:besked:kuvert:1.0"/>' },
    ],
    [
      'JSON',
      '<Base64 xmlns="urn:besked:kuvert:1.0" content-type="application/json" encoding="UTF-8">eyJhIjoxfQ==</Base64>',
      { datacontenttype: 'application/json', data: { a: 1 } },
    ],
    [
      'JSON of other spacing',
      '<Base64 xmlns="urn:besked:kuvert:1.0" content-type="application/json" encoding="UTF-8">eyAiYSI6MSB9</Base64>',
      { datacontenttype: 'application/json', data: { a: 1 } },
    ],
    [
      'what says it is JSON',
      '<Base64 xmlns="urn:besked:kuvert:1.0" content-type="application/json" encoding="UTF-8">e30g\nfQ==</Base64>',
      { datacontenttype: 'application/json', data_base64: 'e30gfQ==' },
    ],
    [
      'bytes',
      '<Base64 xmlns="urn:besked:kuvert:1.0" content-type="image/png">/w==</Base64>',
      { datacontenttype: 'image/png', data_base64: '/w==' },
    ],
    [
      'bytes of no type',
      '<k:Base64>\n /w==\n</k:Base64>',
      { datacontenttype: 'application/octet-stream', data_base64: '/w==' },
    ],
    ['Base64 that is none', '<k:Base64>?</k:Base64>', { datacontenttype: 'application/xml' }],
    ['text', 'Hej', { datacontenttype: 'application/xml', data: expect.stringContaining('>Hej<') as string }],
    ['text about an element', 'Hej <a/>', { datacontenttype: 'application/xml' }],
    ['two elements', '<a/><b/>', { datacontenttype: 'application/xml' }],
    ['two contents', '<a/></k:Beskeddata><k:Beskeddata><b/>', { datacontenttype: 'application/xml' }],
    ['white space', '\n', {}],
    ['a comment', '<!-- a -->', {}],
  ])('content: %s', (_, inner, expected) => {
    const given = message({ content: `<k:Beskeddata>${inner}</k:Beskeddata>` });
    const { event: found } = read(given);
    const { data, data_base64, datacontenttype } = found;
    expect(JSON.parse(JSON.stringify({ data, data_base64, datacontenttype }))).toEqual(
      'data' in expected || 'data_base64' in expected || !('datacontenttype' in expected)
        ? expected
        : expect.objectContaining(expected),
    );
    expect(canonical(writeMessage(found))).toBe(canonical(given));
  });

  test('a mark that is not ours is not filled', () => {
    const content = '<k:Beskeddata><a>hemmeligt</a></k:Beskeddata>';
    const { event: found } = read(
      message({ content, filter: '<?indhold?>' }).replace('<a>', '<?indhold?><a>'),
    );
    expect(writeMessage(found).match(/hemmeligt/g)).toHaveLength(1);
  });
});

describe('what has been changed since it came', () => {
  const filter = ['12345678', '87654321', '11111111']
    .map((each) => urn('TilladtModtager', `urn:oio:cvr:${each}`))
    .join('');

  test('receivers are cut down, and those that are left stand as they did', () => {
    const { event: found } = read(message({ filter }));
    const xml = writeMessage({ ...found, tilladtmodtager: '87654321' });
    expect(xml.match(/urn:oio:cvr:\d+/g)).toEqual(['urn:oio:cvr:87654321']);
    expect(schemaFaults(xml)).toEqual([]);
    expect(schemaFaults(writeMessage({ ...found, tilladtmodtager: undefined }))).toEqual([]);
  });

  test('what the envelope has no field for is told beside it', () => {
    const { event: found } = read(message());
    const xml = writeMessage({ ...found, sequence: '0001', egen: '?><' });
    expect(xml).toContain('<?cloudevents {"sequence":"0001","egen":"?\\u003e<"}?>');
    expect(bare(read(xml).event)).toEqual({ ...bare(found), sequence: '0001', egen: '?><' });
  });

  test('the way that it came is told last', () => {
    const { event: found } = read(message());
    const route = {
      distributor: ID,
      received: '2026-01-01T00:00:00Z',
      from: SENDER,
      subscription: TYPE,
      attempts: 3,
    };
    const once = writeMessage(found, { route });
    expect(schemaFaults(once)).toEqual([]);
    const twice = read(once);
    const xml = writeMessage(twice.event, { route: { ...route, attempts: 4 } });
    expect(schemaFaults(xml)).toEqual([]);
    expect([...xml.matchAll(/AntalLeveranceforsoeg>(\d)</g)].map(([, count]) => count)).toEqual(['3', '4']);
  });
});

describe('what is refused', () => {
  test.each<[string, string, string]>([
    ['a document type', `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>${message()}`, 'xml'],
    ['an entity that nobody declared', message({ id: uuid('BeskedId', '&b;') }), 'xml'],
    ['a thousand laughs', `<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>${message()}`, 'xml'],
    ['no end', message().slice(0, -3), 'xml'],
    ['nothing', '', 'xml'],
    ['XML 1.1', `<?xml version="1.1"?>${message()}`, 'xml'],
    ['another charset', `<?xml version="1.0" encoding="iso-8859-1"?>${message()}`, 'xml'],
    [
      'a hundred levels',
      message({ content: `<k:Beskeddata>${'<a>'.repeat(100)}${'</a>'.repeat(100)}</k:Beskeddata>` }),
      'xml',
    ],
    [
      'a thousand attributes',
      message({ content: `<a ${Array.from({ length: 1000 }, (_, at) => `a${at}=""`).join(' ')}/>` }),
      'xml',
    ],
    ['another root', '<a/>', 'besked'],
    ['another namespace', message().replace('urn:oio:besked:kuvert:1.0', 'urn:a'), 'besked'],
    ['an input without a message', '<ModtagBeskedInput xmlns="urn:oio:sts:1.0.0"/>', 'besked'],
  ])('%s', (_, xml, kode) => expect(refusal(xml)).toMatchObject({ status: 400, kode }));

  test('what is too large', () => {
    expect(refusal(message({ content: ' '.repeat(256 * 1024) }))).toMatchObject({ status: 413 });
    const content = `<k:Beskeddata><a>${'a'.repeat(64 * 1024)}</a></k:Beskeddata>`;
    expect(refusal(message({ content }))).toMatchObject({ status: 413, fejl: [{ sti: '/data' }] });
  });

  const FILTER = '/Haendelsesbesked/Beskedkuvert/Filtreringsdata';
  test.each<[string, Parts | string, string]>([
    ['no id', { id: '' }, '/Haendelsesbesked/BeskedId paakraevet'],
    ['a beskedtype that is none', message().replace(TYPE, 'a'), `${FILTER}/Beskedtype uuid`],
    [
      'no municipality',
      { registration: '' },
      `${FILTER}/ObjektRegistrering/ObjektAnsvarligMyndighed paakraevet`,
    ],
    [
      'no CVR number',
      { registration: urn('ObjektAnsvarligMyndighed', 'urn:oio:cvr:1') },
      `${FILTER}/ObjektRegistrering/ObjektAnsvarligMyndighed cvr`,
    ],
    [
      'a receiver that is no municipality',
      { filter: uuid('TilladtModtager', ID) },
      `${FILTER}/TilladtModtager cvr`,
    ],
    [
      'a time that is none',
      { information: time('Dannelsestidspunkt', 'i går') },
      `${FILTER}/ObjektRegistrering/Registreringstidspunkt tidspunkt`,
    ],
    [
      'a CPR number that does not say so',
      { filter: `<k:RelateretObjekt>${urn('ObjektId', 'urn:oio:person:2512484916')}</k:RelateretObjekt>` },
      `${FILTER}/RelateretObjekt personnummer`,
    ],
    [
      'a CPR number cut short',
      { filter: `<k:RelateretObjekt>${urn('ObjektId', 'urn:oio:cpr-nr:25124849')}</k:RelateretObjekt>` },
      `${FILTER}/RelateretObjekt personnummer`,
    ],
    [
      'a CPR number beside the envelope',
      message().replace(OPEN, `${OPEN}<?cloudevents {"egen":"2512484916"}?>`),
      '/egen personnummer',
    ],
    [
      'content beside the envelope, twice',
      message().replace(OPEN, `${OPEN}<?cloudevents {}?><?cloudevents {}?>`),
      '/Haendelsesbesked/cloudevents json',
    ],
    [
      'what is beside the envelope and no JSON',
      message().replace(OPEN, `${OPEN}<?cloudevents a?>`),
      '/Haendelsesbesked/cloudevents json',
    ],
  ])('%s, with its place, and its value is not repeated', (_, given, expected) => {
    const { status, fejl } = refusal(typeof given === 'string' ? given : message(given));
    expect([status, ...fejl.map(({ sti, kode }) => `${sti} ${kode}`)]).toEqual([400, expected]);
    expect(JSON.stringify(fejl)).not.toMatch(/25124849/);
  });
});

describe('Danish time', () => {
  test.each([
    ['2022-02-13T08:00:00', '2022-02-13T07:00:00Z'],
    ['2022-07-13T08:00:00.123', '2022-07-13T06:00:00.123Z'],
    ['2022-07-13T08:00:00+01:00', '2022-07-13T07:00:00Z'],
    ['2022-07-13T08:00:00Z', '2022-07-13T08:00:00Z'],
    // The clocks go back: two o'clock comes twice. They go forward: half past two never comes.
    ['2022-10-30T02:30:00', '2022-10-30T00:30:00Z'],
    ['2022-10-30T03:00:00', '2022-10-30T02:00:00Z'],
    ['2022-03-27T01:59:59', '2022-03-27T00:59:59Z'],
    ['2022-03-27T02:30:00', '2022-03-27T01:30:00Z'],
    ['2022-03-27T03:00:00', '2022-03-27T01:00:00Z'],
    ['2022-02-30T08:00:00', null],
    ['2022-02-13', null],
    ['', null],
  ])('%s is %s', (text, expected) => expect(inUtc(text)).toBe(expected));
});

describe('StandardRetur', () => {
  test('is read as it is written', () => {
    for (const given of [
      { code: TAKEN_OVER, text: '' },
      { code: 40, text: 'Æv & <øv>' },
    ])
      expect(readReturn(writeReturn(given))).toEqual(given);
  });

  test('is found in what other receivers wrap it in', () => {
    const inner =
      '<s:StandardRetur xmlns:s="urn:oio:sagdok:3.0.0"><s:StatusKode> 20 </s:StatusKode></s:StandardRetur>';
    expect(readReturn(`<ModtagBeskedOutput xmlns="urn:oio:sts:1.0.0">${inner}</ModtagBeskedOutput>`)).toEqual(
      { code: 20, text: '' },
    );
    expect(readReturn(`<e:Envelope xmlns:e="urn:e"><e:Body>${inner}</e:Body></e:Envelope>`)?.code).toBe(20);
  });

  test.each([
    '',
    'OK',
    '<a/>',
    '<!DOCTYPE a><a/>',
    '<StandardRetur xmlns="urn:oio:sagdok:3.0.0"><StatusKode>tyve</StatusKode></StandardRetur>',
  ])('an answer that says nothing is null: %s', (xml) => expect(readReturn(xml)).toBeNull());
});
