import type { Change, FacetItems, Rule } from '@stoettesystemer/engine';
import { invalid, period as p, type Period } from '@stoettesystemer/object';
import { periodOf, targetOf, targetsOf, treeOf } from './facet-item';

const STI = '/relationer/overordnetKlasse';

interface Placing {
  readonly parent: string;
  readonly period: Period;
}
const parentsOf = (items: FacetItems): Placing[] =>
  (items['overordnetKlasse'] ?? []).map((item) => ({ parent: targetOf(item), period: periodOf(item) }));
const facetOf = (items: FacetItems): string => targetsOf(items, 'facet')[0] ?? '';

/** The klasse above is one of the same facet, and going up one never comes back to where one began, at any time. */
export const parentKlasse: Rule = {
  types: ['Klasse'],
  facets: ['overordnetKlasse', 'facet'],
  async check({ action, uuid, before, after, look, find, hold }: Change) {
    const tree = treeOf(facetOf(after));
    if (action === 'passiver' || action === 'slet') {
      await hold(tree, 'alone');
      if ((await find('Klasse', 'overordnetKlasse', uuid)).length > 0)
        throw invalid(
          'har_underordnede',
          '',
          'Klassen har underordnede klasser. Flyt eller afslut dem først.',
        );
      return;
    }
    const former = new Set(parentsOf(before).map(({ parent, period }) => `${parent} ${p.toRange(period)}`));
    const isOld = ({ parent, period }: Placing) =>
      action === 'ret' && former.has(`${parent} ${p.toRange(period)}`);
    const placings = parentsOf(after).filter((placing) => !isOld(placing));
    // Nobody is under a new klasse, so it closes no circle, whoever moves others at the same time.
    if (placings.length > 0) await hold(tree, facetOf(before) === '' ? 'shared' : 'alone');
    for (const { parent, period } of placings) {
      if (parent === uuid) throw invalid('kreds', STI, 'En klasse kan ikke ligge under sig selv.');
      const above = await look('Klasse', parent, this.facets);
      if (!above) throw invalid('overordnet', STI, 'Den overordnede klasse findes ikke.');
      if (facetOf(above) !== facetOf(after))
        throw invalid('overordnet', STI, 'Den overordnede klasse hører til en anden facet.');
      await refuseCircle(uuid, above, period, look);
    }
  },
};

async function refuseCircle(
  uuid: string,
  from: FacetItems,
  period: Period,
  look: Change['look'],
): Promise<void> {
  for (const { parent, period: held } of parentsOf(from)) {
    const shared = p.intersection(period, held);
    if (!shared) continue;
    if (parent === uuid)
      throw invalid('kreds', STI, 'En klasse kan ikke ligge under en af sine egne underordnede.');
    const above = await look('Klasse', parent, ['overordnetKlasse']);
    if (above) await refuseCircle(uuid, above, shared, look);
  }
}
