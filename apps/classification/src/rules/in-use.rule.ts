import type { Change, Rule } from '@stoettesystemer/engine';
import { invalid } from '@stoettesystemer/object';
import { treeOf } from './facet-item';

/** What others belong to is not ended while they do. Of other municipalities nothing is known here. */
const inUse = (type: string, by: string, relation: string, besked: string): Rule => ({
  types: [type],
  facets: [],
  async check({ action, uuid, find, hold }: Change) {
    if (action !== 'passiver' && action !== 'slet') return;
    await hold(treeOf(uuid), 'alone');
    if ((await find(by, relation, uuid)).length > 0) throw invalid('i_brug', '', besked);
  },
});

export const inUseRules: readonly Rule[] = [
  inUse('Facet', 'Klasse', 'facet', 'Facetten har klasser. Slet eller passivér dem først.'),
  inUse(
    'Klassifikation',
    'Facet',
    'facetTilhoerer',
    'Klassifikationen har facetter. Flyt eller afslut dem først.',
  ),
];
