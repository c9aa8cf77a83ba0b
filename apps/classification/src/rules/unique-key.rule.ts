import type { Change, FacetItems, Rule } from '@stoettesystemer/engine';
import { invalid, period as p, type Period } from '@stoettesystemer/object';
import { periodOf, targetsOf } from './facet-item';

/** Periods in which the object has the key. */
const spans = (items: FacetItems, key: string): Period[] =>
  (items['egenskaber'] ?? []).filter((item) => item['brugervendtNoegle'] === key).map(periodOf);

/**
 * A brugervendtNoegle is one municipality's only one of its type at a time; a facet's within its klassifikation, a
 * klasse's within its facet (domain §5.5). What another municipality has is never looked at, so nothing of it shows.
 */
const uniqueKey = (type: string, within?: string): Rule => ({
  types: [type],
  facets: ['egenskaber', ...(within === undefined ? [] : [within])],
  async check({ action, after, before, caller, find, look }: Change) {
    if (action === 'passiver' || action === 'slet') return;
    const keys = new Set((after['egenskaber'] ?? []).map((item) => String(item['brugervendtNoegle'])));
    for (const key of keys) {
      const mine = spans(after, key);
      const isOld =
        spans(before, key).length === mine.length &&
        mine.every((a, at) => p.equals(a, spans(before, key)[at]!));
      if (isOld) continue;
      for (const other of await find(type, 'egenskaber.brugervendtNoegle', key)) {
        if (other.owner !== caller.owner) continue;
        const theirs = await look(type, other.uuid, this.facets);
        if (!theirs) continue;
        const isBeside =
          within !== undefined &&
          !targetsOf(theirs, within).some((target) => targetsOf(after, within).includes(target));
        if (isBeside || !spans(theirs, key).some((a) => mine.some((b) => p.overlaps(a, b)))) continue;
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
