import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['audit_chain', 'audit_key', 'audit_root'];
const MINE = 'owner = (select current_owner())';

/**
 * The security log's chain (O1), one for each municipality, and what its rows are found by. All of it is written after
 * commit, by `stoette_log`: the transactions that write audit rows neither wait for one another nor keep an index more.
 */
export class AuditChain1000000000003 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table audit_chain (
        owner int not null,
        place bigint not null,
        id bigint not null,
        -- Pseudonyms of the citizens that the audit row is about; part of what is hashed.
        citizens text[] not null default '{}',
        hash bytea not null,
        primary key (owner, place),
        unique (owner, id)
      );

      -- An object, a user, an it-system or a citizen, and the audit rows that name it.
      create table audit_key (
        owner int not null,
        key uuid not null,
        at timestamptz not null,
        id bigint not null,
        allowed boolean not null,
        primary key (owner, key, at, id) include (allowed)
      );

      create table audit_root (
        owner int not null,
        day date not null,
        place bigint not null,
        hash bytea not null,
        jws text not null,
        primary key (owner, day)
      );

      -- Every audit row up to this number is in the chain, or was never committed.
      create table audit_floor (number bigint not null);
      insert into audit_floor values (0);

      ${TABLES.map(
        (table) => `
      create trigger ${table}_edited before update or delete on ${table} for each row execute function refuse_edit();
      create trigger ${table}_emptied before truncate on ${table} for each statement execute function refuse_edit();
      alter table ${table} enable row level security;
      alter table ${table} force row level security;
      grant select on ${table} to stoette_app, stoette_opslag;
      grant select, insert on ${table} to stoette_log;
      create policy read_${table} on ${table} for select to stoette_app using (${MINE});
      create policy lookup_${table} on ${table} for select to stoette_opslag using (true);
      create policy chain_${table} on ${table} to stoette_log using (true) with check (true);`,
      ).join('\n')}

      grant usage on schema public to stoette_log;
      grant select on audit to stoette_log;
      grant select on sequence audit_id_seq to stoette_log;
      grant select, update on audit_floor to stoette_log;
      grant select on audit_floor to stoette_opslag;
      create policy chain_audit on audit for select to stoette_log using (true);

      -- The persons that stand, or at some time stood, in objects. The chain's role sees nothing else of them.
      create function persons_in(of_owners int[], of_objects uuid[])
        returns table (owner int, object_id uuid, urn text)
        language sql stable security definer rows 100 set search_path = public, pg_temp as $$
        select distinct o.owner, o.id, found.urn[1]
          from unnest(of_owners, of_objects) o(owner, id),
          -- One after the other: the index of facts takes no list of owners.
          lateral (select o.owner union select 19435075) w(owner),
          lateral (select f.value from fact f where f.owner = w.owner and f.object_id = o.id) f,
          lateral regexp_matches(f.value::text, 'urn:oio:cpr-nr:[^"]*', 'gi') found(urn)
      $$;
      grant create on schema public to stoette_opslag;
      alter function persons_in owner to stoette_opslag;
      revoke create on schema public from stoette_opslag;
      revoke execute on function persons_in from public;
      grant execute on function persons_in to stoette_log;
    `);
  }

  async down(): Promise<void> {
    throw new Error('What is recorded is not taken back');
  }
}
