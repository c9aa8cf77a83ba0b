import type { Additions, Schema } from '@stoettesystemer/server';
import { mailboxAdditions } from './mailbox/open-api';
import { messageAdditions } from './message/open-api';
import { pushAdditions } from './push/open-api';
import { trialAdditions } from './trial/open-api';
import { upkeepAdditions } from './upkeep/open-api';
import { valueListAdditions } from './value-list/open-api';

const all: readonly Additions[] = [
  mailboxAdditions,
  messageAdditions,
  pushAdditions,
  trialAdditions,
  upkeepAdditions,
  valueListAdditions,
];

/** What Beskedfordeler has beside the operations on its types. */
export const additions: Additions = {
  paths: Object.assign({}, ...all.map(({ paths }) => paths)) as Record<string, unknown>,
  schemas: Object.assign({}, ...all.map(({ schemas }) => schemas)) as Record<string, Schema>,
};
