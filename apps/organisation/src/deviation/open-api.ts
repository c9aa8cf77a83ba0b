import type { Additions } from '@stoettesystemer/server';

export const deviationAdditions: Additions = {};
