import type { MigrationInterface, QueryRunner } from 'typeorm';
import { closeTo, forRoles } from './row-security';

/**
 * Whether the receivers that messages are pushed to have said that they want them: nobody is made to call others by
 * registering their address.
 */
export class Push1300000000004 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table push_receiver (
        owner int not null,
        mailbox uuid not null,
        -- Of the address that was asked (SHA-256): an address may hold a secret, and is registered elsewhere.
        address bytea not null,
        -- Number of the registration that it was seen in.
        registration int not null,
        -- v is asked (afventer); t has allowed it (tilladt); a has answered otherwise (afvist).
        state "char" not null default 'v' check (state in ('v', 't', 'a')),
        -- A word; null when nothing is wrong.
        reason text,
        attempts int not null default 0,
        tried_at timestamptz,
        -- When it is asked again; also, for whoever asks just now, until when nobody else does.
        next_at timestamptz not null default clock_timestamp(),
        primary key (owner, mailbox)
      );
      grant select, insert, update, delete on push_receiver to stoette_feed;
      grant select on push_receiver to stoette_app, stoette_opslag;
      ${closeTo('push_receiver')}
      create policy own_push_receiver on push_receiver for select to stoette_app
        using (owner = (select current_owner()));
      ${forRoles('push_receiver')}
    `);
  }

  async down(): Promise<void> {
    throw new Error('What is recorded is not taken back');
  }
}
