import type { Rule } from '@stoettesystemer/engine';

/** The workflow of service agreements, as rules that no way of writing gets round. */
export const agreementRules: readonly Rule[] = [];
