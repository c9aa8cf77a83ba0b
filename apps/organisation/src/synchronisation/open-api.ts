import type { Additions } from '@stoettesystemer/server';

export const synchronisationAdditions: Additions = {};
