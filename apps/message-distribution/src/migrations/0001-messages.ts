import type { MigrationInterface, QueryRunner } from 'typeorm';
import { closeTo, forRoles } from './row-security';

const MINE = 'owner = (select current_owner())';
/** One's own, what the common organisation tells everybody, and what one is named as a receiver of. */
const RECEIVED = `(select current_owner()) is not null and (${MINE}
  or (owner = 19435075 and recipients is null) or (select current_owner()) = any (recipients))`;

/**
 * Messages as they were taken in, and their positions. The envelope holds classification, and citizens by keyed reference;
 * the content may be anything, so it is sealed.
 */
export class Messages1300000000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table message (
        -- The municipality that it is from.
        owner int not null,
        number bigint generated always as identity (cache 1),
        source text not null,
        id text not null,
        -- The it-system that sent it.
        system uuid not null,
        -- Municipalities that may have it; null is the sender's own, and of a common message all.
        recipients int[],
        -- Hash of its subject: messages of one are kept in order.
        subject bigint not null,
        -- The event as JSON, without its content.
        envelope text not null,
        data bytea,
        received_at timestamptz not null default clock_timestamp(),
        primary key (owner, number),
        unique (owner, source, id)
      );
      create index message_by_time on message (received_at);

      create table message_outbox (
        -- First, so that its transaction has a number before the row takes one: the sequencer reckons with it.
        xact xid8 not null default pg_current_xact_id(),
        id bigint generated always as identity (cache 1) primary key,
        owner int not null,
        number bigint not null
      );
      alter table message_outbox set (autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_scale_factor = 0,
        autovacuum_vacuum_cost_delay = 0);
      create table message_feed (
        pos bigint not null,
        owner int not null,
        number bigint not null,
        placed_at timestamptz not null default clock_timestamp(),
        primary key (owner, pos)
      );
      create unique index message_feed_position on message_feed ((pos + 0));
      create index message_feed_by_time on message_feed (placed_at, pos);
      create table message_state (
        one boolean primary key default true check (one),
        epoch uuid not null default gen_random_uuid(),
        last_pos bigint not null default 0,
        first_pos bigint not null default 1,
        cluster text
      );
      insert into message_state default values;

      -- Where among all messages a moment is: nothing of any of them.
      create function messages_since(at timestamptz) returns bigint
        language sql stable security definer set search_path = public, pg_temp as $$
        select pos from message_feed where placed_at >= at order by placed_at, pos limit 1 $$;
      create function messages_before(at timestamptz) returns bigint
        language sql stable security definer set search_path = public, pg_temp as $$
        select pos from message_feed where placed_at < at order by placed_at desc, pos desc limit 1 $$;
      grant create on schema public to stoette_opslag;
      alter function messages_since owner to stoette_opslag;
      alter function messages_before owner to stoette_opslag;
      revoke create on schema public from stoette_opslag;
      revoke execute on function messages_since, messages_before from public;
      grant execute on function messages_since, messages_before to stoette_app;

      create trigger message_edited before update on message for each row execute function refuse_edit();
      create trigger message_feed_edited before update on message_feed for each row execute function refuse_edit();

      grant select, insert on message to stoette_app;
      grant insert on message_outbox to stoette_app;
      grant select on message_feed, message_state to stoette_app;
      grant select, delete on message, message_outbox to stoette_feed;
      grant select on sequence message_outbox_id_seq to stoette_feed;
      grant select, insert, delete on message_feed to stoette_feed;
      grant select, update on message_state to stoette_feed;
      grant select on message, message_feed, message_state to stoette_opslag;
      ${closeTo('message', 'message_outbox', 'message_feed')}
      create policy read_message on message for select to stoette_app using (${RECEIVED});
      create policy write_message on message for insert to stoette_app with check (${MINE});
      create policy write_message_outbox on message_outbox for insert to stoette_app with check (${MINE});
      create policy read_message_feed on message_feed for select to stoette_app using (${MINE});
      ${forRoles('message', 'message_outbox', 'message_feed')}
    `);
  }

  async down(): Promise<void> {
    throw new Error('What is recorded is not taken back');
  }
}
