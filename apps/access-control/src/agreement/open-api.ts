import type { Additions } from '@stoettesystemer/server';

export const agreementAdditions: Additions = {};
