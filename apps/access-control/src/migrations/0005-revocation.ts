import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What has been taken back follows from what was registered lately; only what is taken back by hand is written down. The
 * function sees the changes of all municipalities, and gives of each no more than which object it was of and whether
 * anybody could lose by it.
 */
export class Revocation1100000000005 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table revoked_token (
        id bigint generated always as identity primary key,
        at timestamptz not null default clock_timestamp(),
        kind text not null check (kind in ('client_id', 'sub', 'agr', 'jti')),
        value text not null,
        -- Only tokens for this municipality; null: for all.
        cvr int,
        -- Only tokens issued by then; null: all.
        before timestamptz,
        until timestamptz not null,
        reason text not null,
        system uuid not null,
        subject text not null
      );
      create index revoked_token_by_end on revoked_token (until);
      grant select, insert on revoked_token to stoette_app;
      create trigger revoked_token_edited before update or delete on revoked_token
        for each row execute function refuse_edit();

      create index feed_by_time on feed (placed_at);
      create index fact_identity_provider on fact ((value->'reference'->>'uuid'))
        where section = 'r' and facet = 'identityProvider';
      create index fact_delegated_to on fact ((value->>'modtagerCvr'))
        where section = 'a' and facet = 'egenskaber' and value->>'modtagerCvr' is not null;

      -- Municipalities for which the users of others may have rights, when those are the others.
      create function delegators_to(homes int[]) returns setof int
        language sql stable security definer set search_path = public, pg_temp as $$
        select distinct owner from fact
         where section = 'a' and facet = 'egenskaber' and value->>'modtagerCvr' is not null
           and value->>'modtagerCvr' = any (select lpad(home::text, 8, '0') from unnest(homes) home)
      $$;

      -- Changes of the last seconds beyond a position. Before: just before the change was registered.
      create function lately_changed(seconds int, after bigint) returns table (
        place timestamptz, owner int, type text, object_id uuid, action text, changed text[],
        -- Facets of which something that was believed no longer is.
        ended text[],
        -- Whether its state was one in which tokens rest on it, at any time that matters to those still in use.
        was_active boolean,
        -- Municipalities whose users log in by it, and those that have delegated roles to them.
        municipalities int[])
        language sql stable security definer set search_path = public, pg_temp as $$
        with recent as materialized (
          select f.* from feed f
           where f.placed_at > now() - make_interval(secs => seconds) and f.number > 1 and f.pos > after
        ), known as (
          select r.pos, coalesce(array_agg(distinct b.facet) filter (where upper(b.recorded) = r.recorded_at), '{}') as ended,
                 coalesce(bool_or(b.section = 't' and b.facet = 'status'
                   and b.value->>'vaerdi' in ('Aktiv', 'Accepteret')
                   and b.valid && tstzrange(r.placed_at - make_interval(secs => seconds), r.placed_at, '[]')), false)
                   as was_active,
                 coalesce(bool_or(b.section = 'a' and b.facet = 'identityProvider'), false) as is_provider
            from recent r
            left join fact b on b.owner = r.owner and b.object_id = r.object_id
             and b.recorded @> r.recorded_at - interval '1 microsecond'
           group by r.pos
        ), placed as materialized (
          select r.*, k.ended, k.was_active,
                 case when r.type = 'Foederationsaftale' then array[r.owner]
                      when k.is_provider then
                        array(select distinct f.owner from fact f where f.section = 'r' and f.facet = 'identityProvider'
                                 and f.value->'reference'->>'uuid' = r.object_id::text)
                 end as homes
            from recent r join known k on k.pos = r.pos
        )
        select placed_at, p.owner, p.type, p.object_id, p.action, p.changed, p.ended, p.was_active,
               case when homes is null then '{}'
                    else array(select unnest(homes) union select delegators_to(homes)) end
          from placed p
      $$;

      grant create on schema public to stoette_opslag;
      alter function delegators_to owner to stoette_opslag;
      alter function lately_changed owner to stoette_opslag;
      revoke create on schema public from stoette_opslag;
      revoke execute on function delegators_to, lately_changed from public;
      grant execute on function lately_changed to stoette_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('What is recorded is not taken back');
  }
}
