import fc from 'fast-check';
import { compare } from './change-report';
import type { KleEdition, KleEntry, KleFelt } from './entry';
import { entry } from './spec/made-up-edition';
import { carriedOver, type KleSnapshot } from './snapshot';

const ALL: readonly KleFelt[] = [
  'titel',
  'vejledning',
  'oprettet',
  'rettet',
  'bevaring',
  'sletning',
  'filtre',
  'stikord',
  'retskilder',
  'url',
];
const edition = (entries: readonly KleEntry[], felter = ALL): KleEdition => ({
  format: 'REST 1.3',
  facet: 'Emne',
  udgivelsesdato: '2015-08-01',
  felter,
  advarsler: [],
  entries,
});
const A = entry('01.01.01');
const changed = (more: Partial<KleEntry>, before: KleSnapshot = A) =>
  compare([before], edition([{ ...A, ...more }]));

describe('each number of a file is counted once', () => {
  it('as new', () => {
    const gone = entry('01.01.02', { udgaaet: '1990-01-01' });
    const report = compare([], edition([A, gone]));
    expect(report.antal).toEqual({
      iFilen: 2,
      nye: 2,
      aendrede: 0,
      typografiske: 0,
      udgaaede: 0,
      flyttede: 0,
      genaktiverede: 0,
      uaendrede: 0,
      ikkeIFilen: 0,
    });
    expect(report.nye).toMatchObject([
      { nr: '01.01.01', tilstand: 'aktiv', felter: [] },
      { nr: '01.01.02', tilstand: 'udgaaet', ophoert: '1990-01-01', felter: [] },
    ]);
  });

  it('as unchanged', () => {
    expect(changed({}).antal).toMatchObject({ iFilen: 1, uaendrede: 1 });
  });

  it('as changed, with old and new text', () => {
    const report = changed(
      { titel: 'Nyt navn', bevaring: 'K', sletning: 'P1825D' },
      { ...A, sletning: 'P1800D' },
    );
    expect(report.antal.aendrede).toBe(1);
    expect(report.aendrede[0]?.felter).toEqual([
      { felt: 'titel', foer: 'Emne 01.01.01', nu: 'Nyt navn', typografisk: false },
      { felt: 'bevaring', foer: '', nu: 'K', typografisk: false },
      { felt: 'sletning', foer: 'P1800D', nu: 'P1825D', typografisk: false },
    ]);
  });

  it('as expired, whatever else changed', () => {
    const report = changed({ udgaaet: '2015-08-01', vejledningHtml: '<p>a</p>' });
    expect(report.antal).toMatchObject({ udgaaede: 1, aendrede: 0 });
    expect(report.udgaaede).toMatchObject([
      {
        nr: '01.01.01',
        ophoert: '2015-08-01',
        felter: [{ felt: 'vejledning' }, { felt: 'ophoert', foer: '', nu: '2015-08-01' }],
      },
    ]);
  });

  it('as moved, with its successors', () => {
    const report = compare(
      [A],
      edition([
        { ...A, flyttet: '2015-08-01', afloestAf: ['01.02', '29.00.09'] },
        entry('01.02', { niveau: 'Gruppe' }),
      ]),
    );
    expect(report.flyttede).toMatchObject([
      {
        nr: '01.01.01',
        tilstand: 'flyttet',
        ophoert: '2015-08-01',
        afloestAf: [
          { nr: '01.02', findes: true },
          { nr: '29.00.09', findes: false },
        ],
      },
    ]);
  });

  it('as reactivated', () => {
    expect(changed({}, { ...A, udgaaet: '2014-11-01' }).antal).toMatchObject({ genaktiverede: 1 });
    expect(
      changed({}, { ...A, flyttet: '2014-11-01', afloestAf: ['01.02'] }).genaktiverede[0]?.felter.map(
        ({ felt }) => felt,
      ),
    ).toEqual(['ophoert', 'afloestAf']);
  });

  it('as changed, if an expiry is only dated anew', () => {
    const report = changed({ udgaaet: '2014-08-01' }, { ...A, udgaaet: '2014-11-01' });
    expect(report.aendrede).toMatchObject([
      { felter: [{ felt: 'ophoert', foer: '2014-11-01', nu: '2014-08-01' }] },
    ]);
  });

  it('as moved, if it was only said to have expired', () => {
    expect(
      changed({ flyttet: '2014-11-01', afloestAf: ['01.01.01'] }, { ...A, udgaaet: '2014-11-01' }).antal
        .flyttede,
    ).toBe(1);
  });

  it('and a number that the file has not is left alone', () => {
    const report = compare([A, entry('01.01.02', { titel: 'Uden for uddraget' })], edition([A]));
    expect(report.antal).toMatchObject({ iFilen: 1, uaendrede: 1, ikkeIFilen: 1 });
    expect(report.ikkeIFilen).toEqual([{ nr: '01.01.02', titel: 'Uden for uddraget' }]);
  });

  const anyEntry = fc
    .record({
      nr: fc.constantFrom('01.01.01', '01.01.02', '01.01.03', '01.01.04'),
      titel: fc.constantFrom('a – b', 'a - b', 'c'),
      udgaaet: fc.option(fc.constantFrom('2014-01-01', '2015-01-01'), { nil: undefined }),
      bevaring: fc.option(fc.constantFrom('B', 'K'), { nil: undefined }),
      filtre: fc.constantFrom(['X'], ['XDelplan'], ['X', 'Y'], ['Y', 'X']),
    })
    .map(({ nr, ...more }) => entry(nr, more as Partial<KleEntry>));
  const entries = fc.uniqueArray(anyEntry, { selector: ({ nr }) => nr });

  it('in one list and no other, with the sum of all', () => {
    fc.assert(
      fc.property(entries, entries, (before, now) => {
        const report = compare(before, edition(now));
        const { nye, aendrede, typografiske, udgaaede, flyttede, genaktiverede, antal, ikkeIFilen } = report;
        const listed = [nye, aendrede, typografiske, udgaaede, flyttede, genaktiverede]
          .flat()
          .map(({ nr }) => nr);
        expect(new Set(listed).size).toBe(listed.length);
        expect(listed.length + antal.uaendrede).toBe(antal.iFilen);
        expect(antal.iFilen).toBe(now.length);
        const numbers = new Set([...now, ...ikkeIFilen].map(({ nr }) => nr));
        expect(numbers.size).toBe(new Set([...before, ...now].map(({ nr }) => nr)).size);
      }),
    );
  });

  it('and the second time an edition is read it changes nothing', () => {
    fc.assert(
      fc.property(entries, entries, fc.subarray([...ALL]), (before, now, felter) => {
        const after = new Map<string, KleSnapshot>(before.map((one) => [one.nr, one]));
        for (const one of now) after.set(one.nr, carriedOver(after.get(one.nr), one, felter));
        expect(compare([...after.values()], edition(now, felter)).antal.uaendrede).toBe(now.length);
      }),
    );
  });
});

describe('what is no change', () => {
  it.each<[string, Partial<KleEntry>, Partial<KleEntry>]>([
    ['the order of filters', { filtre: ['a', 'b'] }, { filtre: ['b', 'a'] }],
    [
      'the order of keywords',
      {
        stikord: [
          { orden: '1', tekst: 'a' },
          { orden: '1', tekst: 'b' },
        ],
      },
      {
        stikord: [
          { orden: '1', tekst: 'b' },
          { orden: '1', tekst: 'a' },
        ],
      },
    ],
    [
      'the order of sources',
      {
        retskilder: [
          { titel: 'a', accessionsnummer: '1' },
          { titel: 'b', accessionsnummer: '2' },
        ],
      },
      {
        retskilder: [
          { titel: 'b', accessionsnummer: '2' },
          { titel: 'a', accessionsnummer: '1' },
        ],
      },
    ],
  ])('%s', (_, before, now) => {
    expect(changed(now, { ...A, ...before }).antal.uaendrede).toBe(1);
  });

  it('days of change that the register does not keep', () => {
    const { rettet: _, ...before } = A;
    expect(changed({ rettet: ['2015-01-01'] }, before).antal.uaendrede).toBe(1);
    expect(changed({ rettet: ['2015-01-01'] }).antal.aendrede).toBe(1);
  });
});

describe('what is only typographical', () => {
  it.each<[string, Partial<KleEntry>, Partial<KleEntry>]>([
    ['a dash in a title', { titel: 'a – b' }, { titel: 'a - b' }],
    ['a blank in a guidance', { vejledningHtml: '<p>a b</p>' }, { vejledningHtml: '<p>a\u00a0b</p>' }],
    [
      'quotes in a keyword',
      { stikord: [{ orden: '1', tekst: '"a"' }] },
      { stikord: [{ orden: '1', tekst: '»a«' }] },
    ],
    [
      'the drifting name of a filter',
      { filtre: ['KommunalVandDelplan', 'x'] },
      { filtre: ['KommunalVand', 'x'] },
    ],
  ])('%s, and is stored', (_, before, now) => {
    const report = changed(now, { ...A, ...before });
    expect(report.antal.typografiske).toBe(1);
    expect(report.typografiske[0]?.felter).toMatchObject([{ typografisk: true }]);
  });

  it.each<[string, Partial<KleEntry>, Partial<KleEntry>]>([
    [
      'a typographical change with another',
      { titel: 'a – b', bevaring: 'B' },
      { titel: 'a - b', bevaring: 'K' },
    ],
    [
      'a keyword that has expired',
      { stikord: [{ orden: '1', tekst: 'a' }] },
      { stikord: [{ orden: '1', tekst: 'a [udgået]' }] },
    ],
    [
      'a suffix of an accession number',
      { retskilder: [{ titel: 'a', accessionsnummer: 'B2_P1' }] },
      { retskilder: [{ titel: 'a', accessionsnummer: 'B2' }] },
    ],
    ['a filter that is gone', { filtre: ['xDelplan', 'y'] }, { filtre: ['x'] }],
  ])('not %s', (_, before, now) => {
    expect(changed(now, { ...A, ...before }).antal.aendrede).toBe(1);
  });
});

describe('what a format does not carry', () => {
  const full: KleSnapshot = {
    ...A,
    vejledningHtml: '<p>a</p>',
    bevaring: 'K',
    sletning: 'P1800D',
    filtre: ['x'],
    stikord: [{ orden: '1', tekst: 'a' }],
    retskilder: [{ titel: 'Lov', accessionsnummer: 'A1', url: 'https://example.test/A1' }],
  };

  it('stays: the list of UUIDs changes titles only', () => {
    const bare = entry('01.01.01', { titel: 'Nyt', oprettet: undefined });
    const report = compare([full], edition([bare], ['titel']));
    expect(report.aendrede[0]?.felter.map(({ felt }) => felt)).toEqual(['titel']);
    expect(carriedOver(full, bare, ['titel'])).toEqual({ ...full, titel: 'Nyt', linje: 1 });
  });

  it('stays: an edition of 2.0 takes neither keywords nor URLs away', () => {
    const felter = ALL.filter((felt) => felt !== 'stikord' && felt !== 'url');
    const now: KleEntry = {
      ...full,
      rettet: [],
      linje: 1,
      stikord: [],
      retskilder: [{ titel: 'Lov', accessionsnummer: 'A1' }],
    };
    expect(compare([full], edition([now], felter)).antal.uaendrede).toBe(1);
    expect(compare([full], edition([now])).aendrede[0]?.felter.map(({ felt }) => felt)).toEqual([
      'stikord',
      'retskilder',
    ]);
  });

  it('is not whether a number is in use', () => {
    expect(compare([{ ...A, udgaaet: '2014-11-01' }], edition([A], ['titel'])).antal.genaktiverede).toBe(1);
  });
});

describe('what a person should know', () => {
  const advice = (...entries: KleEntry[]) =>
    compare([entry('77.77.77')], edition(entries)).raad.map(({ slags, nr }) => [slags, nr]);

  it.each<[string, KleEntry[], string[][]]>([
    [
      'a move that leads nowhere',
      [{ ...A, flyttet: '2001-01-01' }],
      [['flyttet-uden-efterfoelger', '01.01.01']],
    ],
    [
      'a successor that is nowhere',
      [{ ...A, flyttet: '2001-01-01', afloestAf: ['29.00.09'] }],
      [['efterfoelger-mangler', '01.01.01']],
    ],
    [
      'nothing, where the successor is only in the register',
      [{ ...A, flyttet: '2001-01-01', afloestAf: ['77.77.77'] }],
      [],
    ],
    [
      'a successor on another level',
      [{ ...A, flyttet: '2001-01-01', afloestAf: ['01.02'] }, entry('01.02', { niveau: 'Gruppe' })],
      [['efterfoelger-paa-andet-niveau', '01.01.01']],
    ],
    [
      'a change before the creation',
      [{ ...A, oprettet: '2003-08-01', rettet: ['1996-01-01'] }],
      [['rettet-foer-oprettet', '01.01.01']],
    ],
    [
      'something in use under what is not',
      [entry('01.01', { niveau: 'Gruppe', overordnet: null, udgaaet: '2001-01-01' }), A],
      [['aktiv-under-udgaaet', '01.01.01']],
    ],
  ])('%s', (_, entries, expected) => {
    expect(advice(...entries)).toEqual(expected);
  });
});

it('is data that survives as JSON', () => {
  const report = compare([A], edition([{ ...A, titel: 'b' }, entry('01.01.02')]));
  expect(JSON.parse(JSON.stringify(report))).toMatchObject({
    antal: report.antal,
    aendrede: [{ felter: report.aendrede[0]?.felter }],
  });
});
