import type { Additions } from '@stoettesystemer/server';

export const reorganisationAdditions: Additions = {};
