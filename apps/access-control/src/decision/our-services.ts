import { audienceOf } from '@stoettesystemer/access';
import { SERVICES } from '@stoettesystemer/model';

/** A prefix stands for the entityId of the service of ours that has it. */
export const entityIdOf = (service: string): string =>
  Object.hasOwn(SERVICES, service) ? audienceOf(service) : service;
