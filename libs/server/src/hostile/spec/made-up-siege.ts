import { Journal, Ting } from '@stoettesystemer/testing';
import type { SiegeOptions } from '@stoettesystemer/testing';
import { openApi } from '../../openapi/open-api';
import { besieged, PREFIX } from './besieged';

const types = [Ting, Journal];

/** The made-up types as the generator of requests takes them. */
export const madeUpSiege: Omit<SiegeOptions, 'requests'> = {
  document: openApi({ service: PREFIX, title: 'Proeve' }, types),
  start: () => besieged(types),
};
