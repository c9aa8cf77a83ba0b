import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Reads as of a registration time cost what they show, not what lies between. Row-level security keeps `@>` away from the
 * index of facts (it is not leakproof), so a function of `stoette_opslag` asks it, and filters the owners by itself. What
 * is said in words is believed or not by its fact alone; a flag of its own was written at each change and read by nobody.
 */
export class ThePast1000000000002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create index registration_by_time on registration (owner, object_id, recorded_at);

      create function facts_at(of_owner int, of_object uuid, known timestamptz) returns setof fact
        language sql stable security definer rows 20 set search_path = public, pg_temp as $$
        select * from fact
         where owner = of_owner and object_id = of_object and recorded @> known
           and of_owner in (current_owner(), 19435075) and current_owner() is not null
      $$;
      grant create on schema public to stoette_opslag;
      alter function facts_at owner to stoette_opslag;
      revoke create on schema public from stoette_opslag;
      revoke execute on function facts_at from public;
      grant execute on function facts_at to stoette_app;

      revoke update (believed) on prose from stoette_app;
      alter table prose drop column believed;

      -- Events are lost to nobody's statement: only the sequencer takes them from the outbox, and retention from the feed.
      create function only_feed_role() returns trigger language plpgsql as $$
      begin
        if current_user <> 'stoette_feed' then
          raise exception 'only the role stoette_feed takes events away' using errcode = 'restrict_violation';
        end if;
        return old;
      end $$;
      create trigger outbox_deleted before delete on outbox for each row execute function only_feed_role();
      create trigger feed_deleted before delete on feed for each row execute function only_feed_role();
      create trigger outbox_emptied before truncate on outbox for each statement execute function refuse_edit();
    `);
  }

  async down(): Promise<void> {
    throw new Error('What is recorded is not taken back');
  }
}
