import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compare } from './change-report';
import { startOfDanishDay } from '@stoettesystemer/object';
import { type KleEdition, type KleEntry, ophoert } from './entry';
import { InvalidKle } from './fault';
import { identify } from './identity';
import { niveauOf } from './kle-number';
import { publicationOf } from './publication';
import { type Progress, readKle, readUuidList } from './read-kle';
import { typographicKey } from './title';

// KLE is KL's: the files are read where they are, and the project holds none of them.
const ROOT = resolve(__dirname, '../../../..');
const FILES = resolve(ROOT, process.env['TEST_DATA'] ?? '../shared/data', 'kle');
const isThere = existsSync(FILES);
const real = isThere ? describe : describe.skip;
if (!isThere)
  console.warn(`Skipped: the real editions of KLE are not in ${FILES}; TEST_DATA names the folder above.`);

const FULL = 'KLE-Emneplan_Version2-0_2015-08-01.xml';
const EXTRACT = 'KLE-Emneplan_2015-02-01_uddrag-3-hovedgrupper.xml';
const REST_1_2 = 'KLE-REST-1-2_2019-11-01_kitos-single-item.xml';
const REST_1_3 = 'KLE-REST-1-3_2025-05-01_uddrag.xml';
const FACETS = 'KLE-Handlingsfacetter-uuid.csv';
const LIST = 'KLE-uuid-emneliste_lige-hovedgrupper.csv';

const path = (name: string): string => join(FILES, name);
const once = new Map<string, Promise<KleEdition>>();
const read = (name: string, lempelig = false): Promise<KleEdition> => {
  const key = `${name} ${lempelig}`;
  const edition = once.get(key) ?? readKle(createReadStream(path(name)), { lempelig });
  once.set(key, edition);
  return edition;
};

function tally<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}
const levels = (entries: readonly KleEntry[]): Record<string, number> =>
  tally(entries, ({ niveau }) => niveau);

real('the complete edition of 2015-08-01', () => {
  let edition: KleEdition;
  const progress: Progress[] = [];
  beforeAll(async () => {
    const totalBytes = statSync(path(FULL)).size;
    edition = await readKle(createReadStream(path(FULL)), {
      totalBytes,
      onProgress: (one) => progress.push(one),
    });
  });
  const inState = (has: (entry: KleEntry) => boolean): Record<string, number> =>
    levels(edition.entries.filter(has));

  it('is sound, of its format and of its day', () => {
    expect(edition).toMatchObject({
      format: 'Emneplan 2.0',
      facet: 'Emne',
      udgivelsesdato: '2015-08-01',
      advarsler: [],
    });
  });

  it('has 41 hovedgrupper, 691 grupper and 3457 emner: in use, expired and moved', () => {
    expect(levels(edition.entries)).toEqual({ Hovedgruppe: 41, Gruppe: 691, Emne: 3457 });
    expect(inState((one) => !ophoert(one))).toEqual({ Hovedgruppe: 36, Gruppe: 480, Emne: 2136 });
    expect(inState(({ udgaaet }) => udgaaet !== undefined)).toEqual({
      Hovedgruppe: 4,
      Gruppe: 178,
      Emne: 1074,
    });
    expect(inState(({ flyttet }) => flyttet !== undefined)).toEqual({
      Hovedgruppe: 1,
      Gruppe: 33,
      Emne: 247,
    });
  });

  it('has the days, retention, deletion and changes that were counted by hand', () => {
    const emner = edition.entries.filter(({ niveau }) => niveau === 'Emne');
    expect(tally(emner, ({ bevaring }) => bevaring ?? 'tom')).toEqual({ K: 2037, B: 1120, tom: 300 });
    expect(tally(emner, ({ sletning }) => sletning ?? 'ingen')).toEqual({
      P1800D: 2670,
      ingen: 774,
      P1440D: 5,
      P120D: 4,
      P360D: 2,
      P18200D: 1,
      P14400D: 1,
    });
    expect(edition.entries.flatMap(({ rettet }) => rettet)).toHaveLength(969);
    expect(edition.entries.filter(({ rettet }) => rettet.length > 1)).toEqual([]);
    expect(edition.entries.filter(({ oprettet }) => oprettet === undefined)).toEqual([]);
  });

  it('has 2625 sources, 1782 of them with a paragraph, and 4251 filters', () => {
    const sources = edition.entries.flatMap(({ retskilder }) => retskilder);
    expect(sources).toHaveLength(2625);
    expect(sources.filter(({ paragrafEllerKapitel }) => paragrafEllerKapitel)).toHaveLength(1782);
    expect(sources.filter(({ titel }) => /[\r\n]/.test(titel))).toEqual([]);
    const numbers = sources.map(({ accessionsnummer }) => accessionsnummer);
    expect(numbers).toContain('A20150076929');
    expect(numbers).toContain('A20150015029_P52');
    expect(numbers.filter((nr) => /_P\d+-\d+$|_P2a$/.test(nr)).length).toBeGreaterThan(50);
    expect(edition.entries.flatMap(({ filtre }) => filtre)).toHaveLength(4251);
  });

  it('says [udgået] in the title of all 1537 that are out of use, which is taken off, and announces it for 3 that are in use', () => {
    const text = readFileSync(path(FULL), 'utf8');
    expect([...text.matchAll(/Titel>[^<]*\[udgået\]\.?\s*</g)]).toHaveLength(1537);
    expect(edition.entries.filter((one) => ophoert(one))).toHaveLength(1537);
    expect(edition.entries.filter(({ titel }) => /\[udgået/i.test(titel))).toEqual([]);
    expect(edition.entries.filter(({ titel }) => /\[udgår 2015\]$/i.test(titel)).map(({ nr }) => nr)).toEqual(
      ['05.14.14', '05.14.22', '32.24.16'],
    );
  });

  it('leads from level to level, and three times nowhere', () => {
    const steps = edition.entries.flatMap(({ niveau, afloestAf }) =>
      afloestAf.map((nr) => `${niveau}→${niveauOf(nr) ?? ''}`),
    );
    expect(tally(steps, (step) => step)).toEqual({
      'Emne→Emne': 224,
      'Emne→Gruppe': 22,
      'Gruppe→Gruppe': 24,
      'Gruppe→Emne': 8,
      'Hovedgruppe→Emne': 1,
    });
    const { raad } = compare([], edition);
    const told = (slags: string): string[] => raad.filter((one) => one.slags === slags).map(({ nr }) => nr);
    expect(told('efterfoelger-mangler')).toEqual(['16.00.15']);
    expect(told('flyttet-uden-efterfoelger').sort()).toEqual(['17.20.25', '81.20']);
    expect(told('efterfoelger-paa-andet-niveau')).toHaveLength(22 + 8 + 1);
    expect(told('rettet-foer-oprettet')).toHaveLength(4);
    expect(told('aktiv-under-udgaaet')).toEqual([]);
  });

  it('has guidances without blanks of layout, of which nothing is lost', () => {
    const guided = edition.entries.filter(({ vejledningHtml }) => vejledningHtml);
    const html = guided.map(({ vejledningHtml }) => vejledningHtml).join('');
    const text = readFileSync(path(FULL), 'utf8');
    const words = (xhtml: string): string =>
      xhtml
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim();
    const guidance = [...text.matchAll(/<VejledningTekst>(.*?)<\/VejledningTekst>/gs)].map(([, xhtml = '']) =>
      words(xhtml),
    );
    expect(words(html)).toBe(guidance.filter(Boolean).join(' '));
    expect(html).not.toMatch(/\s\s|\s<\/?(p|ul|li)|<p>[^<]*<ul/);
    expect([...html.matchAll(/<li>/g)]).toHaveLength(3971);
  });

  it('is published, on 2015-09-01, to 36, 480 and 2136', () => {
    const moment = startOfDanishDay('2015-09-01');
    const published = edition.entries.filter((one) =>
      publicationOf(one, '2015-08-01').some(
        ({ vaerdi, virkning }) =>
          vaerdi === 'Publiceret' && virkning.fra <= moment && (!virkning.til || moment < virkning.til),
      ),
    );
    expect(levels(published)).toEqual({ Hovedgruppe: 36, Gruppe: 480, Emne: 2136 });
  });

  it('has entries that were never published, since they expired the day they were created', () => {
    const never = edition.entries.filter((one) =>
      publicationOf(one, '2015-08-01').every(({ vaerdi }) => vaerdi === 'IkkePubliceret'),
    );
    expect(never.length).toBeGreaterThan(100);
    expect(never.every((one) => one.oprettet === ophoert(one))).toBe(true);
  });

  it('changes nothing the second time', () => {
    const report = compare(edition.entries, edition);
    expect(report.antal).toMatchObject({ iFilen: 4189, uaendrede: 4189, nye: 0, ikkeIFilen: 0 });
  });

  it('tells its progress to the last byte', () => {
    const { size } = statSync(path(FULL));
    expect(progress.length).toBeGreaterThan(20);
    expect(progress.at(-1)).toEqual({ read: size, total: size });
  });
});

/** Another reading of a 2.0 file, by patterns alone: each entry's own piece of the text, layout and suffix taken away. */
function naively(name: string): Map<string, { parent: string; state: string; titel: string; rest: string }> {
  const text = readFileSync(path(name), 'utf8')
    .replace(/>\s+/g, '>')
    .replace(/\s+</g, '<')
    .replace(/\s+/g, ' ');
  const starts = [
    ...text.matchAll(/<(Hovedgruppe|Gruppe|Emne)><\1Nr>([^<]*)<\/\1Nr><\1Titel>([^<]*)<\/\1Titel>/g),
  ];
  const open = { Hovedgruppe: '', Gruppe: '' };
  return new Map(
    starts.map(({ 0: head, 1: level = '', 2: nr = '', 3: titel = '', index }, i) => {
      const own = text
        .slice(index + head.length, starts[i + 1]?.index)
        .replace(/<\/(Emne|Gruppe|Hovedgruppe|KLE-Emneplan)>/g, '');
      const parent = level === 'Emne' ? open.Gruppe : level === 'Gruppe' ? open.Hovedgruppe : '';
      if (level !== 'Emne') open[level as 'Gruppe' | 'Hovedgruppe'] = nr;
      const state = own.includes('<UdgaaetDato>')
        ? 'udgaaet'
        : own.includes('<Flyttet>')
          ? 'flyttet'
          : 'aktiv';
      return [nr, { parent, state, titel: titel.replace(/ ?\[udgået\]\.?$/, ''), rest: own }] as const;
    }),
  );
}

real('the extract of 2015-02-01', () => {
  it('has 3 hovedgrupper, 13 grupper and 104 emner, two grupper in a place that is not theirs', async () => {
    const { entries, advarsler, udgivelsesdato } = await read(EXTRACT);
    expect(udgivelsesdato).toBe('2015-02-01');
    expect(levels(entries)).toEqual({ Hovedgruppe: 3, Gruppe: 13, Emne: 104 });
    expect(advarsler.map(({ linje, besked }) => `${linje}: ${besked}`)).toEqual([
      '346: Gruppe 88.20 står under 00, for 88 er ikke i filen',
      '496: Gruppe 88.24 står under 00, for 88 er ikke i filen',
    ]);
  });

  it('is changed by the edition of 2015-08-01 as the two files say', async () => {
    const [before, after] = [await read(EXTRACT), await read(FULL)];
    const report = compare(before.entries, after);

    const [old, now] = [naively(EXTRACT), naively(FULL)];
    const expected: Record<string, string[]> = {
      nye: [],
      aendrede: [],
      typografiske: [],
      udgaaede: [],
      flyttede: [],
      genaktiverede: [],
      uaendrede: [],
    };
    for (const [nr, one] of now) {
      const was = old.get(nr);
      const loose = ({ parent, state, titel, rest }: typeof one): string =>
        typographicKey([parent, state, titel, rest].join('|'));
      const kind = !was
        ? 'nye'
        : was.state !== one.state
          ? { aktiv: 'genaktiverede', udgaaet: 'udgaaede', flyttet: 'flyttede' }[one.state]
          : JSON.stringify(was) === JSON.stringify(one)
            ? 'uaendrede'
            : loose(was) === loose(one)
              ? 'typografiske'
              : 'aendrede';
      expected[kind ?? '']?.push(nr);
    }
    const counts = Object.fromEntries(
      Object.entries(expected).map(([kind, numbers]) => [kind, numbers.length]),
    );
    expect(report.antal).toEqual({
      ...counts,
      iFilen: now.size,
      ikkeIFilen: [...old.keys()].filter((nr) => !now.has(nr)).length,
    });
    for (const kind of ['nye', 'aendrede', 'typografiske', 'udgaaede', 'flyttede', 'genaktiverede'] as const)
      expect(report[kind].map(({ nr }) => nr)).toEqual(expected[kind]);
    // What makes the comparison worth something.
    expect(report.antal).toMatchObject({ iFilen: 4189, nye: 4069, ikkeIFilen: 0 });
    expect(report.antal.aendrede).toBeGreaterThan(5);

    const renamed = report.aendrede.flatMap(({ nr, felter }) =>
      felter.filter(({ felt }) => felt === 'titel').map(({ foer, nu }) => [nr, foer, nu]),
    );
    const titles = [...now].filter(([nr, { titel }]) => old.has(nr) && old.get(nr)?.titel !== titel);
    expect(renamed).toEqual(titles.map(([nr, { titel }]) => [nr, old.get(nr)?.titel, titel]));
    expect(renamed).toEqual([
      ['14.00.08', 'Risikobaseret kommunalt redningsberedskab', 'Beredskabsplanlægning'],
    ]);
  });
});

real('the REST editions', () => {
  it('1.2 has 1 hovedgruppe, 3 grupper and 3 emner, and is too bare for a strict reading', async () => {
    const error: unknown = await read(REST_1_2).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(InvalidKle);
    expect((error as InvalidKle).fejl.map(({ linje, kode }) => [linje, kode])).toEqual([
      [5, 'mangler'],
      [8, 'mangler'],
      [12, 'mangler'],
      [26, 'mangler'],
    ]);
    const edition = await read(REST_1_2, true);
    expect(edition).toMatchObject({
      format: 'REST 1.2',
      udgivelsesdato: '2019-11-01',
      felter: ['titel', 'rettet', 'oprettet'],
    });
    expect(levels(edition.entries)).toEqual({ Hovedgruppe: 1, Gruppe: 3, Emne: 3 });
  });

  it('1.3 has 1 hovedgruppe, 2 grupper and 4 emner, with keywords, URLs and UUIDs', async () => {
    const { format, entries } = await read(REST_1_3);
    expect(format).toBe('REST 1.3');
    expect(levels(entries)).toEqual({ Hovedgruppe: 1, Gruppe: 2, Emne: 4 });
    expect(entries.every(({ uuid }) => uuid !== undefined)).toBe(true);
    expect(entries.find(({ nr }) => nr === '00.01')?.stikord[0]).toEqual({
      orden: '1',
      tekst: 'Administrationen, åbningstider (før 1/1 90) [udgået]',
    });
    expect(
      entries.find(({ nr }) => nr === '00.01.10')?.stikord.map(({ handlingsfacet }) => handlingsfacet),
    ).toEqual([undefined, 'P22', 'P22']);
    expect(entries.flatMap(({ retskilder }) => retskilder)).toEqual([
      {
        titel: 'Kommunestyrelsesloven',
        accessionsnummer: 'A20240006929',
        url: 'https://www.retsinformation.dk/eli/accn/A20240006929',
      },
    ]);
  });

  it('agree with each other and with the list on who is who', async () => {
    const list = await readUuidList(createReadStream(path(LIST)));
    const { entries } = await read(REST_1_3);
    const known = new Map((await read(REST_1_2, true)).entries.map(({ nr, uuid = '' }) => [nr, uuid]));
    const { uuid, raad } = identify(entries, known, list);
    expect(raad).toEqual([]);
    expect(uuid.get('00')).toBe('4eba8818-da19-4e37-b3e1-b9b6be2f2f13');
  });

  it('1.3 after 2015 reactivates nothing, and takes nothing away that it does not carry', async () => {
    const report = compare((await read(FULL)).entries, await read(REST_1_3));
    expect(report.antal).toMatchObject({ iFilen: 7, nye: 0, genaktiverede: 0, ikkeIFilen: 4182 });
    const changed = report.aendrede.find(({ nr }) => nr === '00.01.00');
    expect(changed?.felter.find(({ felt }) => felt === 'sletning')).toMatchObject({
      foer: 'P1800D',
      nu: 'P1825D',
    });
  });
});

real('the lists of UUIDs', () => {
  it('the facets are 7 categories and 69 facets', async () => {
    const edition = await read(FACETS);
    expect(edition).toMatchObject({ format: 'UUID-liste', facet: 'Handlingsfacet', advarsler: [] });
    expect(levels(edition.entries)).toEqual({ HandlingsfacetKategori: 7, Handlingsfacet: 69 });
    expect(edition.entries.find(({ nr }) => nr === 'A21')?.titel).toBe(
      'Administrativ organisering og  kompetencefordeling',
    );
  });

  it('the subjects are 1132, and bring 00.15.12 back', async () => {
    const edition = await read(LIST);
    expect(edition.entries).toHaveLength(1132);
    const known = await read(FULL);
    const report = compare(known.entries, edition);
    expect(report.genaktiverede.map(({ nr, titel }) => [nr, titel])).toEqual([
      ['00.15.12', 'Kvalitetsstyringssystem, sagsbehandling'],
    ]);
    // By a second way: titles that differ between the list and the file.
    const old = naively(FULL);
    const rows = readFileSync(path(LIST), 'utf8')
      .replace(/^\ufeff/, '')
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((row) => row.split(';'));
    const renamed = rows.filter(
      ([, nr = '', titel = '']) => old.has(nr) && old.get(nr)?.titel !== titel.trim(),
    );
    const isLoose = ([, nr = '', titel = '']: string[]): boolean =>
      typographicKey(old.get(nr)?.titel ?? '') === typographicKey(titel);
    expect(report.antal).toMatchObject({
      nye: rows.filter(([, nr = '']) => !old.has(nr)).length,
      typografiske: renamed.filter(isLoose).length,
      aendrede: renamed.length - renamed.filter(isLoose).length,
    });
    expect(report.antal.typografiske).toBeGreaterThan(0);
    expect(report.typografiske.map(({ nr }) => nr)).toContain('14.05');
  });
});

real('files that break the schema', () => {
  it.each([
    ['openesdh/test-kle-emneplan.xml', [5, 5, 8, 11, 11], { Hovedgruppe: 1, Gruppe: 1, Emne: 1 }],
    ['openesdh/test-kle-facetter.xml', [2], { HandlingsfacetKategori: 1, Handlingsfacet: 1 }],
  ])('%s is refused, and taken leniently', async (name, lines, counts) => {
    await expect(read(name)).rejects.toMatchObject({
      fejl: lines.map((linje) => ({ linje, kode: 'mangler' })),
    });
    const edition = await read(name, true);
    expect(levels(edition.entries)).toEqual(counts);
    expect(edition.advarsler.map(({ linje }) => linje)).toEqual(lines);
  });
});
