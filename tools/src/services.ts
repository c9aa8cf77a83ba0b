import { accessControlTypes, classificationTypes } from '@stoettesystemer/model';
import type { Declaration } from '@stoettesystemer/object';

/** The types of each service, by its prefix. */
export const services: Readonly<Record<string, readonly Declaration[]>> = {
  adgangsstyring: accessControlTypes,
  klassifikation: classificationTypes,
};
