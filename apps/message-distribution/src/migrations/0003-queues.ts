import type { MigrationInterface, QueryRunner } from 'typeorm';
import { closeTo, forRoles } from './row-security';

/**
 * Queues at the broker: how far each has been emptied, as far as is known. The broker is no place to keep anything, so what
 * has been handed to it is kept here until its receiver has it, and handed to it again when it has lost it.
 */
export class Queues1300000000003 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table queue (
        owner int not null,
        mailbox uuid not null,
        -- Up to and with this position all is the receiver's, or is not to be.
        emptied bigint not null,
        declared_at timestamptz not null default clock_timestamp(),
        primary key (owner, mailbox)
      );
      create index delivery_handed on delivery (owner, mailbox, pos) where state = 'a';
      grant select, insert, update, delete on queue to stoette_app;
      grant select on queue to stoette_opslag;
      ${closeTo('queue')}
      create policy own_queue on queue to stoette_app using (owner = (select current_owner()))
        with check (owner = (select current_owner()));
      ${forRoles('queue')}
    `);
  }

  async down(): Promise<void> {
    throw new Error('What is recorded is not taken back');
  }
}
