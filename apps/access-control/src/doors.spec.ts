import { randomUUID } from 'node:crypto';
import { describeDoors } from '@stoettesystemer/testing';
import { besiegedAccessControl, PRIVILEGES } from './spec/besieged-access-control';
import { runningAccessControl } from './spec/running-access-control';
import {
  catalogueIn,
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
} from './spec/town';

const named = (of: string) => ({ navn: 'En', entityId: `http://eksempel.dk/${of}`, organisationCvr: TOWN });

describeDoors('Adgangsstyring', {
  document: besiegedAccessControl.document,
  start: runningAccessControl,
  free: ['tilstand'],
  privileges: PRIVILEGES,
  objects: async (service) => {
    const town = new Town(service);
    const { userRole } = await catalogueIn(service);
    const post = (path: string, body: object) => made(town.post(path, body));
    const types = ['Anvendersystem', 'IdentityProvider'];
    const system = await post('it-systemer', systemBody({ types, egenskaber: { organisationCvr: TOWN } }));
    const role = await post('jobfunktionsroller', roleBody(userRole));
    return {
      'it-systemer': system,
      services: await post('services', { attributter: { egenskaber: held(named('service')) } }),
      servicesystemroller: await post('servicesystemroller', {
        attributter: { egenskaber: held(named('rolle')) },
        relationer: { service: pointing(system) },
      }),
      brugersystemroller: await post('brugersystemroller', userRoleBody(system)),
      dataafgraensningstyper: await post('dataafgraensningstyper', typeBody('urn:x:type', ['ja'])),
      jobfunktionsroller: role,
      serviceaftaler: await post('serviceaftaler', {
        attributter: {
          egenskaber: held({ navn: 'En', formaal: 'Et', aftaletype: 'Produktion', leverandoerCvr: TOWN }),
        },
        tilstande: { status: held({ vaerdi: 'Kladde' }) },
        relationer: { anvendersystem: pointing(system) },
      }),
      foederationsaftaler: await post('foederationsaftaler', {
        attributter: { egenskaber: held({ navn: 'En' }) },
        tilstande: { status: held({ vaerdi: 'Aktiv' }) },
        relationer: { identityProvider: pointing(system) },
      }),
      delegationer: await post('delegationer', delegationBody(role, OTHER_TOWN)),
    };
  },
  bodies: {
    afvisAftale: { note: 'Nej' },
    bedOmNyVersion: { rolle: [{ id: 'r', servicesystemrolle: randomUUID() }] },
    ophaevAftale: { note: 'Nej' },
  },
});
