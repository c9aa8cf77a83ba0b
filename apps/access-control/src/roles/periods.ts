import type { FacetItem, FacetItems } from '@stoettesystemer/engine';
import {
  type Instant,
  isUuid,
  keyOf,
  parseInstant,
  period as p,
  type Period,
  type Reference,
} from '@stoettesystemer/object';

export const periodOf = ({ virkning }: FacetItem): Period => ({
  from: parseInstant(virkning.fra)!,
  to: virkning.til ? parseInstant(virkning.til) : null,
});

export const textOf = (item: FacetItem | undefined, member: string): string | null => {
  const value = item?.[member];
  return typeof value === 'string' ? value : null;
};
export const textsOf = (item: FacetItem | undefined, member: string): readonly string[] => {
  const value = item?.[member];
  return Array.isArray(value) ? (value as string[]) : [];
};

/** The UUID that a relation's item points at; null where it is a URN. */
export const targetOf = (item: FacetItem): string | null => {
  const key = keyOf(item['reference'] as Reference);
  return isUuid(key) ? key : null;
};

export const holdingAt = (items: readonly FacetItem[] | undefined, at: Instant): readonly FacetItem[] =>
  (items ?? []).filter((item) => p.contains(periodOf(item), at));

/** What an item says, whenever it holds. */
export const contentOf = ({ virkning: _, ...members }: FacetItem): string =>
  JSON.stringify(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)));

const covers = (outer: Period, inner: Period): boolean => p.minus(inner, outer).length === 0;

/** Items that say what was not said before, or for longer: all of them where an import may bring back what was ended. */
export function newItems(
  { action, before, after }: { action: string; before: FacetItems; after: FacetItems },
  facet: string,
): readonly FacetItem[] {
  const all = after[facet] ?? [];
  if (action === 'importer') return all;
  const isOld = (item: FacetItem) =>
    (before[facet] ?? []).some(
      (former) => contentOf(former) === contentOf(item) && covers(periodOf(former), periodOf(item)),
    );
  return all.filter((item) => !isOld(item));
}

/** The times at which anything that the facets hold begins or ends, in order: between two of them nothing changes. */
export function edgesOf(...all: readonly FacetItems[]): Instant[] {
  const edges = new Set<Instant>();
  for (const item of all.flatMap((facets) => Object.values(facets).flat())) {
    const { from, to } = periodOf(item);
    edges.add(from);
    if (to !== null) edges.add(to);
  }
  return [...edges].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** What the facets hold at a moment. */
export const sliceAt = (facets: FacetItems, at: Instant): FacetItems =>
  Object.fromEntries(Object.entries(facets).map(([facet, items]) => [facet, holdingAt(items, at)]));

/** Whether two slices say the same in a facet. */
export const isSame = (a: FacetItems, b: FacetItems, facets: readonly string[]): boolean =>
  facets.every((facet) => {
    const [said, other] = [a, b].map((slice) => (slice[facet] ?? []).map(contentOf).sort().join('\n'));
    return said === other;
  });
