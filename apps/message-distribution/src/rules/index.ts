import type { Rule } from '@stoettesystemer/engine';

export const messageDistributionRules: readonly Rule[] = [];
