import type { Change, FacetItems, Rule } from '@stoettesystemer/engine';
import { invalid, period as p, type Period } from '@stoettesystemer/object';
import { periodOf, targetsOf } from './facet-item';

/** Periods in which the object has the key. */
const spans = (items: FacetItems, key: string): Period[] =>
  (items['egenskaber'] ?? []).filter((item) => item['brugervendtNoegle'] === key).map(periodOf);

/** Two of the same place: one that they share, or none for both. */
const isSamePlace = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === 0 ? b.length === 0 : a.some((target) => b.includes(target));

/**
 * A brugervendtNoegle is one municipality's only one of its type at a time; a facet's within its klassifikation, a
 * klasse's within its facet (domain §5.5). What another municipality has is never looked at, so nothing of it shows.
 */
const uniqueKey = (type: string, within?: string): Rule => ({
  types: [type],
  facets: ['egenskaber', ...(within === undefined ? [] : [within])],
  async check({ action, after, before, caller, find, look }: Change) {
    if (action === 'passiver' || action === 'slet') return;
    const place = (items: FacetItems) => (within === undefined ? [] : targetsOf(items, within));
    const isMoved = place(before).join() !== place(after).join();
    const keys = new Set((after['egenskaber'] ?? []).map((item) => String(item['brugervendtNoegle'])));
    for (const key of keys) {
      const mine = spans(after, key);
      const former = spans(before, key);
      const isOld = former.length === mine.length && mine.every((a, at) => p.equals(a, former[at]!));
      // An import may revive what was ended, and its key may be another's by now.
      if (action === 'ret' && isOld && !isMoved) continue;
      for (const other of await find(type, 'egenskaber.brugervendtNoegle', key)) {
        if (other.owner !== caller.owner) continue;
        const theirs = await look(type, other.uuid, this.facets);
        if (!theirs || !isSamePlace(place(theirs), place(after))) continue;
        if (!spans(theirs, key).some((a) => mine.some((b) => p.overlaps(a, b)))) continue;
        throw invalid(
          'noegle_optaget',
          '/attributter/egenskaber',
          'Den brugervendte nøgle er allerede i brug i samme periode.',
        );
      }
    }
  },
});

export const uniqueKeys: readonly Rule[] = [
  uniqueKey('Klassifikation'),
  uniqueKey('Facet', 'facetTilhoerer'),
  uniqueKey('Klasse', 'facet'),
];
