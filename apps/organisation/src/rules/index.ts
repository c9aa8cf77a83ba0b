import type { Rule } from '@stoettesystemer/engine';

export const organisationRules: readonly Rule[] = [];
