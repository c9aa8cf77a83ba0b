import type { MigrationInterface, QueryRunner } from 'typeorm';
import { closeTo, forRoles } from './row-security';

const TABLES = ['mailbox', 'delivery', 'lease', 'replay', 'list_value'];
const MINE = 'owner = (select current_owner())';

/**
 * What becomes of messages. A dueslag and its subscriptions are registered objects; here is what happens in them: one row
 * for each message that a dueslag is to have, in the order that it is to have them.
 */
export class Deliveries1300000000002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- How far the messages have been held against the subscriptions. Locked by whoever does it.
      create table matching (
        one boolean primary key default true check (one),
        position bigint not null default 0
      );
      insert into matching default values;

      -- Of a dueslag, what is no registration. The row is there from the first delivery on.
      create table mailbox (
        owner int not null,
        id uuid not null,
        -- Of its last delivery, and of the first that is kept.
        last_pos bigint not null default 0,
        first_pos bigint not null default 1,
        -- An alarm that has been raised and is not over.
        alarmed_at timestamptz,
        -- The registration of the dueslag when its receiver said that it wants no more (410), and what it said.
        refused_number int,
        refused_reason text,
        primary key (owner, id)
      );

      create table delivery (
        owner int not null,
        mailbox uuid not null,
        -- Dense in each dueslag.
        pos bigint not null,
        -- The message: whose it is, its number, and its position among all.
        sender int not null,
        message bigint not null,
        message_pos bigint not null,
        -- 0; the number of the replay that asked for it again.
        replay int not null default 0,
        subject bigint not null,
        -- w waits; a delivered (afleveret); t withheld (tilbageholdt); f dead (fejlet); k discarded (kasseret).
        state "char" not null default 'w' check (state in ('w', 'a', 't', 'f', 'k')),
        attempts smallint not null default 0,
        -- Not to be tried, and nothing later of its subject, before then.
        next_at timestamptz,
        -- Why it was not delivered: a word, or what the receiver said. Nothing of the message.
        reason text,
        created_at timestamptz not null default clock_timestamp(),
        settled_at timestamptz,
        primary key (owner, mailbox, pos)
      );
      -- Once in each dueslag. By the message first, for all that was made of it goes when it does; and so that nobody who
      -- looks for positions in a dueslag is led to this one, which begins as the key does not.
      create unique index delivery_once on delivery (message_pos, owner, mailbox, replay);
      create index delivery_open on delivery (owner, mailbox, pos) where state = 'w';
      create index delivery_dead on delivery (owner, mailbox, pos) where state = 'f';
      -- Rows change state once and are looked for by it: vacuumed by how many have, not by how many there are.
      alter table delivery set (autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_scale_factor = 0,
        autovacuum_vacuum_cost_delay = 0);

      -- What one consumer has of a dueslag until then. A subject that is in one is nobody else's.
      create table lease (
        owner int not null,
        mailbox uuid not null,
        id uuid not null default gen_random_uuid(),
        until timestamptz not null,
        positions bigint[] not null,
        subjects bigint[] not null,
        primary key (owner, mailbox, id)
      );

      -- Messages that a dueslag is to be given again: those of the positions up to and with the last, by the
      -- subscriptions as they are when it comes to them.
      create table replay (
        owner int not null,
        mailbox uuid not null,
        number int not null,
        reached bigint not null,
        last bigint not null,
        count bigint not null default 0,
        requested_at timestamptz not null default clock_timestamp(),
        done_at timestamptz,
        primary key (owner, mailbox, number)
      );
      create index replay_open on replay (requested_at) where done_at is null;

      create table list_value (
        owner int not null,
        list uuid not null,
        -- A citizen stands as a keyed reference, as in the events.
        value text collate "C" not null,
        primary key (owner, value, list)
      );
      create index list_value_by_list on list_value (owner, list, value);

      grant select on matching to stoette_app;
      grant select, update on matching to stoette_feed;
      grant select, insert, update on mailbox, replay to stoette_app, stoette_feed;
      grant select, update on delivery to stoette_app;
      grant select, insert, delete on delivery to stoette_feed;
      grant select, insert, delete on lease, list_value to stoette_app;
      grant update (until, positions, subjects) on lease to stoette_app;
      grant select, delete on list_value to stoette_feed;
      grant select, delete on lease, mailbox, replay to stoette_feed;
      grant select on ${TABLES.join(', ')}, matching to stoette_opslag;
      ${closeTo(...TABLES)}
      ${TABLES.map(
        (table) => `
          create policy own_${table} on ${table} to stoette_app using (${MINE}) with check (${MINE});`,
      ).join('')}
      ${forRoles(...TABLES)}
    `);
  }

  async down(): Promise<void> {
    throw new Error('What is recorded is not taken back');
  }
}
