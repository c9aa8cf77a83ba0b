import type { Additions } from '@stoettesystemer/server';

export const protectionAdditions: Additions = {};
