import { Delegation } from './delegation';
import { Foederationsaftale } from './federation-agreement';
import { ItSystem, SYSTEM_TYPES } from './it-system';
import { Jobfunktionsrolle } from './job-function-role';
import { Dataafgraensningstype } from './restriction-type';
import { Service } from './service';
import { AGREEMENT_STATES, Serviceaftale } from './service-agreement';
import { Servicesystemrolle } from './service-system-role';
import { Brugersystemrolle } from './user-system-role';

export {
  AGREEMENT_STATES,
  Brugersystemrolle,
  Dataafgraensningstype,
  Delegation,
  Foederationsaftale,
  ItSystem,
  Jobfunktionsrolle,
  Service,
  Serviceaftale,
  Servicesystemrolle,
  SYSTEM_TYPES,
};
export const accessControlTypes = [
  ItSystem,
  Service,
  Servicesystemrolle,
  Brugersystemrolle,
  Dataafgraensningstype,
  Jobfunktionsrolle,
  Serviceaftale,
  Foederationsaftale,
  Delegation,
] as const;
