import type { Rule } from '@stoettesystemer/engine';

/** What holds of it-systems, roles, restriction types and delegations. */
export const roleRules: readonly Rule[] = [];
