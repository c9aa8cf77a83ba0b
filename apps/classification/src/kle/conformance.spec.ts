import fc from 'fast-check';
import {
  afloestAf,
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

/** Where `mark` begins in the text, counted from 1. */
function placeOf(text: string, mark: string): { linje: number; kolonne: number } {
  const before = text.slice(0, text.indexOf(mark)).split('\n');
  return { linje: before.length, kolonne: (before.at(-1)?.length ?? 0) + 1 };
}

const SOUND = withEmner(emne('01.01.01'), emne('01.01.02'));
const kilde = (level: string, content: string): string =>
  `<${level}RetskildeReference>${content}</${level}RetskildeReference>`;
const UUID = '<UUID>4eba8818-da19-4e37-b3e1-b9b6be2f2f13</UUID>';
const PATH = '/KLE-Emneplan/Hovedgruppe[01]/Gruppe[01.01]/Emne[01.01.01]';

it('finds nothing wrong with a sound edition', async () => {
  expect((await read(SOUND)).advarsler).toEqual([]);
});

describe('each fault is told with its place', () => {
  const emneWith = (more: Parameters<typeof emne>[1]): string => withEmner(emne('01.01.01', more));
  const cases: [string, string, string, string, string, string][] = [
    // what, file, where, kode, path, text
    [
      'a missing element',
      SOUND.replace('<EmneTitel>Emne 01.01.01</EmneTitel>', ''),
      '<Emne>',
      'mangler',
      PATH,
      '<Emne> mangler <EmneTitel>',
    ],
    [
      'a missing date of the edition',
      SOUND.replace(/<UdgivelsesDato>.*\n/, ''),
      '<KLE-Emneplan',
      'mangler',
      '/KLE-Emneplan',
      '<KLE-Emneplan> mangler <UdgivelsesDato>',
    ],
    [
      'a missing number',
      SOUND.replace('<GruppeNr>01.01</GruppeNr>', ''),
      '<Gruppe>',
      'mangler',
      '/KLE-Emneplan/Hovedgruppe[01]/Gruppe',
      '<Gruppe> mangler <GruppeNr>',
    ],
    [
      'missing children',
      emneplan(hovedgruppe('01', '')),
      '<Hovedgruppe>',
      'mangler',
      '/KLE-Emneplan/Hovedgruppe[01]',
      '<Hovedgruppe> mangler <Gruppe>',
    ],
    [
      'an empty element',
      emneWith({ foer: vejledning('Emne', '') }),
      '<VejledningTekst></',
      'mangler',
      `${PATH}/EmneVejledning/VejledningTekst`,
      '<VejledningTekst> mangler <p>',
    ],
    [
      'an empty filter',
      emneWith({ efter: '<EmneFilter/>' }),
      '<EmneFilter',
      'mangler',
      `${PATH}/EmneFilter`,
      '<EmneFilter> mangler <FilterTitel>',
    ],
    [
      'a list without items',
      emneWith({ foer: vejledning('Emne', '<p><ul></ul></p>') }),
      '<ul>',
      'mangler',
      `${PATH}/EmneVejledning/VejledningTekst/p/ul`,
      '<ul> mangler <li>',
    ],
    [
      'an unknown element',
      emneWith({ efter: '<Ukendt><EmneNr>x</EmneNr></Ukendt>' }),
      '<Ukendt>',
      'ukendt_element',
      PATH,
      '<Ukendt> er ikke tilladt i <Emne>',
    ],
    [
      'a known element in the wrong place',
      emneWith({ efter: '<GruppeFilter/>' }),
      '<GruppeFilter',
      'ukendt_element',
      PATH,
      '<GruppeFilter> er ikke tilladt i <Emne>',
    ],
    [
      'an element in a text',
      emneWith({ titel: 'En <b>fed</b> titel' }),
      '<b>',
      'ukendt_element',
      `${PATH}/EmneTitel`,
      '<b> er ikke tilladt i <EmneTitel>',
    ],
    [
      'markup that is not allowed',
      emneWith({ foer: vejledning('Emne', '<p>a<br/>b</p>') }),
      '<br',
      'ukendt_element',
      `${PATH}/EmneVejledning/VejledningTekst/p`,
      '<br> er ikke tilladt i <p>',
    ],
    [
      'a foreign namespace',
      emneWith({ efter: '<x:EmneFilter xmlns:x="urn:x"/>' }),
      '<x:EmneFilter',
      'ukendt_element',
      PATH,
      '<{urn:x}x:EmneFilter> er ikke tilladt i <Emne>',
    ],
    [
      'a wrong order',
      emneWith({ efter: vejledning('Emne') }),
      '<EmneVejledning',
      'raekkefoelge',
      PATH,
      '<EmneVejledning> skal stå før <BevaringJaevnfoerArkivloven>',
    ],
    [
      'one too many',
      emneWith({ foer: vejledning('Emne') + '\n' + vejledning('Emne', '<p>to</p>') }),
      '<EmneVejledning><VejledningTekst><p>to',
      'antal',
      PATH,
      '<Emne> må højst indeholde 1 <EmneVejledning>',
    ],
    [
      'both expired and moved',
      emneWith({
        dage: '<Historisk><UdgaaetDato>2001-01-01</UdgaaetDato>\n<Flyttet><FlyttetDato>2001-01-01</FlyttetDato></Flyttet></Historisk>',
      }),
      '<Flyttet>',
      'antal',
      `${PATH}/EmneAdministrativInfo/Historisk`,
      '<Historisk> må kun indeholde ét element',
    ],
    [
      'neither expired nor moved',
      emneWith({ dage: '<Historisk/>' }),
      '<Historisk',
      'mangler',
      `${PATH}/EmneAdministrativInfo/Historisk`,
      '<Historisk> mangler <UdgaaetDato> eller <Flyttet>',
    ],
    [
      'a successor without a number',
      emneWith({ dage: flyttet('2001-01-01', '<AfloestAf/>') }),
      '<AfloestAf',
      'mangler',
      `${PATH}/EmneAdministrativInfo/Historisk/Flyttet/AfloestAf`,
      '<AfloestAf> mangler <HovedgruppeNr> eller <GruppeNr> eller <EmneNr> eller <HandlingsfacetNr>',
    ],
    [
      'a move without a day',
      emneWith({ dage: '<Historisk><Flyttet/></Historisk>' }),
      '<Flyttet',
      'mangler',
      `${PATH}/EmneAdministrativInfo/Historisk/Flyttet`,
      '<Flyttet> mangler <FlyttetDato>',
    ],
    [
      'text between elements',
      emneWith({ efter: '\n  løs tekst <EmneFilter><FilterTitel>a</FilterTitel></EmneFilter>' }),
      'løs',
      'tekst',
      PATH,
      '<Emne> må ikke indeholde løs tekst',
    ],
    [
      'text beside the paragraphs',
      emneWith({ foer: vejledning('Emne', '\n <p>a</p> løs') }),
      'løs',
      'tekst',
      `${PATH}/EmneVejledning/VejledningTekst`,
      '<VejledningTekst> må ikke indeholde løs tekst',
    ],
    [
      'an attribute',
      emneWith({ efter: '<EmneFilter sprog="da"><FilterTitel>a</FilterTitel></EmneFilter>' }),
      '<EmneFilter',
      'attribut',
      `${PATH}/EmneFilter`,
      'attributten sprog er ikke tilladt',
    ],
    [
      'an attribute in markup',
      emneWith({ foer: vejledning('Emne', '<p class="x">a</p>') }),
      '<p class',
      'attribut',
      `${PATH}/EmneVejledning/VejledningTekst/p`,
      'attributten class er ikke tilladt',
    ],
    [
      'an empty title',
      emneWith({ titel: ' ' }),
      '<EmneTitel>',
      'vaerdi',
      `${PATH}/EmneTitel`,
      '<EmneTitel> er tom',
    ],
    [
      'a number that is none',
      SOUND.replace('>01.01<', '>1.01<'),
      '<GruppeNr>',
      'vaerdi',
      '/KLE-Emneplan/Hovedgruppe[01]/Gruppe/GruppeNr',
      '<GruppeNr> »1.01« er ikke et gruppenummer som 27.18',
    ],
    [
      'a day that no month has',
      emneWith({ oprettet: '2015-02-30' }),
      '<OprettetDato>2015',
      'vaerdi',
      `${PATH}/EmneAdministrativInfo/OprettetDato`,
      '<OprettetDato> »2015-02-30« er ikke en dato på formen åååå-mm-dd',
    ],
    [
      'a date in another form',
      emneWith({ dage: udgaaet('1.8.2015') }),
      '<UdgaaetDato>',
      'vaerdi',
      `${PATH}/EmneAdministrativInfo/Historisk/UdgaaetDato`,
      '<UdgaaetDato> »1.8.2015« er ikke en dato på formen åååå-mm-dd',
    ],
    [
      'an unknown retention',
      emneWith({ bevaring: 'K7' }),
      '<BevaringJ',
      'vaerdi',
      `${PATH}/BevaringJaevnfoerArkivloven`,
      '<BevaringJaevnfoerArkivloven> »K7« er ikke en af K, K5, K10, B og tom',
    ],
    [
      'a deletion that is no duration',
      emneWith({ efter: '<SletningJaevnfoerPersondataloven>5 år</SletningJaevnfoerPersondataloven>' }),
      '<SletningJ',
      'vaerdi',
      `${PATH}/SletningJaevnfoerPersondataloven`,
      '<SletningJaevnfoerPersondataloven> »5 år« er ikke en varighed som P1825D',
    ],
    [
      'a successor that is no number',
      emneWith({ dage: flyttet('2001-01-01', afloestAf('EmneNr', '29.09')) }),
      '<EmneNr>29',
      'vaerdi',
      `${PATH}/EmneAdministrativInfo/Historisk/Flyttet/AfloestAf/EmneNr`,
      '<EmneNr> »29.09« er ikke et emnenummer som 27.18.02',
    ],
    [
      'a source without a title',
      emneWith({ foer: kilde('Emne', '<RetsinfoAccessionsNr>A1</RetsinfoAccessionsNr>') }),
      '<EmneRetskildeReference',
      'mangler',
      `${PATH}/EmneRetskildeReference`,
      '<EmneRetskildeReference> mangler <RetskildeTitel>',
    ],
    [
      'an URL in 2.0',
      emneWith({
        foer: kilde(
          'Emne',
          '<RetskildeTitel>a</RetskildeTitel><RetsinfoAccessionsNr>A1</RetsinfoAccessionsNr><RetsinfoURL>u</RetsinfoURL>',
        ),
      }),
      '<RetsinfoURL',
      'ukendt_element',
      `${PATH}/EmneRetskildeReference`,
      '<RetsinfoURL> er ikke tilladt i <EmneRetskildeReference>',
    ],
    [
      'a UUID in 2.0',
      emneWith({ efter: UUID }),
      '<UUID',
      'ukendt_element',
      PATH,
      '<UUID> er ikke tilladt i <Emne>',
    ],
    [
      'a number given twice',
      withEmner(emne('01.01.01'), '\n', emne('01.01.01', { titel: 'Igen' })),
      '<Emne><EmneNr>01.01.01</EmneNr><EmneTitel>Igen',
      'dublet',
      PATH,
      'Emne 01.01.01 findes allerede i linje 3',
    ],
    [
      'a number under another than its own parent',
      emneplan(
        hovedgruppe(
          '01',
          gruppe('01.01', emne('01.01.01') + emne('01.02.01')) + gruppe('01.02', emne('01.02.02')),
        ),
      ),
      '<Emne><EmneNr>01.02.01',
      'nummer',
      '/KLE-Emneplan/Hovedgruppe[01]/Gruppe[01.01]/Emne[01.02.01]',
      'Emne 01.02.01 står under 01.01',
    ],
  ];

  it.each(cases)('%s', async (_, text, mark, kode, sti, besked) => {
    expect(await faultsOf(text)).toEqual([{ ...placeOf(text, mark), kode, sti, besked }]);
  });
});

describe('a REST edition', () => {
  const stikord = (level: string): string =>
    `<${level}Stikord><Orden>1</Orden><Tekst>ord</Tekst></${level}Stikord>`;
  const uuid = (n: number): string => `<UUID>00000000-0000-4000-8000-00000000000${n}</UUID>`;
  const rest = (emner: string, schema = REST_1_3): string =>
    emneplan(
      hovedgruppe(
        '01',
        gruppe('01.01', emner, info('Gruppe') + stikord('Gruppe') + uuid(2)),
        info('Hovedgruppe') + '<HovedgruppeFilter/>' + uuid(1),
      ),
      schema,
    );
  const SUBJECT = emne('01.01.01', { efter: '<EmneFilter/>' + stikord('Emne') + uuid(3) });

  it('is sound with what 2.0 does not have, and an empty filter', async () => {
    expect((await read(rest(SUBJECT))).advarsler).toEqual([]);
  });

  it('may leave the retention out', async () => {
    expect((await read(rest(SUBJECT.replace(/<Bevaring.*Arkivloven>/, '')))).entries).toHaveLength(3);
  });

  const url = kilde(
    'Emne',
    '<RetskildeTitel>a</RetskildeTitel><RetsinfoAccessionsNr>A1</RetsinfoAccessionsNr><RetsinfoURL>u</RetsinfoURL>',
  );
  it.each([
    ['lacks a UUID', rest(SUBJECT.replace(uuid(3), '')), '<Emne>', 'mangler', '<Emne> mangler <UUID>'],
    [
      'has a UUID that is none',
      rest(SUBJECT.replace(uuid(3), '<UUID>abc</UUID>')),
      '<Emne>',
      'uuid',
      '»abc« er ikke et UUID',
    ],
    [
      'has a UUID twice',
      rest(SUBJECT.replace(uuid(3), uuid(2))),
      '<Emne>',
      'dublet',
      '01.01.01 har samme UUID som 01.01',
    ],
    [
      'is 1.2 with an URL',
      rest(SUBJECT.replace('<EmneAdm', `${url}<EmneAdm`), REST_1_2),
      '<RetsinfoURL',
      'ukendt_element',
      '<RetsinfoURL> er ikke tilladt i <EmneRetskildeReference>',
    ],
    [
      'has two sources in one reference',
      rest(
        SUBJECT.replace(
          '<EmneAdm',
          kilde(
            'Emne',
            '<RetskildeTitel>a</RetskildeTitel><RetsinfoAccessionsNr>1</RetsinfoAccessionsNr><RetskildeTitel>b</RetskildeTitel>',
          ) + '<EmneAdm',
        ),
      ),
      '<RetskildeTitel>b',
      'raekkefoelge',
      '<RetskildeTitel> skal stå før <RetsinfoAccessionsNr>',
    ],
    [
      'has a facet keyword without a facet',
      rest(
        SUBJECT.replace(
          uuid(3),
          `<EmneOgHandlingsfacetStikord><Orden>1</Orden><Tekst>a</Tekst></EmneOgHandlingsfacetStikord>${uuid(3)}`,
        ),
      ),
      '<EmneOgHandlingsfacetStikord',
      'mangler',
      '<EmneOgHandlingsfacetStikord> mangler <HandlingsfacetNr>',
    ],
  ])('%s', async (_, text, mark, kode, besked) => {
    const faults = await faultsOf(text);
    expect(faults).toContainEqual(expect.objectContaining({ ...placeOf(text, mark), kode, besked }));
  });

  it('may give an entry that is leaving any UUID, or an empty one', async () => {
    const leaving = (titel: string, dage: string, id: string): string =>
      rest(emne('01.01.01', { titel, dage, efter: `<UUID>${id}</UUID>` }));
    for (const text of [
      leaving('Gammel [udgået]', udgaaet('2001-01-01'), ''),
      leaving('Gammel [udgår 2015]', '', 'ukendt'),
      leaving('System [fagsystem-emne]', '', 'ukendt'),
    ]) {
      const { entries } = await read(text);
      expect(entries.at(-1)).not.toHaveProperty('uuid');
    }
  });

  it('takes a UUID in capitals for the same in small letters, with a warning', async () => {
    const { entries, advarsler } = await read(
      rest(SUBJECT.replace(uuid(3), '<UUID>4EBA8818-DA19-4E37-B3E1-B9B6BE2F2F13</UUID>')),
    );
    expect(entries.at(-1)?.uuid).toBe('4eba8818-da19-4e37-b3e1-b9b6be2f2f13');
    expect(advarsler.map(({ besked }) => besked)).toEqual([
      'UUID for 01.01.01 er skrevet med store bogstaver',
    ]);
  });

  it('is warned about where something in use has no keyword', async () => {
    const { advarsler } = await read(rest(SUBJECT.replace(stikord('Emne'), '')));
    expect(advarsler.map(({ besked }) => besked)).toEqual(['Emne 01.01.01 har ingen stikord']);
  });
});

describe('all faults are told at once', () => {
  it('in the order of the file', async () => {
    const text = withEmner(
      '\n' + emne('01.01.01', { bevaring: 'X', oprettet: 'i går' }),
      '\n' + emne('01.01.01', { efter: '<Ukendt/>' }),
      '\n<Emne><EmneNr>01.01.03</EmneNr></Emne>',
    );
    expect((await faultsOf(text)).map(({ linje, kode }) => [linje, kode])).toEqual([
      [4, 'vaerdi'],
      [4, 'vaerdi'],
      [5, 'dublet'],
      [5, 'ukendt_element'],
      [6, 'mangler'],
      [6, 'mangler'],
      [6, 'mangler'],
    ]);
  });

  it('but at most a thousand of them', async () => {
    const text = withEmner(
      ...Array.from({ length: 600 }, (_, i) => emne(`01.${String(i).padStart(3, '0')}`, { bevaring: 'X' })),
    );
    await expect(read(text)).rejects.toMatchObject({
      antal: 1200,
      fejl: { length: 1000 },
      status: 422,
      kode: 'kle_ugyldig',
      detail: 'KLE-filen har 1.200 fejl; intet er indlæst. De første 1.000 vises.',
    });
  });

  it('however an edition is mended, one fault less is one fault less', async () => {
    const broken = [
      emne('01.01.01', { bevaring: 'X' }),
      emne('01.01.02', { oprettet: '' }),
      emne('01.01.03', { efter: '<Ukendt/>' }),
      emne('01.01.04', { titel: '' }),
      emne('01.01.05', { efter: 'tekst' }),
    ];
    await fc.assert(
      fc.asyncProperty(fc.subarray(broken, { minLength: 1 }), async (some) => {
        expect(await faultsOf(withEmner(...some))).toHaveLength(some.length);
      }),
    );
  });
});

describe('read leniently', () => {
  const MINIMAL = emneplan(
    '<Hovedgruppe><HovedgruppeNr>00</HovedgruppeNr><HovedgruppeTitel>a</HovedgruppeTitel><Gruppe><GruppeNr>00.01</GruppeNr><GruppeTitel>b</GruppeTitel><Emne><EmneNr>00.01.00</EmneNr><EmneTitel>c</EmneTitel></Emne></Gruppe></Hovedgruppe>',
  );

  it('what is missing is a warning', async () => {
    expect(await faultsOf(MINIMAL)).toHaveLength(5);
    const { entries, advarsler, felter } = await read(MINIMAL, { lempelig: true });
    expect(entries.map(({ nr }) => nr)).toEqual(['00', '00.01', '00.01.00']);
    expect(advarsler).toHaveLength(5);
    expect(felter).toEqual(['titel']);
  });

  it.each([
    ['a number', '<EmneNr>00.01.00</EmneNr>', ''],
    ['a title', '<EmneTitel>c</EmneTitel>', ''],
    ['a title that is not empty', '<EmneTitel>c</EmneTitel>', '<EmneTitel/>'],
    ['a known element', '<EmneTitel>c</EmneTitel>', '<EmneTitel>c</EmneTitel><Ukendt/>'],
    [
      'the day of an expiry',
      '</EmneTitel>',
      '</EmneTitel><EmneAdministrativInfo><Historisk/></EmneAdministrativInfo>',
    ],
    [
      'a valid day',
      '</EmneTitel>',
      '</EmneTitel><EmneAdministrativInfo><OprettetDato>x</OprettetDato></EmneAdministrativInfo>',
    ],
  ])('%s is still demanded', async (_, from, to) => {
    expect(await faultsOf(MINIMAL.replace(from, to), { lempelig: true })).toHaveLength(1);
  });

  it('an edition may lack its date', async () => {
    const { udgivelsesdato } = await read(MINIMAL.replace(/<UdgivelsesDato>.*\n/, ''), { lempelig: true });
    expect(udgivelsesdato).toBeUndefined();
  });
});

it('warns of a title that says it has expired, and of a group that an extract put under another', async () => {
  const text = emneplan(hovedgruppe('01', gruppe('88.20', emne('88.20.01', { titel: 'Gammel [udgået]' }))));
  const { entries, advarsler } = await read(text);
  expect(entries.at(-1)?.titel).toBe('Gammel [udgået]');
  expect(entries[1]).toMatchObject({ nr: '88.20', overordnet: '01' });
  expect(advarsler.map(({ besked }) => besked)).toEqual([
    'Gruppe 88.20 står under 01, for 88 er ikke i filen',
    'titlen på Emne 88.20.01 siger [udgået], men der er ingen dato for det',
  ]);
});
