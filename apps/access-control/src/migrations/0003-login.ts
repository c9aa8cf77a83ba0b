import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a login waits for: an IdP's answer, and the browser that brought it. Each step can be taken once, by whoever has
 * its key, of which only a hash is kept; it is gone when it is taken, and useless when its time is up.
 */
export class Login1100000000003 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table login_step (
        key bytea primary key,
        kind text not null,
        content jsonb not null,
        expires timestamptz not null
      );
      create index login_step_by_expiry on login_step (expires);
      grant select, insert, delete on login_step to stoette_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('What is recorded is not taken back');
  }
}
