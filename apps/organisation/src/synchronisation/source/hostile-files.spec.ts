import { fileOf, OPTIONS, read } from '../spec/made-up-file';
import { type Desired, type Entry, isRefused } from './entry';
import { formOfAll, openSource, type SourceOptions } from './open-source';
import { SourceFault } from './source-fault';
import { survey } from './survey';

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const desired = (entries: readonly Entry[]): Desired[] =>
  entries.filter((entry): entry is Desired => !isRefused(entry));
const reasons = (entries: readonly Entry[]): [string, string][] =>
  entries.flatMap((entry) =>
    isRefused(entry) ? [[`${entry.place.file}:${entry.place.line}`, entry.reason]] : [],
  );
const ofType = (entries: readonly Entry[], type: string): Desired[] =>
  desired(entries).filter((each) => each.type === type);

/** Where and why a whole file is refused. */
async function faultOf(name: string, text: string | Uint8Array, options: Partial<SourceOptions> = {}) {
  try {
    await read([fileOf(name, text)], options);
  } catch (cause) {
    if (!(cause instanceof SourceFault)) throw cause;
    const { line, column } = cause.place;
    return [line, column, cause.fejl[0]!.kode];
  }
  throw new Error('the file was taken');
}

describe('a table', () => {
  const UNITS = 'noegle;navn;overordnet';
  const POSTS = 'noegle;bruger;navn;enhed;stilling';

  it.each([
    ['nothing in it', '', [1, 1, 'tom']],
    ['other columns', 'a;b\n1;2\n', [1, 1, 'kolonner']],
    ['a column that is unknown', `${UNITS};farve\nA;B;;\n`, [1, 24, 'kolonner']],
    ['a column twice', `${UNITS};navn\nA;B;;C\n`, [1, 24, 'kolonner']],
    ['a quote that is never closed', `${UNITS}\nA;"B;;\nC;D;A\n`, [2, 3, 'csv']],
    ['a sign after a closing quote', `${UNITS}\nA;"B"x;\n`, [2, 6, 'csv']],
    ['a quote inside a cell', `${UNITS}\nA;B"C;\n`, [2, 4, 'csv']],
    ['a NUL', `${UNITS}\nA;B\0;\n`, [2, 4, 'tegn']],
  ])('with %s is refused where it is', async (_, text, place) => {
    expect(await faultOf('a.csv', text)).toEqual(place);
  });

  it('in latin-1 is refused with its place and the remedy, unless it is said to be that', async () => {
    const bytes = latin1(`${UNITS}\nA;Byen;\nB;Børn;A\n`);
    expect(await faultOf('a.csv', bytes)).toEqual([3, 4, 'tegnsaet']);
    await expect(read([fileOf('a.csv', bytes)])).rejects.toMatchObject({
      message: expect.stringContaining('--tegnsaet latin-1') as unknown,
    });
    const [, child] = ofType(
      await read([fileOf('a.csv', bytes)], { encoding: 'latin-1' }),
      'OrganisationEnhed',
    );
    expect(child!.sections.attributter!['egenskaber']![0]!['enhedNavn']).toBe('Børn');
  });

  it.each([
    ['semicolons', `${UNITS}\nA;Byen;\nB;Skole;A\n`],
    ['commas', 'noegle,navn,overordnet\nA,Byen,\nB,Skole,A\n'],
    ['a byte order mark and Windows’ line ends', `\uFEFF${UNITS}\r\nA;Byen;\r\nB;Skole;A\r\n`],
    ['no last line end, and a blank line', `${UNITS}\n\nA;Byen;\n;;\nB;Skole;A`],
    ['capitals and Danish letters in the header', '"Nøgle";"Navn";"Overordnet"\nA;Byen;\nB;Skole;A\n'],
    ['children before their parents', `${UNITS}\nB;Skole;A\nA;Byen;\n`],
  ])('with %s is the same table', async (_, text) => {
    const units = ofType(await read([fileOf('a.csv', text)]), 'OrganisationEnhed');
    const [root, child] = units;
    expect(units).toHaveLength(2);
    expect(root!.sections.relationer!['overordnet']).toEqual([]);
    expect(child!.sections.relationer!['overordnet']).toEqual([
      { virkning: { fra: OPTIONS.from, til: null }, reference: { uuid: root!.uuid } },
    ]);
  });

  it('may have line breaks, separators and quotes in a cell', async () => {
    const [unit] = ofType(
      await read([fileOf('a.csv', `${UNITS}\nA;"By; ""den\nstore""";\n`)]),
      'OrganisationEnhed',
    );
    expect(unit!.sections.attributter!['egenskaber']![0]!['enhedNavn']).toBe('By; "den\nstore"');
  });

  it('refuses the rows that are wrong with their place, and reads the others', async () => {
    const text = [
      `${UNITS};fra;til;kle`,
      'A;Byen;;2020-01-01;;',
      'B;Skole;A;2021-01-01;2020-01-01;',
      'C;Skole;A;i går;;',
      'D;;A;2020-01-01;;',
      ';Skole;A;2020-01-01;;',
      'E;Skole;A;2020-01-01;;27.1',
      'F;Skole;X;2020-01-01;;',
      'G;Skole;F;2020-01-01;;',
      'H;Skole;A;2020-02-30;;',
      'I;Skole;A;2020-01-01',
      'J;Skole;A;2020-01-01;;27.18, 00',
    ].join('\n');
    const entries = await read([fileOf('a.csv', text)]);
    expect(reasons(entries)).toEqual([
      ['a.csv:3', 'fra ligger ikke før til'],
      ['a.csv:4', 'fra er ikke en dato, fx 2026-11-01'],
      ['a.csv:5', 'navn mangler'],
      ['a.csv:6', 'noegle mangler'],
      ['a.csv:7', 'kle er ikke numre i KLE, fx 27.18'],
      ['a.csv:10', 'fra er ikke en dato, fx 2026-11-01'],
      ['a.csv:11', 'rækken har 4 celler, og der er 6 kolonner'],
      ['a.csv:8', 'den overordnede enhed er ikke i kilden'],
      ['a.csv:9', 'den overordnede enhed er afvist'],
    ]);
    expect(ofType(entries, 'OrganisationEnhed').map(({ place }) => place.line)).toEqual([2, 12]);
  });

  it('takes rows of one key for its periods, and none of them where two overlap', async () => {
    const head = `${UNITS};fra;til\nA;Byen;;2020-01-01;\n`;
    const good = await read([
      fileOf('a.csv', `${head}B;Ny;A;2022-01-01;\nB;Gammel;A;2020-01-01;2021-01-01\n`),
    ]);
    const unit = ofType(good, 'OrganisationEnhed').find(({ place }) => place.line === 3)!;
    expect(unit.sections.tilstande!['gyldighed']).toEqual([
      { virkning: { fra: '2021-12-31T23:00:00Z', til: null }, vaerdi: 'Aktiv' },
      { virkning: { fra: '2019-12-31T23:00:00Z', til: '2020-12-31T23:00:00Z' }, vaerdi: 'Aktiv' },
      { virkning: { fra: '2020-12-31T23:00:00Z', til: '2021-12-31T23:00:00Z' }, vaerdi: 'Inaktiv' },
    ]);
    const bad = await read([
      fileOf('a.csv', `${head}B;Ny;A;2020-06-01;\nB;Gammel;A;2020-01-01;2021-01-01\n`),
    ]);
    expect(reasons(bad)).toEqual([['a.csv:4', 'nøglen står i en anden række i samme periode']]);
    expect(ofType(bad, 'OrganisationEnhed').map(({ place }) => place.line)).toEqual([2]);
  });

  it('refuses units that are under themselves, at any time, and those under them', async () => {
    const rows = [
      'A;Byen;;2020-01-01;',
      'B;b;C;2020-01-01;2021-01-01',
      'B;b;A;2021-01-01;',
      'C;c;B;2020-06-01;',
      'D;d;C;2020-01-01;',
    ];
    const entries = await read([fileOf('a.csv', [`${UNITS};fra;til`, ...rows].join('\n'))]);
    expect(reasons(entries).sort()).toEqual([
      ['a.csv:3', 'enheden ligger under sig selv'],
      ['a.csv:5', 'enheden ligger under sig selv'],
      ['a.csv:6', 'den overordnede enhed er afvist'],
    ]);
    // One under the other first, and later the other way round, is no ring.
    const turned = [
      'A;Byen;;2020-01-01;',
      'B;b;C;2020-01-01;2021-01-01',
      'B;b;A;2021-01-01;',
      'C;c;A;2020-01-01;2021-01-01',
      'C;c;B;2021-01-01;',
    ];
    expect(reasons(await read([fileOf('a.csv', [`${UNITS};fra;til`, ...turned].join('\n'))]))).toEqual([]);
  });

  const people = (...rows: string[]) => [
    fileOf('a.csv', `${UNITS}\nA;Byen;\n`),
    fileOf('b.csv', [`${POSTS};leder;cpr`, ...rows].join('\n')),
  ];
  it('refuses employments that are wrong without a word of whose they are', async () => {
    const entries = await read(
      people(
        '1;b1;Test Testesen;A;Lærer;måske;',
        '2;b2;Test Testesen;A;Lærer;;12',
        '3;b3;Test Testesen;Z;Lærer;;',
        '6101900001;b4;Test Testesen;A;Lærer;;',
      ),
    );
    expect(reasons(entries)).toEqual([
      ['b.csv:2', 'leder er hverken ja eller nej'],
      ['b.csv:3', 'cpr er ikke ti cifre'],
      ['b.csv:5', 'en nøgle må ikke være et CPR-nummer'],
      ['b.csv:4', 'enheden er ikke i kilden'],
    ]);
  });

  it('makes one person and one user of several employments, and no UUID of a CPR number', async () => {
    const once = await read(
      people('1;b1;Test Testesen;A;Lærer;;610190-0001', '2;b1;Test Testesen;A;Leder;ja;6101900001'),
    );
    expect(ofType(once, 'Person')).toHaveLength(1);
    expect(ofType(once, 'OrganisationFunktion')).toHaveLength(2);
    const other = await read(people('1;b1;Test Testesen;A;Lærer;;6101900002'));
    expect(ofType(other, 'Person')[0]!.uuid).toBe(ofType(once, 'Person')[0]!.uuid);
    const differing = await read(people('1;b1;Test Testesen;A;Lærer;;', '2;b1;Test Prøvesen;A;Leder;;'));
    expect(reasons(differing)).toEqual([
      ['b.csv:3', 'brugeren har i en anden række et andet navn, cpr-nummer eller andre adresser'],
    ]);
  });

  it('tells of a wrong row which objects it is about, so that they are not taken to be gone', async () => {
    const [good] = [await read(people('1;b1;Test Testesen;A;Lærer;;'))];
    const bad = await read(people('1;b1;Test Testesen;A;Lærer;måske;'));
    const known = bad.flatMap((entry) => (isRefused(entry) ? (entry.uuids ?? []) : [entry.uuid]));
    expect(known.sort()).toEqual(
      desired(good!)
        .map(({ uuid }) => uuid)
        .sort(),
    );
  });
});

describe('LoRa’s JSON', () => {
  const VIRKNING = {
    from: '2020-01-01 00:00:00+01',
    to: 'infinity',
    from_included: true,
    to_included: false,
  };
  const unit = (id: string, over?: string, virkning: object = VIRKNING) => ({
    id,
    registreringer: [
      {
        tiltidspunkt: { tidsstempeldatotid: 'infinity' },
        attributter: {
          organisationenhedegenskaber: [{ brugervendtnoegle: id, enhedsnavn: 'Enhed', virkning }],
        },
        tilstande: { organisationenhedgyldighed: [{ gyldighed: 'Aktiv', virkning: VIRKNING }] },
        relationer: over === undefined ? {} : { overordnet: [{ uuid: over, virkning: VIRKNING }] },
      },
    ],
  });
  const [A, B] = ['a0000000-0000-4000-8000-000000000000', 'b0000000-0000-4000-8000-000000000000'];
  const dump = (...objects: object[]) => JSON.stringify({ results: [objects] }, null, 1);

  it.each([
    ['nothing in it', '  \n', [1, 1, 'tom']],
    ['a member twice', dump(unit(A)).replace('"tilstande"', '"attributter"'), [4, 4, 'dublet']],
    ['a comma too many', '{"results":[[,]]}', [1, 18, 'json']],
    ['words', 'hello', [1, 6, 'json']],
  ])('with %s is refused where it is', async (_, text, place) => {
    expect(await faultOf('a.json', text, { form: 'os2mo' })).toEqual(place);
  });

  it('that is cut anywhere is refused', async () => {
    const text = dump(unit(A), unit(B));
    for (const length of [1, 20, text.length >> 1, text.length - 1])
      expect((await faultOf('a.json', text.slice(0, length), { form: 'os2mo' }))[2]).toBe('json');
  });

  it('in latin-1 is refused', async () => {
    expect((await faultOf('a.json', latin1(dump(unit(A)).replace('Enhed"', 'Børn"'))))[2]).toBe('tegnsaet');
  });

  it.each([
    [
      'a period that runs backwards',
      { from: '2020-01-01 00:00:00+01', to: '2019-01-01 00:00:00+01' },
      /from ligger ikke før to/,
    ],
    [
      'a period that is empty',
      { from: '2020-01-01 00:00:00+01', to: '2020-01-01 00:00:00+01' },
      /from ligger ikke før to/,
    ],
    ['a time without a zone', { from: '2020-01-01 12:00:00', to: 'infinity' }, /tidszone/],
    ['a day that no month has', { from: '2020-02-30 00:00:00+01', to: 'infinity' }, /tidszone/],
    ['no period', undefined, /from eller to/],
  ])('refuses an object with %s, and reads the others', async (_, virkning, reason) => {
    const bad = unit(A, undefined, virkning ?? {});
    const entries = await read([fileOf('a.json', dump(bad, unit(B)))]);
    expect(reasons(entries)).toEqual([['a.json:4', expect.stringMatching(reason)]]);
    expect(desired(entries).map(({ uuid }) => uuid)).toEqual([B]);
  });

  it('refuses an object that stands there twice, and units under themselves', async () => {
    expect(reasons(await read([fileOf('a.json', dump(unit(A), unit(A)))])).map(([, why]) => why)).toEqual(
      Array(2).fill('objektet står flere gange i kilden'),
    );
    expect(
      reasons(await read([fileOf('a.json', dump(unit(A, B), unit(B, A)))])).map(([, why]) => why),
    ).toEqual(Array(2).fill('enheden ligger under sig selv'));
  });

  it('may have a unit under one that is elsewhere, and says so', async () => {
    const source = await openSource([fileOf('a.json', dump(unit(A, B)))], OPTIONS);
    expect((await survey(source)).elsewhere).toBe(1);
  });

  it('reads -infinity as the beginning, and a midnight without a zone as Danish', async () => {
    const text = dump(
      unit(A, undefined, { from: '-infinity', to: 'infinity' }),
      unit(B, undefined, { from: '2020-07-01 00:00:00', to: 'infinity' }),
    );
    const starts = desired(await read([fileOf('a.json', text)])).map(
      ({ sections }) => (sections.attributter!['egenskaber']![0]!['virkning'] as { fra: string }).fra,
    );
    expect(starts).toEqual(['1900-01-01T00:00:00Z', '2020-06-30T22:00:00Z']);
  });
});

describe('a nested tree', () => {
  const node = (key: string, more: object = {}) => ({ businessKey: key, name: `Enhed ${key}`, ...more });
  it.each([
    ['a member twice', '{"businessKey":"A",\n"businessKey":"B"}', [2, 14, 'dublet']],
    ['a list', '[{"businessKey":"A"}]', [1, 1, 'json']],
  ])('with %s is refused where it is', async (_, text, place) => {
    expect(await faultOf('a.json', text, { form: 'enhedstrae' })).toEqual(place);
  });

  it('that is cut anywhere is refused', async () => {
    const text = JSON.stringify(node('A', { children: [node('B')] }));
    for (const length of [1, 20, text.length >> 1, text.length - 1])
      expect((await faultOf('a.json', text.slice(0, length), { form: 'enhedstrae' }))[2]).toBe('json');
  });

  it('leaves out what has no key or name, says where, and reads the rest', async () => {
    const root = node('A', {
      children: [node('B'), { name: 'Uden nøgle', children: [node('C')] }],
      employees: [{ name: 'Test Testesen' }],
    });
    const entries = await read([fileOf('a.json', JSON.stringify(root))]);
    expect(
      reasons(entries)
        .map(([, why]) => why)
        .sort(),
    ).toEqual([
      '/children/1: enheden mangler businessKey eller name, og alt under den er udeladt',
      '/employees/0: personen mangler businessKey eller name',
    ]);
    expect(ofType(entries, 'OrganisationEnhed')).toHaveLength(2);
  });

  it('refuses a key that two units have', async () => {
    const entries = await read([
      fileOf('a.json', JSON.stringify(node('A', { children: [node('B'), node('B')] }))),
    ]);
    expect(reasons(entries).map(([, why]) => why)).toEqual(
      Array(2).fill('objektet står flere gange i kilden'),
    );
  });

  it('is as deep as it is', async () => {
    let deepest: object = node('99');
    for (let n = 98; n >= 0; n--) deepest = node(`${n}`, { children: [deepest] });
    // Deeper than any municipality, and than the reader of JSON goes.
    expect((await faultOf('a.json', JSON.stringify(deepest), { form: 'enhedstrae' }))[2]).toBe('dybde');
  });
});

describe('lines of objects', () => {
  const line = (uuid: string, more: object = {}) =>
    JSON.stringify({ objekttype: 'Adresse', uuid, attributter: { egenskaber: [] }, ...more });
  const A = 'a0000000-0000-4000-8000-000000000000';

  it('are refused one by one, with their number', async () => {
    const text = [
      line(A),
      '{"objekttype":',
      '[]',
      line('x'),
      line(A.replace('a', 'b'), { objekttype: 'Ting' }),
      line(A.replace('a', 'c'), { navn: 'Test' }),
      '',
    ].join('\n');
    const entries = await read([fileOf('a.ndjson', text)]);
    expect(reasons(entries)).toEqual([
      ['a.ndjson:2', expect.stringMatching(/^linjen er ikke gyldig JSON/)],
      ['a.ndjson:3', 'linjen skal være et objekt'],
      ['a.ndjson:4', 'uuid mangler eller er ikke en UUID'],
      ['a.ndjson:5', 'objekttypen er ikke en af dem, Organisation har'],
      ['a.ndjson:6', 'linjen har et medlem, der ikke kendes'],
    ]);
    expect(desired(entries)).toHaveLength(1);
  });

  it('in another encoding are refused as a whole', async () => {
    expect(
      await faultOf('a.ndjson', Buffer.concat([Buffer.from(`${line(A)}\n`), latin1('{"navn":"Bø"}')])),
    ).toEqual([2, 11, 'tegnsaet']);
  });
});

test('files of several forms are not one source', async () => {
  await expect(formOfAll([fileOf('a.csv', ''), fileOf('b.ndjson', '')])).rejects.toMatchObject({
    status: 422,
  });
});
