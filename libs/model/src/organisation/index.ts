import { Adresse } from './address';
import { Myndighed } from './authority';
import { Interessefaellesskab } from './community';
import { Virksomhed } from './company';
import { OrganisationFunktion } from './function';
import { OrganisationItSystem } from './it-system';
import { Organisation } from './organisation';
import { Person } from './person';
import { Omorganisering, REORGANISATION_STATES } from './reorganisation';
import { Regeltilstand } from './rule-mode';
import { Synkronisering } from './synchronisation';
import { OrganisationEnhed } from './unit';
import { Bruger } from './user';

export * from './vocabulary';
export {
  Adresse,
  Bruger,
  Interessefaellesskab,
  Myndighed,
  Omorganisering,
  Organisation,
  OrganisationEnhed,
  OrganisationFunktion,
  OrganisationItSystem,
  Person,
  Regeltilstand,
  REORGANISATION_STATES,
  Synkronisering,
  Virksomhed,
};
export const organisationTypes = [
  Organisation,
  OrganisationEnhed,
  OrganisationFunktion,
  Bruger,
  Person,
  Adresse,
  OrganisationItSystem,
  Interessefaellesskab,
  Myndighed,
  Virksomhed,
  Regeltilstand,
  Omorganisering,
  Synkronisering,
] as const;
