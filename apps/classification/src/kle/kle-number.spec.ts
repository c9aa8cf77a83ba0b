import { depthOf, facetOf, niveauOf, parentOf } from './kle-number';

it.each([
  ['27', 'Hovedgruppe', null, 'Emne'],
  ['27.18', 'Gruppe', '27', 'Emne'],
  ['27.18.02', 'Emne', '27.18', 'Emne'],
  ['Ø', 'HandlingsfacetKategori', null, 'Handlingsfacet'],
  ['G01', 'Handlingsfacet', 'G', 'Handlingsfacet'],
] as const)('%s is a %s under %s', (nr, niveau, parent, facet) => {
  expect(niveauOf(nr)).toBe(niveau);
  expect(parentOf(nr)).toBe(parent);
  expect(facetOf(niveau)).toBe(facet);
  expect(depthOf(nr)).toBe(parent === null ? 0 : depthOf(parent) + 1);
});

it.each(['2', '270', '27.1', '27.18.2', '27.18.02.01', 'g01', 'G1', 'GG1', '', ' 27', '27.*'])(
  '%j is no number',
  (nr) => {
    expect(niveauOf(nr)).toBeUndefined();
  },
);
