import type { Additions } from '@stoettesystemer/server';

export const rolesAdditions: Additions = {};
