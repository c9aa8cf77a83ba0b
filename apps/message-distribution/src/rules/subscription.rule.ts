import type { Change, FacetItem, Rule } from '@stoettesystemer/engine';
import { Abonnement, Dueslag, Vaerdiliste } from '@stoettesystemer/model';
import { invalid, type Reference } from '@stoettesystemer/object';
import { listsIn, parseFilters } from '../filter/parse-filters';

const uuidOf = (item: FacetItem | undefined): string | null => {
  const reference = item?.['reference'] as Reference | undefined;
  return reference && 'uuid' in reference ? reference.uuid.toLowerCase() : null;
};

/** Whether the object is there and is one of the systems' that the subscription is of. */
async function isOwn({ look, after }: Change, type: string, uuid: string): Promise<boolean> {
  const found = await look(type, uuid, ['anvendersystem']);
  const systems = (after['anvendersystem'] ?? []).map(uuidOf);
  return found?.['anvendersystem']?.some((item) => systems.includes(uuidOf(item))) ?? false;
}

/** Filters that can be understood, and a dueslag and lists that are there and are the same system's. */
export const subscriptionRule: Rule = {
  types: [Abonnement.name],
  facets: ['egenskaber', 'dueslag', 'anvendersystem'],
  async check(change) {
    const { action, after } = change;
    if (action === 'slet' || action === 'passiver') return;
    for (const [at, { filtre }] of (after['egenskaber'] ?? []).entries()) {
      const sti = `/attributter/egenskaber/${at}/filtre`;
      for (const list of listsIn(parseFilters(filtre ?? [], sti)))
        if (!(await isOwn(change, Vaerdiliste.name, list)))
          throw invalid('vaerdiliste', sti, 'Værdilisten findes ikke, eller den er et andet systems.');
    }
    for (const [at, item] of (after['dueslag'] ?? []).entries()) {
      const uuid = uuidOf(item);
      if (uuid === null || !(await isOwn(change, Dueslag.name, uuid)))
        throw invalid(
          'dueslag',
          `/relationer/dueslag/${at}/reference`,
          'Dueslaget findes ikke, eller det er et andet systems.',
        );
    }
  },
};
