import type { MigrationInterface, QueryRunner } from 'typeorm';

const MINE = 'owner = (select current_owner())';

/** Which objects came from which directory, and which of them it does not have any more. */
export class Synchronisation1200000000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table synchronised (
        owner int not null,
        -- The Synkronisering that the runs of the source are registered under.
        source uuid not null,
        object_id uuid not null,
        type text not null,
        -- Since the first run that did not find it; null while the source has it.
        orphan_since timestamptz,
        -- It was ended because the source did not have it.
        ended_at timestamptz,
        primary key (owner, source, object_id)
      );
      create index synchronised_orphan on synchronised (owner, source, object_id) where orphan_since is not null;
      create index synchronised_object on synchronised (owner, object_id);
      grant select, insert, update, delete on synchronised to stoette_app;
      alter table synchronised enable row level security;
      alter table synchronised force row level security;
      create policy own_synchronised on synchronised to stoette_app using (${MINE}) with check (${MINE});
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table synchronised');
  }
}
