import type { Change, FacetItems, Rule } from '@stoettesystemer/engine';
import { invalid } from '@stoettesystemer/object';
import { textOf } from '../periods';

const entityIdsOf = (items: FacetItems): Set<string> =>
  new Set((items['egenskaber'] ?? []).flatMap((item) => textOf(item, 'entityId') ?? []));

/**
 * An entityId names one thing among all of these types as long as that is there: what one system was called last year
 * must not be another's name in a token of last year. @param isMine whether only those of the caller's municipality count
 */
const uniqueEntityId = (types: readonly string[], isMine: boolean): Rule => ({
  types,
  facets: ['egenskaber'],
  async check({ action, before, after, caller, find }: Change) {
    if (action === 'passiver' || action === 'slet') return;
    const former = entityIdsOf(before);
    for (const entityId of entityIdsOf(after)) {
      // An import may bring back what was ended, and its name may be another's by now.
      if (action === 'ret' && former.has(entityId)) continue;
      for (const type of types) {
        const found = await find(type, 'egenskaber.entityId', entityId);
        if (!found.some(({ owner }) => !isMine || owner === caller.owner)) continue;
        const besked = `entityId er allerede i brug af en anden ${type}.`;
        throw invalid('entityid_optaget', '/attributter/egenskaber/0/entityId', besked);
      }
    }
  },
});

export const CATALOGUE = [
  'ItSystem',
  'Service',
  'Servicesystemrolle',
  'Brugersystemrolle',
  'Dataafgraensningstype',
] as const;

export const uniqueEntityIds: readonly Rule[] = [
  uniqueEntityId(CATALOGUE, false),
  uniqueEntityId(['Jobfunktionsrolle'], true),
];
