import { randomUUID } from 'node:crypto';
import { openApi } from '@stoettesystemer/server';
import type { RunningService, SiegeOptions } from '@stoettesystemer/testing';
import { accessControl } from '../access-control';
import { additions } from '../open-api';
import { tokenServiceAdditions } from '../token-service/open-api';
import { runningAccessControl } from './running-access-control';
import {
  catalogueIn,
  COMMON,
  type Content,
  delegationBody,
  held,
  made,
  OTHER_TOWN,
  pointing,
  roleBody,
  systemBody,
  Town,
  TOWN,
  typeBody,
  userRoleBody,
  vendorIn,
} from './town';

const { prefix: service, types } = accessControl;
export const PRIVILEGES = ['anmod', 'godkend', 'godkend-rolle', 'tilbagekald', 'forklar', 'afgoer'].map(
  (name) => `${service}:${name}`,
);

let running: RunningService | undefined;
let known: Promise<Awaited<ReturnType<typeof foundIn>>> | undefined;

/** Things to point at. */
async function foundIn(target: RunningService) {
  const vendor = vendorIn(target);
  const catalogue = await catalogueIn(target);
  const both = ['IdentityProvider', 'Anvendersystem'];
  const system = await made(vendor.post('it-systemer', systemBody({ types: both })));
  const role = await made(new Town(target).post('jobfunktionsroller', roleBody(catalogue.userRole)));
  return { ...catalogue, other: system, role };
}

const named = () => ({
  navn: 'En',
  entityId: `http://eksempel.dk/${randomUUID()}`,
  organisationCvr: COMMON,
});
/** Of each type a body that its rules take. */
const BODIES: Readonly<Record<string, (found: Awaited<ReturnType<typeof foundIn>>) => object>> = {
  opretItSystem: () => systemBody(),
  opretService: (): Content => ({ attributter: { egenskaber: held(named()) } }),
  opretServicesystemrolle: (): Content => ({
    attributter: { egenskaber: held(named()) },
    relationer: { service: pointing(randomUUID()) },
  }),
  opretBrugersystemrolle: ({ system }) => userRoleBody(system),
  opretDataafgraensningstype: () => typeBody(`urn:x:${randomUUID()}`, ['ja']),
  opretJobfunktionsrolle: ({ userRole }) => roleBody(userRole),
  opretServiceaftale: ({ other }): Content => ({
    attributter: {
      egenskaber: held({ navn: 'En', formaal: 'Et', aftaletype: 'Produktion', leverandoerCvr: COMMON }),
    },
    tilstande: { status: held({ vaerdi: 'Kladde' }) },
    relationer: { anvendersystem: pointing(other) },
  }),
  opretFoederationsaftale: ({ other }): Content => ({
    attributter: { egenskaber: held({ navn: 'En' }) },
    tilstande: { status: held({ vaerdi: 'Aktiv' }) },
    relationer: { identityProvider: pointing(other) },
  }),
  opretDelegation: ({ role }) => delegationBody(role, OTHER_TOWN),
  tilbagekald: () => ({ agr: randomUUID(), aarsag: 'Prøve' }),
  opretXapiJobfunktionsrolle: ({ userRole }) => ({
    ...named(),
    organisationCvr: TOWN,
    brugersystemrolleDataafgraensninger: [{ brugersystemrolleUuid: userRole }],
  }),
};

/** OAuth's own addresses answer as its standards say, in other words than ours. */
const { paths = {} } = tokenServiceAdditions;
const ours = Object.entries(additions.paths ?? {}).filter(([path]) => !Object.hasOwn(paths, path));

/** Adgangsstyring as the generator of requests takes it. */
export const besiegedAccessControl: Omit<SiegeOptions, 'requests'> = {
  document: openApi({ service, title: 'Adgangsstyring' }, types, {
    ...additions,
    paths: Object.fromEntries(ours),
  }),
  start: async () => {
    running = await runningAccessControl();
    known = foundIn(running);
    await known;
    return running;
  },
  prepare: async (_, operation, body) => {
    const make = BODIES[operation];
    return make ? make(await known!) : body;
  },
  // Whoever delivers for all municipalities asks about any of them.
  tokenFor: (_, operation) =>
    running!.tokenAs(operation === 'afgoerAdgang' ? { system: 'demo-faelles', cvr: COMMON } : {}, {
      privileges: PRIVILEGES,
    }),
  denials: ['myndighed', 'myndighedsafgraensning', 'modtager', 'fire_oejne', 'delegeret'],
};
