import type { Additions } from '@stoettesystemer/server';

export const revocationAdditions: Additions = {};
