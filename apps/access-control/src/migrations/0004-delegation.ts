import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whoever has been delegated a role must find the delegation among another municipality's objects. What is told across
 * is no more than where it is, and only to the municipality that it is to; it is then read by the receiver itself.
 */
export class Delegation1100000000004 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create index delegation_objects on object (id) where type = 'Delegation';

      create function received_delegations() returns table (of_owner int, of_object uuid)
        language sql stable security definer set search_path = public, pg_temp as $$
        select o.owner, o.id from object o
         where o.type = 'Delegation' and o.lifecycle not in ('Passiveret', 'Slettet')
           and o.owner <> current_owner()
           and exists (select from fact f
             where f.owner = o.owner and f.object_id = o.id and upper_inf(f.recorded) and f.facet = 'egenskaber'
               and f.value->>'modtagerCvr' = lpad(current_owner()::text, 8, '0'))
         order by o.owner, o.id
      $$;
      grant create on schema public to stoette_opslag;
      alter function received_delegations owner to stoette_opslag;
      revoke create on schema public from stoette_opslag;
      revoke execute on function received_delegations from public;
      grant execute on function received_delegations to stoette_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('What is recorded is not taken back');
  }
}
