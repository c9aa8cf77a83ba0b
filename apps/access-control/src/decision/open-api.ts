import type { Additions } from '@stoettesystemer/server';

export const decisionAdditions: Additions = {};
