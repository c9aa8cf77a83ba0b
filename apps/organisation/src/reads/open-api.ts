import type { Additions } from '@stoettesystemer/server';

export const readsAdditions: Additions = {};
