import type { MigrationInterface } from 'typeorm';

/** Which objects came from which directory. */
export class Synchronisation1200000000001 implements MigrationInterface {
  async up(): Promise<void> {}

  async down(): Promise<void> {}
}
