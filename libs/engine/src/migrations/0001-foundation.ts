import { dpopSchema } from '@stoettesystemer/access';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TENANT_TABLES = [
  'object',
  'registration',
  'fact',
  'term',
  'prose',
  'outbox',
  'feed',
  'audit',
  'idempotency',
];

/**
 * Owner leads every key and index (law 6). The app's role may neither edit nor delete what is recorded; only the role
 * `stoette_sletning` deletes, only `stoette_feed` moves the events of all owners, and `stoette_opslag` sees everything and
 * changes nothing: the revisor takes it on, and it owns the few functions that need operators which row-level security
 * would otherwise keep away from the indexes (they are not leakproof).
 */
export class Foundation1000000000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create extension if not exists btree_gist;
      create extension if not exists pg_trgm;

      create function current_owner() returns int stable parallel safe language sql as
        $$ select nullif(current_setting('app.cvr', true), '')::int $$;
      create function instant(at timestamptz) returns text stable strict parallel safe language sql as
        $$ select rtrim(rtrim(to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || 'Z' $$;
      create function micros(at timestamptz) returns bigint stable strict parallel safe language sql as
        $$ select (extract(epoch from at) * 1000000)::bigint $$;
      create function virkning(valid tstzrange, about json) returns text stable parallel safe language sql as
        $$ select '{"fra":"' || instant(lower(valid)) || '","til":' || coalesce('"' || instant(upper(valid)) || '"', 'null')
             || coalesce(',' || substr(about::text, 2), '}') $$;
      -- An object's data restrictions at one moment; one empty entry where it has none, which only '*' matches (A7).
      create function scopes_at(scopes jsonb, at bigint) returns setof jsonb immutable parallel safe language sql as
        $$ select s from jsonb_array_elements(scopes) s
            where (s->>'fra')::bigint <= at and coalesce((s->>'til')::bigint > at, true)
           union all
           select '{}' where not exists (select from jsonb_array_elements(scopes) s
            where (s->>'fra')::bigint <= at and coalesce((s->>'til')::bigint > at, true)) $$;
      -- The slot as one integer: a third of the index that the two texts would take.
      create function slot_key(facet text, slot text) returns bigint immutable strict parallel safe language sql as
        $$ select hashtextextended(facet || chr(31) || slot, 0) $$;

      create table object (
        owner int not null,
        id uuid not null,
        type text not null,
        number int not null,
        lifecycle text not null,
        created_at timestamptz not null,
        recorded_at timestamptz not null,
        source_time timestamptz,
        scopes jsonb not null default '[]',
        primary key (owner, id)
      );
      create index object_by_time on object (owner, type, recorded_at, id);

      create table registration (
        owner int not null,
        object_id uuid not null,
        number int not null,
        id uuid not null,
        recorded_at timestamptz not null,
        lifecycle text not null,
        actor json,
        note text,
        source_time timestamptz,
        primary key (owner, object_id, number),
        foreign key (owner, object_id) references object
      );

      -- Each process draws blocks of a thousand fact ids, so that it knows them before it writes.
      create sequence fact_block;
      create table fact (
        id bigint not null,
        owner int not null,
        object_id uuid not null,
        section "char" not null,
        facet text not null,
        slot text not null,
        key bigint not null generated always as (slot_key(facet, slot)) stored,
        value json not null,
        about json,
        valid tstzrange not null,
        recorded tstzrange not null,
        number int not null,
        primary key (owner, id),
        constraint fact_valid check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)
          and not lower_inf(valid) and isfinite(lower(valid)) and upper(valid) is distinct from 'infinity'),
        constraint fact_recorded check (not isempty(recorded) and lower_inc(recorded) and not upper_inc(recorded)
          and not lower_inf(recorded) and isfinite(lower(recorded)) and upper(recorded) is distinct from 'infinity'),
        -- The bitemporal law.
        constraint fact_law exclude using gist
          (owner with =, object_id with =, key with =, valid with &&, recorded with &&)
      );
      create index fact_believed on fact (owner, object_id, key) where upper_inf(recorded);

      create table term (
        owner int not null,
        field int not null,
        value text collate "C" not null,
        object_id uuid not null,
        fact bigint not null,
        believed boolean not null default true
      );
      create index term_believed on term (owner, field, value, object_id) where believed;
      create index term_former on term (owner, field, value, object_id) where not believed;
      create index term_of_fact on term (owner, fact);

      create table prose (
        owner int not null,
        type text not null,
        object_id uuid not null,
        fact bigint not null,
        weight "char" not null,
        body text not null,
        words tsvector not null generated always as (to_tsvector('danish', body)) stored,
        believed boolean not null default true
      );
      create index prose_words on prose using gin (words);
      create index prose_trigrams on prose using gin (body gin_trgm_ops) where weight <> 'C';
      create index prose_of_fact on prose (owner, fact);

      create table outbox (
        -- First, so that its transaction has a number before the row takes one: the sequencer reckons with it.
        xact xid8 not null default pg_current_xact_id(),
        id bigint generated always as identity (cache 1) primary key,
        owner int not null,
        registration uuid not null,
        type text not null,
        object_id uuid not null,
        number int not null,
        action text not null,
        recorded_at timestamptz not null,
        changed text[] not null,
        kle text,
        foelsomhed text,
        transaction uuid,
        traceparent text,
        published boolean not null
      );
      -- Rows live for milliseconds: vacuumed by how many there were, not by how many are left.
      alter table outbox set (autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_scale_factor = 0,
        autovacuum_vacuum_cost_delay = 0);
      create table feed (
        pos bigint not null,
        owner int not null,
        registration uuid not null,
        type text not null,
        object_id uuid not null,
        number int not null,
        action text not null,
        recorded_at timestamptz not null,
        changed text[] not null,
        kle text,
        foelsomhed text,
        transaction uuid,
        traceparent text,
        published boolean not null,
        -- When it came into the feed: what retention counts from (an imported history is old when it arrives).
        placed_at timestamptz not null default clock_timestamp(),
        primary key (owner, pos)
      );
      -- No position twice. On an expression, so that a reader's statement, prepared for any owner, cannot take it and read
      -- past everybody's events to find those of a municipality that has few.
      create unique index feed_position on feed ((pos + 0));
      create table feed_state (
        one boolean primary key default true check (one),
        epoch uuid not null default gen_random_uuid(),
        last_pos bigint not null default 0,
        first_pos bigint not null default 1,
        cluster text
      );
      insert into feed_state default values;

      create table audit (
        id bigint generated always as identity,
        at timestamptz not null default clock_timestamp(),
        owner int not null,
        transaction uuid,
        system uuid,
        subject text,
        assurance text,
        agreement uuid,
        operation text not null,
        type text,
        objects uuid[] not null default '{}',
        criteria json,
        purpose text,
        count int,
        allowed boolean not null,
        rule text,
        primary key (owner, id)
      );
      create index audit_by_time on audit (owner, at);

      create table idempotency (
        owner int not null,
        system uuid not null,
        key uuid not null,
        hash bytea not null,
        object_id uuid not null,
        status int not null,
        headers json not null,
        body text,
        created_at timestamptz not null default clock_timestamp(),
        primary key (owner, system, key)
      );
      create index idempotency_by_time on idempotency (created_at);
      create index idempotency_by_object on idempotency (owner, object_id);
    `);
    await db.query(guards);
    await db.query(lookups);
    await db.query(access);
    await db.query(dpopSchema);
    for (const table of TENANT_TABLES)
      await db.query(
        `alter table ${table} enable row level security; alter table ${table} force row level security;`,
      );
  }

  async down(): Promise<void> {
    throw new Error('What is recorded is not taken back');
  }
}

/** The database refuses by itself what the engine never asks for (law 3, R6), whichever role asks. */
const guards = `
  create function refuse_edit() returns trigger language plpgsql as $$
  begin
    raise exception 'what is recorded is not edited' using errcode = 'restrict_violation';
  end $$;
  create function only_deletion_role() returns trigger language plpgsql as $$
  begin
    if current_user <> 'stoette_sletning' then
      raise exception 'only the role stoette_sletning deletes' using errcode = 'restrict_violation';
    end if;
    return old;
  end $$;
  create function only_closing() returns trigger language plpgsql as $$
  begin
    if upper_inf(old.recorded) and not upper_inf(new.recorded) and lower(new.recorded) = lower(old.recorded)
       and (new.owner, new.id, new.object_id, new.section, new.facet, new.slot, new.valid, new.number)
         = (old.owner, old.id, old.object_id, old.section, old.facet, old.slot, old.valid, old.number)
       and new.value::text = old.value::text and new.about::text is not distinct from old.about::text then
      return new;
    end if;
    raise exception 'a fact is closed, never edited' using errcode = 'restrict_violation';
  end $$;
  create trigger fact_closed before update on fact for each row execute function only_closing();
  create trigger fact_deleted before delete on fact for each row execute function only_deletion_role();
  create trigger registration_edited before update on registration for each row execute function refuse_edit();
  create trigger registration_deleted before delete on registration for each row execute function only_deletion_role();
  create trigger audit_edited before update or delete on audit for each row execute function refuse_edit();
  create trigger object_deleted before delete on object for each row execute function refuse_edit();
  create trigger object_edited before update of owner, id, type, created_at on object for each row execute function refuse_edit();
  create trigger feed_edited before update on feed for each row execute function refuse_edit();
  ${['object', 'registration', 'fact', 'audit', 'feed']
    .map(
      (table) =>
        `create trigger ${table}_emptied before truncate on ${table} for each statement execute function refuse_edit();`,
    )
    .join('\n')}
`;

/**
 * Words and misspelt words. Runs as \`stoette_opslag\`, whose policy is plain truth, because PostgreSQL keeps \`@@\` and
 * \`%>\` away from the indexes of a table with row-level security; so it must filter the owners by itself.
 */
const lookups = `
  -- Runs as the tables' owner, who alone may analyze them. Passes over those that have not doubled since the last time.
  create function refresh_statistics() returns void language plpgsql security definer set search_path = public, pg_temp as $$
  declare grown name;
  begin
    for grown in
      select relname from pg_class
       where oid = any('{object,registration,fact,term,prose}'::regclass[]) and pg_relation_size(oid) > 0
         and (reltuples < 0 or pg_relation_size(oid) >= 2 * relpages * current_setting('block_size')::bigint)
       order by relname
    loop
      execute format('analyze %I', grown);
    end loop;
  end $$;
  create function prose_hits(wanted text, of_type text)
    returns table (owner int, object_id uuid, fact bigint, rank real)
    language sql stable security definer
    set search_path = public, pg_temp
    set pg_trgm.word_similarity_threshold = 0.5
  as $$
    with query as (
      select replace(plainto_tsquery('danish', wanted)::text, '&', '|')::tsquery as words
    ), hits as (
      select p.owner, p.object_id, p.fact, p.weight, ts_rank(p.words, query.words, 1) * 2 as rank
        from prose p, query
       where p.words @@ query.words and p.type = of_type and p.owner in (current_owner(), 19435075)
      union all
      select p.owner, p.object_id, p.fact, p.weight,
             word_similarity(wanted, p.body) * (0.5 + 0.5 * similarity(wanted, p.body))
        from prose p
       where p.body %> wanted and p.weight <> 'C'
         -- A letter gone from a long word leaves half its trigrams; half of a short one is another word.
         and (length(wanted) >= 8 or word_similarity(wanted, p.body) >= 0.6) and p.type = of_type and p.owner in (current_owner(), 19435075)
    )
    select owner, object_id, fact, (rank * case weight when 'A' then 1.0 when 'B' then 0.7 else 0.1 end)::real from hits
  $$;
`;

const MINE = `owner = (select current_owner())`;
const MINE_OR_COMMON = `owner in ((select current_owner()), 19435075) and (select current_owner()) is not null`;

const access = `
  grant usage on schema public to stoette_app, stoette_feed, stoette_sletning, stoette_opslag;
  grant select, insert on object, registration, fact, term, prose, idempotency to stoette_app;
  grant update (number, lifecycle, recorded_at, source_time, scopes) on object to stoette_app;
  grant update (recorded) on fact to stoette_app;
  grant update (believed) on term, prose to stoette_app;
  grant insert on outbox, audit to stoette_app;
  grant usage on sequence fact_block to stoette_app;
  grant select on feed, feed_state, audit to stoette_app;
  grant delete on idempotency to stoette_app;
  grant select, delete on outbox to stoette_feed;
  grant select on sequence outbox_id_seq to stoette_feed;
  grant select, insert, delete on feed to stoette_feed;
  grant select, update on feed_state to stoette_feed;
  grant select, delete on registration, fact, term, prose, idempotency to stoette_sletning;
  grant select on object to stoette_sletning;
  grant select on ${[...TENANT_TABLES, 'feed_state'].join(', ')} to stoette_opslag;
  grant create on schema public to stoette_opslag;
  alter function prose_hits owner to stoette_opslag;
  revoke create on schema public from stoette_opslag;
  revoke execute on function prose_hits from public;
  grant execute on function prose_hits to stoette_app;

  ${['object', 'registration', 'fact', 'term', 'prose']
    .map(
      (table) => `
        create policy read_${table} on ${table} for select to stoette_app using (${MINE_OR_COMMON});
        create policy write_${table} on ${table} for insert to stoette_app with check (${MINE});
        create policy change_${table} on ${table} for update to stoette_app using (${MINE}) with check (${MINE});`,
    )
    .join('')}
  ${['registration', 'fact', 'term', 'prose', 'idempotency']
    .map(
      (table) =>
        `create policy delete_${table} on ${table} to stoette_sletning using (${MINE}) with check (${MINE});`,
    )
    .join('\n')}
  create policy delete_object on object for select to stoette_sletning using (${MINE});
  ${TENANT_TABLES.map(
    (table) => `create policy lookup_${table} on ${table} for select to stoette_opslag using (true);`,
  ).join('\n')}
  create policy write_outbox on outbox for insert to stoette_app with check (${MINE});
  create policy read_feed on feed for select to stoette_app using (${MINE_OR_COMMON});
  create policy sequence_outbox on outbox to stoette_feed using (true) with check (true);
  create policy sequence_feed on feed to stoette_feed using (true) with check (true);
  create policy read_audit on audit for select to stoette_app using (${MINE});
  create policy write_audit on audit for insert to stoette_app with check (${MINE});
  create policy own_idempotency on idempotency to stoette_app using (${MINE}) with check (${MINE});
`;
