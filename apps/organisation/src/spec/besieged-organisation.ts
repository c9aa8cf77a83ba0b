import { openApi } from '@stoettesystemer/server';
import type { SiegeOptions } from '@stoettesystemer/testing';
import { additions } from '../open-api';
import { organisation } from '../organisation';
import { ANONYMISE, ERASE } from '../protection/protection.controller';
import { runningOrganisation } from './running-organisation';
import { letBeTolerant } from './tolerance';

const { prefix: service, types } = organisation;

/** Beside the rights to the types. */
export const PRIVILEGES = [ANONYMISE, ERASE];

/** Organisation as the generator of requests takes it; what it makes is no organisation, and may be written. */
export const besiegedOrganisation: Omit<SiegeOptions, 'requests'> = {
  document: openApi({ service, title: 'Organisation' }, types, additions),
  start: async () => {
    const running = await letBeTolerant(await runningOrganisation());
    return { ...running, token: () => running.tokenAs({}, { privileges: PRIVILEGES }) };
  },
  // What is the matter with a source is told of all of it.
  sets: ['indlaesKilde'],
};
