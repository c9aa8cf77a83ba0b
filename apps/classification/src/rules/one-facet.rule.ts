import type { Change, FacetItems, Rule } from '@stoettesystemer/engine';
import { invalid } from '@stoettesystemer/object';
import { targetsOf, treeOf } from './facet-item';

const facetsOf = (items: FacetItems): string[] => targetsOf(items, 'facet');

/** A klasse belongs to one facet all its life, and the facet is there to belong to (domain §5.2). */
export const oneFacet: Rule = {
  types: ['Klasse'],
  facets: ['facet'],
  async check({ action, before, after, look, hold }: Change) {
    if (action === 'passiver' || action === 'slet') return;
    const [facet = '', ...others] = facetsOf(after);
    if (others.length > 0 || facetsOf(before).some((former) => former !== facet))
      throw invalid('facet', '/relationer/facet', 'En klasse hører til samme facet hele sit liv.');
    if (action === 'ret') return;
    await hold(treeOf(facet), 'shared');
    if (!(await look('Facet', facet, [])))
      throw invalid('facet', '/relationer/facet', 'Facetten findes ikke.');
  },
};
