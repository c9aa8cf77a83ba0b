import { Injectable } from '@nestjs/common';
import { auditRow } from '@stoettesystemer/access';
import { type Ask, ObjectStore } from '@stoettesystemer/engine';
import { type Declaration, isPersonal } from '@stoettesystemer/object';
import { Database } from '@stoettesystemer/postgres';

/** Objects of one type that are about to be shown. */
export interface Shown {
  readonly type: Declaration;
  readonly uuids: readonly string[];
  /** Left out for what is not there, or not the caller's to see. */
  readonly allowed?: false;
}

/** Logs what is shown of objects without a read of them: before it is shown, or it is not (O1). */
@Injectable()
export class Disclosure {
  constructor(
    private readonly database: Database,
    private readonly store: ObjectStore,
  ) {}

  async log(ask: Ask, operation: string, shown: readonly Shown[], criteria?: unknown): Promise<void> {
    const { caller, transaction, purpose } = ask;
    const rows = shown
      .filter(({ type }) => isPersonal(type))
      .map(({ type, uuids, allowed = true }) =>
        auditRow(
          {
            caller,
            transaction,
            operation,
            type: type.name,
            objects: uuids,
            criteria,
            purpose: purpose ?? null,
            ...(allowed ? { allowed, count: uuids.length } : { allowed, rule: 'findes_ikke' }),
          },
          this.store.options.pseudonymKey,
        ),
      );
    if (rows.length > 0) await this.database.batch({ owner: caller.owner }, rows);
  }
}
