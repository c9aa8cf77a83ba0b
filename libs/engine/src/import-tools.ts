import type { AuditEntry, Verb } from '@stoettesystemer/access';
import type { Declaration } from '@stoettesystemer/object';
import type { Database, Statement, Transaction } from '@stoettesystemer/postgres';
import type { Work } from './bulk-line';
import type { FactIds } from './fact-ids';
import type { RuleLocks } from './rule-locks';
import type { RuleSight } from './rule-sight';

/** What an import asks of the store it belongs to. */
export interface ImportTools {
  readonly database: Database;
  readonly audit: (entry: AuditEntry) => Statement;
  readonly ids: FactIds;
  readonly types: readonly Declaration[];
  sightIn(tx: Transaction, locks: RuleLocks): RuleSight;
  checkRules(sight: RuleSight, work: Work): Promise<void>;
  must(type: Declaration, verb: Verb): Promise<void>;
  /** Called after each import that was committed. */
  committed(written: number): Promise<void>;
}
