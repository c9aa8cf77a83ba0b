import type { Change, Rule } from '@stoettesystemer/engine';
import { invalid, now, Refusal } from '@stoettesystemer/object';
import { holdingAt, newItems, periodOf, targetOf, textOf, textsOf } from '../periods';
import { useOf } from './in-use.rule';

const SYSTEMS = { identityProvider: 'IdentityProvider', brugervendtSystem: 'BrugervendtSystem' } as const;

export const isOutsideAuthority = (authorities: readonly string[], owner: string): boolean =>
  authorities.length > 0 && !authorities.includes(owner);
export const outsideAuthority = (): Refusal =>
  new Refusal(
    403,
    'myndighedsafgraensning',
    'It-systemets leverandør har afgrænset det til andre myndigheder end jeres.',
  );

/** An IdP is one, and its vendor lets this municipality use it; so of the one system that it may be for. */
export const federationAgreement: Rule = {
  types: ['Foederationsaftale'],
  facets: Object.keys(SYSTEMS),
  async check(change: Change) {
    if (change.action === 'passiver' || change.action === 'slet') return;
    for (const [facet, type] of Object.entries(SYSTEMS))
      for (const item of newItems(change, facet)) {
        const uuid = targetOf(item);
        if (uuid) await change.hold(useOf(uuid), 'shared');
        const system =
          uuid && (await change.look('ItSystem', uuid, ['systemtype', 'myndighedsafgraensning']));
        const { from } = periodOf(item);
        const at = from > now() ? from : now();
        if (!system || !holdingAt(system['systemtype'], at).some((each) => textOf(each, 'navn') === type))
          throw invalid('it_system', `/relationer/${facet}`, `Der er ikke et it-system af typen ${type}.`);
        const [authority] = holdingAt(system['myndighedsafgraensning'], at);
        if (isOutsideAuthority(textsOf(authority, 'cvr'), change.caller.owner)) throw outsideAuthority();
      }
  },
};
