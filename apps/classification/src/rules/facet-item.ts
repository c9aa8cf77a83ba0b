import type { FacetItem, FacetItems } from '@stoettesystemer/engine';
import { keyOf, parseInstant, type Period, type Reference } from '@stoettesystemer/object';

export const periodOf = ({ virkning }: FacetItem): Period => ({
  from: parseInstant(virkning.fra)!,
  to: virkning.til ? parseInstant(virkning.til) : null,
});

/** The UUID or the URN that a relation's item points at. */
export const targetOf = (item: FacetItem): string => keyOf(item['reference'] as Reference);

/** All that a relation points at, at any time. */
export const targetsOf = (items: FacetItems, relation: string): string[] => [
  ...new Set((items[relation] ?? []).map(targetOf)),
];

/** The name that is held by whoever changes where the klasser of a facet stand. */
export const treeOf = (facet: string): string => `træ ${facet}`;
