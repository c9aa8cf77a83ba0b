import type { Change, FacetItems, Rule } from '@stoettesystemer/engine';
import { type Fault, Refusal } from '@stoettesystemer/object';
import { isOpenDelegation } from '../open-delegation';
import { textOf } from '../periods';

/** A type, and the searched field of it that may name what is to be removed. */
type Use = readonly [type: string, field: string];

const OF_UUID: Readonly<Record<string, readonly Use[]>> = {
  ItSystem: [
    ['Service', 'udbyder'],
    ['Brugersystemrolle', 'brugervendtSystem'],
    ['Serviceaftale', 'anvendersystem'],
    ['Foederationsaftale', 'identityProvider'],
    ['Foederationsaftale', 'brugervendtSystem'],
  ],
  Service: [
    ['Servicesystemrolle', 'service'],
    ['Brugersystemrolle', 'service'],
    ['Serviceaftale', 'service'],
  ],
  Servicesystemrolle: [
    ['Serviceaftale', 'rolle.servicesystemrolle'],
    ['Serviceaftale', 'anmodetRolle.servicesystemrolle'],
  ],
  Brugersystemrolle: [['Jobfunktionsrolle', 'rolle.brugersystemrolle']],
  Jobfunktionsrolle: [['Delegation', 'jobfunktionsrolle']],
};
const OF_ENTITY_ID: readonly Use[] = [
  ['Servicesystemrolle', 'dataafgraensning.dataafgraensningstype'],
  ['Brugersystemrolle', 'dataafgraensning.dataafgraensningstype'],
  ['Serviceaftale', 'afgraensning.dataafgraensningstype'],
  ['Jobfunktionsrolle', 'afgraensning.dataafgraensningstype'],
];

const entityIdsOf = (items: FacetItems): string[] => [
  ...new Set((items['egenskaber'] ?? []).flatMap((item) => textOf(item, 'entityId') ?? [])),
];
const MOST_SHOWN = 20;

/** The name that is held by whoever uses a thing, and alone by whoever removes it. */
export const useOf = (what: string): string => `brug af ${what}`;

/**
 * What others use is not removed, and the refusal says who they are. Of what other municipalities have made nothing is
 * known here: their roles show it by `gyldighed`.
 */
export const inUse: Rule = {
  types: [...Object.keys(OF_UUID), 'Dataafgraensningstype'],
  facets: ['egenskaber'],
  async check(change: Change) {
    const { type, action, uuid, before, find, hold } = change;
    if (action !== 'passiver' && action !== 'slet') return;
    const isType = type.name === 'Dataafgraensningstype';
    const fejl: Fault[] = [];
    for (const value of isType ? entityIdsOf(before) : [uuid]) {
      await hold(useOf(value), 'alone');
      for (const [by, field] of isType ? OF_ENTITY_ID : OF_UUID[type.name]!)
        for (const user of await find(by, field, value))
          if (by !== 'Delegation' || (await isOpenDelegation(change, user.uuid)))
            fejl.push({ sti: '', kode: 'i_brug', besked: `Bruges af ${by} ${user.uuid}.` });
    }
    if (fejl.length === 0) return;
    const detail = 'Andre bruger det. Fjern brugen først; fejl siger, hvor den er.';
    throw new Refusal(422, 'i_brug', detail, { fejl: fejl.slice(0, MOST_SHOWN) });
  },
};
