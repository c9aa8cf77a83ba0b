import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['mail', 'mail_reminder', 'municipality_mailbox'];
const MINE = 'owner = (select current_owner())';

/**
 * Notices by mail. What there is to write about is read from the service's own feed, one event a transaction, together
 * with how far it has been read; so each step is written about once, whatever stops in between.
 */
export class Mail1100000000002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table mail (
        owner int not null,
        id uuid not null default gen_random_uuid(),
        -- What the mail is about; there is one mail about each.
        key text not null,
        about uuid not null,
        -- An address; the municipality's own mailbox, wherever that is by then, when null.
        recipient text,
        subject text not null,
        body text not null,
        created_at timestamptz not null default clock_timestamp(),
        next_at timestamptz not null default clock_timestamp(),
        attempts int not null default 0,
        failure text,
        sent_at timestamptz,
        primary key (owner, id),
        unique (owner, key)
      );
      create index mail_due on mail (next_at) where sent_at is null;
      create table mail_reminder (
        owner int not null,
        agreement uuid not null,
        -- The registration that asked.
        number int not null,
        sent int not null default 0,
        next_at timestamptz not null,
        primary key (owner, agreement)
      );
      create index mail_reminder_due on mail_reminder (next_at);
      create table municipality_mailbox (owner int primary key, address text not null);
      create table mail_checkpoint (one boolean primary key default true check (one), position bigint not null);
      insert into mail_checkpoint (position) select last_pos from feed_state;

      grant select, insert, update on mail, municipality_mailbox to stoette_app;
      grant select, insert, update, delete on mail_reminder to stoette_app;
      grant select, update on mail_checkpoint to stoette_app;
      grant select on ${TABLES.join(', ')} to stoette_opslag;
      ${TABLES.map(
        (table) => `
          alter table ${table} enable row level security;
          alter table ${table} force row level security;
          create policy own_${table} on ${table} to stoette_app using (${MINE}) with check (${MINE});
          create policy lookup_${table} on ${table} for select to stoette_opslag using (true);`,
      ).join('')}

      -- Which municipalities there is something to do for; what it is, is theirs and read as them.
      create function mail_owners(only_due boolean) returns setof int
        language sql stable security definer set search_path = public, pg_temp as $$
        select distinct owner from mail
         where not only_due or sent_at is null and next_at <= clock_timestamp()
        union
        select distinct owner from mail_reminder where only_due and next_at <= clock_timestamp()
      $$;
      create function owners_with(types text[]) returns setof int
        language sql stable security definer set search_path = public, pg_temp as $$
        select distinct owner from object where type = any(types)
      $$;
      -- The agreements among the next events; \`reached\` is how far these go.
      create function agreement_events(after bigint, most int)
        returns table (reached bigint, pos bigint, owner int, object_id uuid, number int)
        language sql stable security definer set search_path = public, pg_temp as $$
        with next as (select * from feed f where f.pos + 0 > after order by f.pos + 0 limit most)
        select r.reached, a.pos, a.owner, a.object_id, a.number
          from (select max(next.pos) as reached from next) r
          left join next a on a.type = 'Serviceaftale'
         order by a.pos
      $$;
      grant create on schema public to stoette_opslag;
      ${['mail_owners(boolean)', 'owners_with(text[])', 'agreement_events(bigint, int)']
        .map(
          (name) => `
            alter function ${name} owner to stoette_opslag;
            revoke execute on function ${name} from public;
            grant execute on function ${name} to stoette_app;`,
        )
        .join('')}
      revoke create on schema public from stoette_opslag;
    `);
  }

  async down(): Promise<void> {
    throw new Error('What is recorded is not taken back');
  }
}
