import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TokenService1100000000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('select 1');
  }

  async down(): Promise<void> {
    throw new Error('What is recorded is not taken back');
  }
}
