import type { Additions } from '@stoettesystemer/server';

export const tokenServiceAdditions: Additions = {};
