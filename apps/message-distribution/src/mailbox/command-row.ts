import type { KeyObject } from 'node:crypto';
import { auditRow } from '@stoettesystemer/access';
import type { Ask } from '@stoettesystemer/engine';
import type { Statement } from '@stoettesystemer/postgres';

/** The line of the security log for something that was done with messages of a dueslag, so many of them where that is known. */
export function commandRow(
  { caller, transaction, purpose }: Ask,
  { operation, uuid, count }: { readonly operation: string; readonly uuid: string; readonly count?: number },
  pseudonymKey: KeyObject,
): Statement {
  const what = { operation, type: 'Besked', objects: [uuid], ...(count === undefined ? {} : { count }) };
  return auditRow({ caller, transaction, purpose, ...what, allowed: true }, pseudonymKey);
}
