import type { Additions } from '@stoettesystemer/server';

export const loginAdditions: Additions = {};
