import type { Declaration } from '@stoettesystemer/object';
import { accessControlTypes } from './access-control';
import { classificationTypes } from './classification';
import { Besked, messageDistributionTypes } from './message-distribution';
import { organisationTypes } from './organisation';

/** One of the støttesystemer, as its users know it. */
export interface ServiceOfOurs {
  readonly title: string;
  /** What data it has, in the words of the one who approves an agreement. */
  readonly doc: string;
  readonly types: readonly Declaration[];
  /** What rights can be to beside its objects, and is no registered object. */
  readonly passing?: readonly Declaration[];
}

/** By the first segment of their paths. */
export const SERVICES: Readonly<Record<string, ServiceOfOurs>> = {
  adgangsstyring: {
    title: 'Adgangsstyring',
    doc: 'It-systemer, serviceaftaler og roller: hvem der må hvad på kommunens vegne. Ingen oplysninger om borgere.',
    types: accessControlTypes,
  },
  klassifikation: {
    title: 'Klassifikation',
    doc: 'KLE og andre fælles begreber, som sager og dokumenter ordnes efter. Ingen oplysninger om borgere.',
    types: classificationTypes,
  },
  organisation: {
    title: 'Organisation',
    doc: 'Kommunens enheder, ansatte, funktioner og it-systemer. Navne og CPR-numre på ansatte, når aftalen giver dem.',
    types: organisationTypes,
  },
  beskedfordeler: {
    title: 'Beskedfordeler',
    doc: 'Beskeder om det, der er sket hos myndighederne, til de it-systemer, som må få dem. Afsendere kan have lagt oplysninger om borgere i.',
    types: messageDistributionTypes,
    passing: [Besked],
  },
};
