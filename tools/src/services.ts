import { SERVICES } from '@stoettesystemer/model';
import type { Declaration } from '@stoettesystemer/object';

/** The types of each service, by its prefix. */
export const services: Readonly<Record<string, readonly Declaration[]>> = Object.fromEntries(
  Object.entries(SERVICES).map(([prefix, { types }]) => [prefix, types]),
);
