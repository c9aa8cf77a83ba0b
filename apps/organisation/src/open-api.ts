import type { Additions, Schema } from '@stoettesystemer/server';
import { deviationAdditions } from './deviation/open-api';
import { protectionAdditions } from './protection/open-api';
import { readsAdditions } from './reads/open-api';
import { reorganisationAdditions } from './reorganisation/open-api';
import { synchronisationAdditions } from './synchronisation/open-api';
import { unitsAdditions } from './units/open-api';

const all: readonly Additions[] = [
  deviationAdditions,
  protectionAdditions,
  readsAdditions,
  reorganisationAdditions,
  synchronisationAdditions,
  unitsAdditions,
];

/** What Organisation has beside the operations on its types. */
export const additions: Additions = {
  paths: Object.assign({}, ...all.map(({ paths }) => paths)) as Record<string, unknown>,
  schemas: Object.assign({}, ...all.map(({ schemas }) => schemas)) as Record<string, Schema>,
};
