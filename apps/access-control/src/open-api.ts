import type { Additions, Schema } from '@stoettesystemer/server';
import { agreementAdditions } from './agreement/open-api';
import { decisionAdditions } from './decision/open-api';
import { loginAdditions } from './login/open-api';
import { revocationAdditions } from './revocation/open-api';
import { rolesAdditions } from './roles/open-api';
import { tokenServiceAdditions } from './token-service/open-api';

const all: readonly Additions[] = [
  agreementAdditions,
  decisionAdditions,
  loginAdditions,
  revocationAdditions,
  rolesAdditions,
  tokenServiceAdditions,
];

/** What Adgangsstyring has beside the operations on its types. */
export const additions: Additions = {
  paths: Object.assign({}, ...all.map(({ paths }) => paths)) as Record<string, unknown>,
  schemas: Object.assign({}, ...all.map(({ schemas }) => schemas)) as Record<string, Schema>,
};
