import type { Additions, Schema } from '@stoettesystemer/server';

const all: readonly Additions[] = [];

/** What Beskedfordeler has beside the operations on its types. */
export const additions: Additions = {
  paths: Object.assign({}, ...all.map(({ paths }) => paths)) as Record<string, unknown>,
  schemas: Object.assign({}, ...all.map(({ schemas }) => schemas)) as Record<string, Schema>,
};
