import { ensureRoles } from '@stoettesystemer/postgres';
import { DataSource, type MigrationInterface } from 'typeorm';
import { Foundation1000000000001 } from './migrations/0001-foundation';
import { ThePast1000000000002 } from './migrations/0002-the-past';
import { AuditChain1000000000003 } from './migrations/0003-audit-chain';
import { Publication1000000000004 } from './migrations/0004-publication';

export const migrations = [
  Foundation1000000000001,
  ThePast1000000000002,
  AuditChain1000000000003,
  Publication1000000000004,
];

/** Any number, the same in every process: who starts second waits for the first, and then finds nothing to do. */
const LOCK = 7_204_311_904;

/** A step from one schema to the next; the number at the end of its name is its place among all. */
export type Migration = new () => MigrationInterface;

/**
 * Brings a service's database to the present schema, as the login of `url`. Safe when several processes start at once.
 * @param more steps for tables that only this service has.
 */
export async function migrate(url: string, more: readonly Migration[] = []): Promise<void> {
  await ensureRoles(url);
  const source = new DataSource({
    type: 'postgres',
    url,
    migrations: [...migrations, ...more],
    migrationsTableName: 'migration',
  });
  await source.initialize();
  const runner = source.createQueryRunner();
  try {
    await runner.query(`set lock_timeout = 0`);
    await runner.query(`select pg_advisory_lock(${LOCK})`);
    await source.runMigrations({ transaction: 'each' });
  } finally {
    await runner.query(`select pg_advisory_unlock(${LOCK})`).catch(() => undefined);
    await runner.release();
    await source.destroy();
  }
}
