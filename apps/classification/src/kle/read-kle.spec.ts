import fc from 'fast-check';
import {
  afloestAf,
  bytesOf,
  emne,
  emneplan,
  faultsOf,
  flyttet,
  gruppe,
  hovedgruppe,
  info,
  read,
  REST_1_2,
  REST_1_3,
  udgaaet,
  vejledning,
  withEmner,
} from './spec/made-up-edition';
import { type Progress, readKle, readUuidList, scanKle } from './read-kle';

const UUID = '4eba8818-da19-4e37-b3e1-b9b6be2f2f13';
const uuid = (n: number): string => `<UUID>00000000-0000-4000-8000-00000000000${n}</UUID>`;
const stikord = (level: string): string =>
  `<${level}Stikord><Orden>1</Orden><Tekst>ord [udgået]</Tekst></${level}Stikord>`;

const FULL = emne('01.01.01', {
  titel: 'Gammelt  emne [udgået] ',
  foer: `${vejledning('Emne', '<p>Dækker:\n <ul>\n <li>A &amp; B</li></ul></p>')}<EmneRetskildeReference>
    <RetskildeTitel>Lov om
      "noget"</RetskildeTitel><ParagrafEllerKapitel>§ 4</ParagrafEllerKapitel>
    <RetsinfoAccessionsNr>B20130120905_P13-18</RetsinfoAccessionsNr></EmneRetskildeReference>`,
  dage: `<RettetDato>1987-01-01</RettetDato><RettetDato>2001-01-01</RettetDato>${flyttet('2007-01-01', afloestAf('GruppeNr', '01.02'), afloestAf('EmneNr', '29.00.09'))}`,
  bevaring: 'K5',
  efter:
    '<SletningJaevnfoerPersondataloven>P1800D</SletningJaevnfoerPersondataloven><EmneFilter><FilterTitel>JobcenterDelplan</FilterTitel></EmneFilter>',
});

describe('an Emneplan 2.0', () => {
  it('gives everything it says of an entry', async () => {
    const edition = await read(withEmner(`\n${FULL}`));
    expect(edition).toMatchObject({
      format: 'Emneplan 2.0',
      facet: 'Emne',
      udgivelsesdato: '2015-08-01',
      advarsler: [],
    });
    expect(edition.entries[2]).toEqual({
      nr: '01.01.01',
      niveau: 'Emne',
      overordnet: '01.01',
      titel: 'Gammelt  emne',
      vejledningHtml: '<p>Dækker:</p><ul><li>A &amp; B</li></ul>',
      oprettet: '1988-01-01',
      rettet: ['1987-01-01', '2001-01-01'],
      flyttet: '2007-01-01',
      afloestAf: ['01.02', '29.00.09'],
      bevaring: 'K5',
      sletning: 'P1800D',
      filtre: ['JobcenterDelplan'],
      stikord: [],
      retskilder: [
        { titel: 'Lov om "noget"', paragrafEllerKapitel: '§ 4', accessionsnummer: 'B20130120905_P13-18' },
      ],
      linje: 4,
    });
  });

  it('gives several sources of one reference', async () => {
    const source = (n: number): string =>
      `<RetskildeTitel>Lov ${n}</RetskildeTitel><RetsinfoAccessionsNr>A${n}</RetsinfoAccessionsNr>`;
    const { entries } = await read(
      withEmner(
        emne('01.01.01', {
          foer: `<EmneRetskildeReference>${source(1)}${source(2)}</EmneRetskildeReference><EmneRetskildeReference>${source(3)}</EmneRetskildeReference>`,
        }),
      ),
    );
    expect(entries[2]?.retskilder.map(({ titel, accessionsnummer }) => titel + accessionsnummer)).toEqual([
      'Lov 1A1',
      'Lov 2A2',
      'Lov 3A3',
    ]);
  });

  it('gives text as it was meant, however it is escaped', async () => {
    const { entries } = await read(
      withEmner(
        emne('01.01.01', {
          titel: 'A &amp; B<!-- x --> &#229;<![CDATA[ <C> ]]>&lt;b&gt;',
          foer: vejledning('Emne', '<p>1 &lt; 2 <![CDATA[<script>x</script>]]></p>'),
        }),
      ),
    );
    expect(entries[2]?.titel).toBe('A & B å <C> <b>');
    expect(entries[2]?.vejledningHtml).toBe('<p>1 &lt; 2 &lt;script&gt;x&lt;/script&gt;</p>');
  });

  it('has no retention where it says tom', async () => {
    const { entries } = await read(
      withEmner(emne('01.01.01', { bevaring: 'tom', dage: udgaaet('1990-01-01') })),
    );
    expect(entries[2]).not.toHaveProperty('bevaring');
    expect(entries[2]).toMatchObject({ udgaaet: '1990-01-01' });
  });

  it('is not led astray by KLE elements inside its guidance', async () => {
    const { entries } = await read(
      withEmner(
        emne('01.01.01', {
          foer: vejledning(
            'Emne',
            '<p><ul><li>se <Emne><EmneNr>99.99.99</EmneNr></Emne> og <Gruppe>a</Gruppe></li></ul></p>',
          ),
        }),
      ),
    );
    expect(entries.map(({ nr }) => nr)).toEqual(['01', '01.01', '01.01.01']);
    expect(entries[2]?.vejledningHtml).toBe('<ul><li>se 99.99.99 og a</li></ul>');
  });
});

describe('a REST edition', () => {
  const facetOrd =
    '<EmneOgHandlingsfacetStikord><Orden>2</Orden><Tekst>Politik</Tekst><HandlingsfacetNr>P22</HandlingsfacetNr></EmneOgHandlingsfacetStikord>';
  const rest = (schema: string, source = ''): string =>
    emneplan(
      hovedgruppe(
        '01',
        gruppe(
          '01.01',
          emne('01.01.01', {
            foer: source,
            efter:
              stikord('Emne') + '<EmneStikord><Orden>1</Orden><Tekst/></EmneStikord>' + facetOrd + uuid(3),
          }),
          info('Gruppe') + stikord('Gruppe') + uuid(2),
        ),
        info('Hovedgruppe') + uuid(1),
      ),
      schema,
    );
  const SOURCE =
    '<EmneRetskildeReference><RetskildeTitel>Lov</RetskildeTitel><RetsinfoAccessionsNr>A1</RetsinfoAccessionsNr><RetsinfoURL>https://example.test/A1</RetsinfoURL></EmneRetskildeReference>';

  it('gives UUIDs, keywords as they are written, and URLs', async () => {
    const { entries } = await read(rest(REST_1_3, SOURCE));
    expect(entries.map((one) => one.uuid)).toEqual(
      [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`),
    );
    expect(entries[2]).toMatchObject({
      stikord: [
        { orden: '1', tekst: 'ord [udgået]' },
        { orden: '2', tekst: 'Politik', handlingsfacet: 'P22' },
      ],
      retskilder: [{ titel: 'Lov', accessionsnummer: 'A1', url: 'https://example.test/A1' }],
    });
  });

  it.each([
    ['1.2 by its schema', rest(REST_1_2), 'REST 1.2'],
    ['1.3 by its schema', rest(REST_1_3), 'REST 1.3'],
    ['1.2 by its content', rest(''), 'REST 1.2'],
    ['1.3 by its content', rest('', SOURCE), 'REST 1.3'],
    ['1.2 by its content, of a schema without a version', rest('KLE-REST-Emneplan-fuld.xsd'), 'REST 1.2'],
    ['2.0 by its content', emneplan(hovedgruppe('01', gruppe('01.01', FULL)), ''), 'Emneplan 2.0'],
  ])('is %s', async (_, text, format) => {
    expect((await read(text)).format).toBe(format);
  });

  it('says nothing of retention unless it has some', async () => {
    const text = rest(REST_1_2);
    expect((await read(text)).felter).toContain('bevaring');
    expect((await read(text.replace(/<Bevaring.*Arkivloven>/, ''))).felter).not.toContain('bevaring');
  });
});

describe('Handlingsfacetter', () => {
  const facet = (nr: string, more = ''): string =>
    `<Handlingsfacet><HandlingsfacetNr>${nr}</HandlingsfacetNr><HandlingsfacetTitel>Facet ${nr}</HandlingsfacetTitel><BevaringJaevnfoerArkivloven>B</BevaringJaevnfoerArkivloven>${vejledning('Handlingsfacet')}${info('Handlingsfacet', flyttet('2001-01-01', afloestAf('HandlingsfacetNr', 'G02')))}${more}</Handlingsfacet>`;
  const kategori = (nr: string, more = '', inner = ''): string =>
    `<HandlingsfacetKategori><HandlingsfacetKategoriNr>${nr}</HandlingsfacetKategoriNr><HandlingsfacetKategoriTitel>Kategori ${nr}</HandlingsfacetKategoriTitel>${vejledning('HandlingsfacetKategori')}${info('HandlingsfacetKategori')}${more}${facet(`${nr}01`, inner)}</HandlingsfacetKategori>`;
  const handlingsfacetter = (content: string, schema: string): string =>
    emneplan(content, schema).replaceAll('KLE-Emneplan', 'KLE-Handlingsfacetter');

  it('of 2.0', async () => {
    const edition = await read(
      handlingsfacetter(
        [...'APSØGKI'].map((nr) => kategori(nr)).join(''),
        'KLE-Handlingsfacetter-version-2-0.xsd',
      ),
    );
    expect(edition).toMatchObject({ format: 'Handlingsfacetter 2.0', facet: 'Handlingsfacet' });
    expect(edition.entries).toHaveLength(14);
    expect(edition.entries[7]).toMatchObject({
      nr: 'Ø01',
      niveau: 'Handlingsfacet',
      overordnet: 'Ø',
      flyttet: '2001-01-01',
      afloestAf: ['G02'],
      bevaring: 'B',
    });
  });

  it('of REST, with UUIDs', async () => {
    let n = 0;
    const text = [...'APSØGKI'].map((nr) =>
      kategori(
        nr,
        `<UUID>${UUID.slice(0, -2)}${(n += 1) + 10}</UUID>`,
        `<UUID>${UUID.slice(0, -2)}${(n += 1) + 10}</UUID>`,
      ),
    );
    const edition = await read(
      handlingsfacetter(text.join(''), 'KLE-REST-Handlingsfacetter-fuld-version-1-2.xsd'),
    );
    expect(edition.format).toBe('REST Handlingsfacetter');
    expect(edition.entries.every((one) => one.uuid !== undefined)).toBe(true);
  });

  it('are seven categories', async () => {
    const text = handlingsfacetter(kategori('A'), '');
    expect(await faultsOf(text)).toMatchObject([
      { besked: '<KLE-Handlingsfacetter> skal indeholde 7 <HandlingsfacetKategori>, her er 1' },
    ]);
    expect((await read(text, { lempelig: true })).entries).toHaveLength(2);
  });
});

describe('any file', () => {
  const SOUND = withEmner(FULL, emne('01.01.02'));

  it('may begin with a byte order mark', async () => {
    expect(await read(`\ufeff<?xml version="1.0" encoding="utf-8"?>${SOUND}`)).toEqual(await read(SOUND));
    expect((await read(`\ufeffUUID;EmneNr;EmneTitel\r\n${UUID};00;a\r\n`)).entries).toHaveLength(1);
  });

  it('reads the same however its bytes come in', async () => {
    const whole = await readKle(bytesOf(SOUND, 1 << 20));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 70 }), async (size) => {
        expect(await readKle(bytesOf(SOUND, size))).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['is empty', '', { linje: 1, kolonne: 1, kode: 'tom' }],
    [
      'is not UTF-8',
      Buffer.concat([Buffer.from('<KLE-Emneplan>\nb'), Buffer.from([0xf8]), Buffer.from('rn')]),
      { linje: 2, kolonne: 2, kode: 'tegnsaet' },
    ],
    [
      'is a list that is not UTF-8',
      Buffer.concat([Buffer.from('UUID;EmneNr;EmneTitel\nb'), Buffer.from([0xf8])]),
      { linje: 2, kolonne: 2, kode: 'tegnsaet' },
    ],
    ['is UTF-16', Buffer.from(`\ufeff${SOUND}`, 'utf16le'), { linje: 1, kolonne: 1, kode: 'tegnsaet' }],
    [
      'breaks off inside a character',
      Buffer.from('<KLE-Emneplan>ø').subarray(0, -1),
      { linje: 1, kolonne: 15, kode: 'tegnsaet' },
    ],
    ['is something else', 'Kære kommune', { linje: 1, kolonne: 1, kode: 'csv' }],
  ])('is refused if it %s', async (_, text, fault) => {
    expect(await faultsOf(text)).toMatchObject([fault]);
  });

  it('is refused if it is too big, before it is read', async () => {
    let pulled = 0;
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const chunk of bytesOf(SOUND, 100)) {
        pulled += chunk.length;
        yield chunk;
      }
    }
    await expect(readKle(counted(), { maxBytes: 500 })).rejects.toMatchObject({
      fejl: [{ kode: 'stoerrelse', besked: 'filen er større end 500 byte' }],
    });
    expect(pulled).toBe(600);
  });

  it('tells how far it is read', async () => {
    const told: Progress[] = [];
    const total = Buffer.byteLength(SOUND);
    await readKle(bytesOf(SOUND, 1000), { totalBytes: total, onProgress: (progress) => told.push(progress) });
    expect(told.map(({ read: bytes }) => bytes)).toEqual(
      Array.from({ length: Math.ceil(total / 1000) }, (_, i) => Math.min((i + 1) * 1000, total)),
    );
    expect(new Set(told.map((one) => one.total))).toEqual(new Set([total]));
  });

  it('waits for the one who takes its entries', async () => {
    let pulled = 0;
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for await (const piece of bytesOf(
        withEmner(...Array.from({ length: 50 }, (_, i) => emne(`01.01.${String(i).padStart(2, '0')}`))),
        500,
      )) {
        pulled += 1;
        yield piece;
      }
    }
    const seen: number[] = [];
    let isBusy = false;
    await scanKle(pieces(), async () => {
      expect(isBusy).toBe(false);
      isBusy = true;
      const before = pulled;
      await new Promise((resolve) => setImmediate(resolve));
      expect(pulled).toBe(before);
      isBusy = false;
      seen.push(pulled);
    });
    expect(seen).toHaveLength(52);
    expect(new Set(seen).size).toBeGreaterThan(10);
  });

  it('passes on an error of its source', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield* bytesOf(SOUND.slice(0, 100));
      throw new Error('disk');
    }
    await expect(readKle(broken())).rejects.toThrow('disk');
  });
});

describe('a file of 50 MB', () => {
  const two = (n: number): string => String(n).padStart(2, '0');
  const GUIDANCE = vejledning('Emne', `<p>${'Emnet dækker sager om alt muligt. '.repeat(150)}</p>`);

  it('is read in a stream: when the next piece is asked for, all entries of those before are out', async () => {
    const [start, end] = emneplan(hovedgruppe('01', '@')).split('@') as [string, string];
    let bytes = 0;
    let given = 0;
    let taken = 0;
    const behind: number[] = [];
    async function* pieces(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(start);
      for (let group = 0; group < 100; group += 1) {
        const nr = `01.${two(group)}`;
        const subjects = Array.from({ length: 100 }, (_, i) => emne(`${nr}.${two(i)}`, { foer: GUIDANCE }));
        const piece = Buffer.from(gruppe(nr, subjects.join('')));
        bytes += piece.length;
        given += subjects.length;
        yield piece;
        await Promise.resolve();
        behind.push(given - taken);
      }
      yield Buffer.from(end);
    }
    const head = await scanKle(pieces(), ({ niveau }) => {
      if (niveau === 'Emne') taken += 1;
    });
    expect(head.advarsler).toEqual([]);
    expect(bytes).toBeGreaterThan(50 << 20);
    expect(taken).toBe(10_000);
    expect(new Set(behind)).toEqual(new Set([0]));
  }, 120_000);
});

describe('the list of UUIDs', () => {
  const list = (...rows: string[]): string => ['UUID;EmneNr;EmneTitel', ...rows, ''].join('\r\n');

  it('can be looked up in, whole or not, of either facet', async () => {
    const uuids = await readUuidList(
      bytesOf(list(`${UUID.toUpperCase()};01.01.01;a`, `${UUID.replace('4', '5')};G01;b`)),
    );
    expect([...uuids]).toEqual([
      ['01.01.01', UUID],
      ['G01', UUID.replace('4', '5')],
    ]);
  });
});
