import { compare } from './change-report';
import { changeReportText } from './change-report-text';
import type { KleEdition, KleEntry } from './entry';
import { entry } from './spec/made-up-edition';

const edition = (entries: KleEntry[]): KleEdition => ({
  format: 'Emneplan 2.0',
  facet: 'Emne',
  udgivelsesdato: '2015-08-01',
  felter: ['titel', 'vejledning', 'bevaring', 'filtre'],
  advarsler: [],
  entries,
});
const long = 'Emnet dækker sager om den kommunale planlægning af redningsberedskabet, herunder ';

it('tells the counts, then what is behind them', () => {
  const before = [
    entry('14.00.08', {
      titel: 'Risikobaseret kommunalt redningsberedskab',
      vejledningHtml: `<p>${long}materiel.</p>`,
    }),
    entry('14.00.09', { titel: 'a – b', filtre: ['x', 'yDelplan'] }),
    entry('14.00.10', { filtre: ['x', 'y'] }),
    entry('14.00.11'),
    entry('14.00.12', { udgaaet: '2014-11-01' }),
    entry('14.00.13'),
    entry('14.00.14', { titel: 'Uden for uddraget' }),
    entry('14.00.15'),
  ];
  const now = [
    entry('14.00.07', { titel: 'Helt nyt' }),
    entry('14.00.08', {
      titel: 'Beredskabsplanlægning',
      vejledningHtml: `<p>${long}personel.</p>`,
      bevaring: 'B',
    }),
    entry('14.00.09', { titel: 'a - b', filtre: ['x', 'y'] }),
    entry('14.00.10', { filtre: ['y', 'z'] }),
    entry('14.00.11', { udgaaet: '2015-08-01' }),
    entry('14.00.12'),
    entry('14.00.13', { flyttet: '2015-08-01', afloestAf: ['14.00.07', '29.00.09'] }),
    entry('14.00.15'),
  ];
  expect(changeReportText(compare(before, edition(now)))).toBe(`KLE Emneplan 2.0 af 2015-08-01: 8 numre
  Nye                           1
  Ændrede                       2
  Ændrede kun typografisk       1
  Udgåede                       1
  Flyttede                      1
  Genaktiverede                 1
  Uændrede                      1
  Ikke i filen (bevares)        1

Nye
  14.00.07  Helt nyt

Ændrede
  14.00.08  Beredskabsplanlægning
            titel: »Risikobaseret kommunalt redningsberedskab« → »Beredskabsplanlægning«
            vejledning: »…skabet, herunder materiel.</p>« → »…skabet, herunder personel.</p>«
            bevaring: intet → »B«
  14.00.10  Emne 14.00.10
            filtre: − »x«, + »z«

Ændrede kun typografisk
  14.00.09  a - b
            titel: »a – b« → »a - b«
            filtre: − »yDelplan«, + »y«

Udgåede
  14.00.11  Emne 14.00.11 [udgået 2015-08-01]

Flyttede
  14.00.13  Emne 14.00.13 [flyttet 2015-08-01 → 14.00.07, 29.00.09 (findes ikke)]

Genaktiverede
  14.00.12  Emne 14.00.12
            udgået/flyttet: »2014-11-01« → intet

Bemærk: 1 afløst af et nummer, der ikke findes
  14.00.13 er afløst af 29.00.09, som ikke findes`);
});

it('shows only so many of each kind', () => {
  const text = changeReportText(
    compare([], edition(Array.from({ length: 2000 }, (_, i) => entry(`01.${i}`)))),
    3,
  );
  expect(text).toContain('2.000 numre');
  expect(text).toContain('… og 1.997 til');
  expect(text.split('\n')).toHaveLength(15);
});
