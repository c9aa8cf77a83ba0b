import { formatInstant } from '@stoettesystemer/object';
import type { Piece } from './piece';
import type { FacetItem, FacetItems } from './rule';

const itemOf = ({ period, about, value }: Piece): FacetItem => ({
  virkning: {
    fra: formatInstant(period.from),
    til: period.to === null ? null : formatInstant(period.to),
    ...(about === null ? {} : (JSON.parse(about) as object)),
  },
  ...(JSON.parse(value) as object),
});

/** Pieces as the wire has them, for rules: a list for each facet asked for, in order of time. */
export function facetItems(pieces: readonly Piece[], facets: readonly string[]): FacetItems {
  const sorted = [...pieces].sort((a, b) => (a.period.from < b.period.from ? -1 : 1));
  return Object.fromEntries(
    facets.map((facet) => [facet, sorted.filter((piece) => piece.facet === facet).map(itemOf)]),
  );
}
