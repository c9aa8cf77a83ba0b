import type { Rule } from '@stoettesystemer/engine';
import { approval } from './rules/approval.rule';
import { delegation } from './rules/delegation.rule';
import { federationAgreement } from './rules/federation-agreement.rule';
import { fixedOrganisation } from './rules/fixed-organisation.rule';
import { inUse } from './rules/in-use.rule';
import { itSystem } from './rules/it-system.rule';
import { jobFunctionRole } from './rules/job-function-role.rule';
import { systemKey } from './rules/key.rule';
import { restrictionType } from './rules/restriction-type.rule';
import { uniqueEntityIds } from './rules/unique-entity-id.rule';

/** What holds of it-systems, roles, restriction types and delegations. */
export const roleRules: readonly Rule[] = [
  itSystem,
  systemKey,
  restrictionType,
  fixedOrganisation,
  ...uniqueEntityIds,
  jobFunctionRole,
  approval,
  delegation,
  federationAgreement,
  inUse,
];
