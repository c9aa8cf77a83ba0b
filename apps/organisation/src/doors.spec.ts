import { organisationTypes } from '@stoettesystemer/model';
import type { Declaration } from '@stoettesystemer/object';
import { arbitraryObject, describeDoors } from '@stoettesystemer/testing';
import fc from 'fast-check';
import { besiegedOrganisation, PRIVILEGES } from './spec/besieged-organisation';
import { runningOrganisation } from './spec/running-organisation';
import { letBeTolerant } from './spec/tolerance';

/** What the type cannot do without. */
function leastOf(type: Declaration): object {
  const [body] = fc.sample(arbitraryObject(type), { seed: 4711, numRuns: 1 }) as [Record<string, object>];
  const required = Object.entries(type.attributes).flatMap(([name, group]) => (group.required ? [name] : []));
  const attributter = Object.entries(body['attributter']!).filter(([name]) => required.includes(name));
  return { attributter: Object.fromEntries(attributter) };
}
const why = { note: 'Prøve' };

describeDoors('Organisation', {
  document: besiegedOrganisation.document,
  start: async () => letBeTolerant(await runningOrganisation()),
  free: ['tilstand'],
  privileges: PRIVILEGES,
  objects: async (service) => {
    const made = async (type: Declaration): Promise<[string, string]> => {
      const path = `/organisation/v1/${type.path}`;
      const { status, text } = await service.send('POST', path, { body: leastOf(type) });
      if (status !== 201) throw new Error(`${path}: ${status} ${text}`);
      return [type.path, (JSON.parse(text) as { uuid: string }).uuid];
    };
    return Object.fromEntries(await Promise.all((organisationTypes as readonly Declaration[]).map(made)));
  },
  makers: ['indlaesKilde'],
  bodies: {
    anonymiserPerson: why,
    anonymiserBruger: why,
    anonymiserAdresse: why,
    fjernOrganisationEnhed: why,
    anvendOmorganisering: { grundlag: 'Et grundlag' },
  },
});
