import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the token service remembers between requests and shares between processes: logins, sessions, codes. None of it is a
 * municipality's. Assertions that have been used are in the table of used proofs.
 */
export class TokenService1100000000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table token_entry (
        kind text not null,
        id text not null,
        content json not null,
        grant_id text,
        uid text,
        until timestamptz not null,
        consumed timestamptz,
        primary key (kind, id)
      );
      create index token_entry_by_grant on token_entry (grant_id) where grant_id is not null;
      create index token_entry_by_uid on token_entry (kind, uid) where uid is not null;
      create index token_entry_by_time on token_entry (until);
      grant select, insert, update, delete on token_entry to stoette_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('What is recorded is not taken back');
  }
}
