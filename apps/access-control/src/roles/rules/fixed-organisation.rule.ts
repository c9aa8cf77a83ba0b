import type { Rule } from '@stoettesystemer/engine';
import { invalid } from '@stoettesystemer/object';
import { textOf } from '../periods';
import { CATALOGUE } from './unique-entity-id.rule';

/** What an organisation has registered is its own for good: restrictions and notices follow it. */
export const fixedOrganisation: Rule = {
  types: CATALOGUE,
  facets: ['egenskaber'],
  check({ action, before, after }) {
    if (action === 'passiver' || action === 'slet') return;
    const all = [...(before['egenskaber'] ?? []), ...(after['egenskaber'] ?? [])];
    if (new Set(all.map((item) => textOf(item, 'organisationCvr'))).size <= 1) return;
    const besked = 'organisationCvr kan ikke ændres. Registrér et nyt objekt hos den anden organisation.';
    throw invalid('organisation', '/attributter/egenskaber/0/organisationCvr', besked);
  },
};
