import type { FacetItem, FacetItems } from '@stoettesystemer/engine';
import { parseInstant, type Period } from '@stoettesystemer/object';

export const periodOf = ({ virkning }: FacetItem): Period => ({
  from: parseInstant(virkning.fra)!,
  to: virkning.til ? parseInstant(virkning.til) : null,
});

/** The UUID that a relation's item points at; '' where it is a URN. */
export const targetOf = (item: FacetItem): string => (item['reference'] as { uuid?: string }).uuid ?? '';

/** All that a relation points at, at any time. */
export const targetsOf = (items: FacetItems, relation: string): string[] => [
  ...new Set((items[relation] ?? []).map(targetOf)),
];

/** The name that is held by whoever changes where the klasser of a facet stand. */
export const treeOf = (facet: string): string => `træ ${facet}`;
