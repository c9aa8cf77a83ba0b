import type { Change, FacetItem, FacetItems, Rule } from '@stoettesystemer/engine';
import { invalid, period as p, type Period } from '@stoettesystemer/object';
import { isSafeAddress } from '../address';
import { metadataFault } from '../metadata';
import { newItems, periodOf, textOf, textsOf } from '../periods';

/** Groups that only one type of system has. */
const OF_TYPE = {
  callback: 'Anvendersystem',
  brugervendt: 'BrugervendtSystem',
  identityProvider: 'IdentityProvider',
} as const;

const refused = (kode: string, facet: string, besked: string) =>
  invalid(kode, `/attributter/${facet}`, besked);

const periodsAs = (items: FacetItems, type: string): Period[] =>
  (items['systemtype'] ?? []).filter((item) => textOf(item, 'navn') === type).map(periodOf);
const minus = (period: Period, others: readonly Period[]): Period[] =>
  others.reduce((left, other) => left.flatMap((each) => p.minus(each, other)), [period]);

/** A vendor's system: terms, types that stay, and what belongs to each type (administration §3.1). */
export const itSystem: Rule = {
  types: ['ItSystem'],
  facets: ['egenskaber', 'systemtype', ...Object.keys(OF_TYPE)],
  check(change: Change) {
    const { action, before, after } = change;
    if (action === 'passiver' || action === 'slet') return;
    if (newItems(change, 'egenskaber').some((item) => item['vilkaarAccepteret'] !== true))
      throw refused('vilkaar', 'egenskaber', 'Vilkårene for tilslutning skal være accepteret.');
    for (const item of before['systemtype'] ?? []) {
      const type = textOf(item, 'navn')!;
      if (minus(periodOf(item), periodsAs(after, type)).length > 0)
        throw refused('systemtype', 'systemtype', `Typen ${type} kan ikke tages bort, når den er gemt.`);
    }
    for (const [facet, type] of Object.entries(OF_TYPE))
      for (const item of newItems(change, facet))
        if (minus(periodOf(item), periodsAs(after, type)).length > 0)
          throw refused('systemtype', facet, `Kun et system af typen ${type} har ${facet}.`);
    newItems(change, 'brugervendt').forEach(checkFacing);
    newItems(change, 'identityProvider').forEach(checkProvider);
  },
};

function checkFacing(item: FacetItem): void {
  const [unsafe] = textsOf(item, 'omdirigering').filter((address) => !isSafeAddress(address));
  if (unsafe !== undefined)
    throw refused('adresse', 'brugervendt', `Adressen skal være https uden fragment: ${unsafe}`);
  checkMetadata('brugervendt', item);
}

function checkProvider(item: FacetItem): void {
  const issuer = textOf(item, 'udsteder');
  if (issuer !== null && !isSafeAddress(issuer))
    throw refused('adresse', 'identityProvider', 'Udstederens adresse skal være https.');
  checkMetadata('identityProvider', item);
}

function checkMetadata(facet: string, item: FacetItem): void {
  const metadata = textOf(item, 'metadata');
  const fault = metadata === null ? null : metadataFault(metadata);
  if (fault !== null) throw refused('metadata', facet, fault);
}
