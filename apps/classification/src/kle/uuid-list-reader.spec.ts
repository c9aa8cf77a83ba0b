import { faultsOf, read } from './spec/made-up-edition';

const id = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;
const list = (...rows: string[]): string => ['UUID;EmneNr;EmneTitel', ...rows].join('\r\n');

it('makes entries that are in use and have a title and a UUID', async () => {
  const edition = await read(
    list(`${id(1)};G;Efter faste regler`, `${id(2).toUpperCase()};G01; Generelle  sager `, ''),
  );
  expect(edition).toMatchObject({ format: 'UUID-liste', facet: 'Handlingsfacet', felter: ['titel'] });
  expect(edition.udgivelsesdato).toBeUndefined();
  expect(edition.entries).toMatchObject([
    {
      nr: 'G',
      niveau: 'HandlingsfacetKategori',
      overordnet: null,
      titel: 'Efter faste regler',
      uuid: id(1),
      linje: 2,
    },
    {
      nr: 'G01',
      niveau: 'Handlingsfacet',
      overordnet: 'G',
      titel: 'Generelle  sager',
      uuid: id(2),
      linje: 3,
    },
  ]);
});

it('reads quoted fields, with quotes, semicolons and line breaks inside, and goes on at the right line', async () => {
  const { entries } = await read(list(`"${id(1)}";01;"a; ""b""\r\nc"`, `${id(2)};02;5" rør`));
  expect(entries.map(({ titel, linje }) => [titel, linje])).toEqual([
    ['a; "b" c', 2],
    ['5" rør', 4],
  ]);
});

it('takes a parent that stands after its child, and puts it first', async () => {
  const { entries } = await read(
    list(`${id(1)};01.01.01;c`, `${id(2)};01.01;b`, `${id(3)};02;d`, `${id(4)};01;a`),
  );
  expect(entries.map(({ nr }) => nr)).toEqual(['02', '01', '01.01', '01.01.01']);
});

it.each([
  ['another header', 'Nr;Titel\n', [[1, 1, 'csv', 'første linje skal være UUID;EmneNr;EmneTitel']]],
  ['a number that is none', list(`${id(1)};1.1;a`), [[2, 38, 'vaerdi', '»1.1« er ikke et KLE-nummer']]],
  ['a UUID that is none', list('abc;01;a'), [[2, 1, 'uuid', '»abc« er ikke et UUID']]],
  ['an empty title', list(`${id(1)};01; `), [[2, 41, 'vaerdi', 'titlen på 01 er tom']]],
  ['a field too few', list(`${id(1)};01`), [[2, 1, 'csv', 'linjen har 2 felter, ikke 3']]],
  ['a field too many', list(`${id(1)};01;a;b`), [[2, 1, 'csv', 'linjen har 4 felter, ikke 3']]],
  [
    'a number twice',
    list(`${id(1)};01;a`, `${id(2)};01;a`),
    [[3, 38, 'dublet', 'Hovedgruppe 01 findes allerede i linje 2']],
  ],
  ['a UUID twice', list(`${id(1)};01;a`, `${id(1)};02;a`), [[3, 38, 'dublet', '02 har samme UUID som 01']]],
  [
    'a child without its parent',
    list(`${id(1)};G01;a`),
    [[2, 38, 'nummer', 'Handlingsfacet G01 mangler sin overordnede, G']],
  ],
  [
    'both facets',
    list(`${id(1)};01;a`, `${id(2)};G;a`),
    [[1, 1, 'nummer', 'listen blander emner og handlingsfacetter']],
  ],
  [
    'a quote without end',
    list(`${id(1)};01;"a`, 'b'),
    [[2, 1, 'csv', 'et felt i anførselstegn slutter ikke']],
  ],
  [
    'several faults',
    list('x;01;a', `${id(1)};y;a`),
    [
      [2, 1, 'uuid', '»x« er ikke et UUID'],
      [3, 38, 'vaerdi', '»y« er ikke et KLE-nummer'],
    ],
  ],
])('refuses %s', async (_, text, expected) => {
  expect(
    (await faultsOf(text)).map(({ linje, kolonne, kode, besked }) => [linje, kolonne, kode, besked]),
  ).toEqual(expected);
});

it('refuses a row without end', async () => {
  expect(await faultsOf(`${list('')}"${'x'.repeat(2 << 20)}`)).toMatchObject([
    { linje: 2, kode: 'stoerrelse' },
  ]);
});
