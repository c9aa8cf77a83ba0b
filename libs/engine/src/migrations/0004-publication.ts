import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far each municipality's events have been carried to where the service publishes them. */
export class Publication1000000000004 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table publication (
        destination text not null,
        owner int not null,
        -- Of the feed that the position is from.
        epoch uuid not null,
        position bigint not null,
        at timestamptz not null default clock_timestamp(),
        primary key (destination, owner)
      );
      alter table publication enable row level security;
      alter table publication force row level security;
      grant select, insert, update on publication to stoette_feed;
      create policy publish on publication to stoette_feed using (true) with check (true);
    `);
  }

  async down(): Promise<void> {
    throw new Error('What has been published is not taken back');
  }
}
