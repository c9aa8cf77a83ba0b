import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Login1100000000003 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('select 1');
  }

  async down(): Promise<void> {
    throw new Error('What is recorded is not taken back');
  }
}
