import type { Database } from '@stoettesystemer/postgres';

/** Tables whose rows belong to municipalities, as the session's role meets them. */
const TABLES = `
  select format('%I.%I', n.nspname, c.relname) as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
         pg_has_role(c.relowner, 'usage') as owned, has_table_privilege(c.oid, 'select') as readable,
         exists (select from pg_policy p
                  where p.polrelid = c.oid and p.polpermissive
                    and exists (select from unnest(p.polroles) r(id) where r.id = 0 or pg_has_role(r.id, 'usage'))
                    and (coalesce(pg_get_expr(p.polqual, p.polrelid), 'current_owner()') !~ 'current_owner\\(\\)'
                      or coalesce(pg_get_expr(p.polwithcheck, p.polrelid), 'current_owner()') !~ 'current_owner\\(\\)'))
           as open
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'owner' and not a.attisdropped
   where c.relkind in ('r', 'p', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
   order by 1`;

interface Table {
  readonly name: string;
  readonly enabled: boolean;
  readonly forced: boolean;
  readonly owned: boolean;
  readonly readable: boolean;
  readonly open: boolean;
}
interface Role {
  readonly name: string;
  readonly superuser: boolean;
  readonly bypasses: boolean;
}

/**
 * Holds the database, with the service's own sessions, against what row-level security rests on (A14): it is on and
 * forced on every table that has an owner, each policy asks whose rows they are, the sessions' role is no superuser, has
 * no BYPASSRLS and owns none of the tables, and a session that says no municipality sees nothing.
 * @throws Error in Danish, for whoever starts the service, naming all that is wrong.
 */
export async function checkRowSecurity({ pool }: Database): Promise<void> {
  const { rows: roles } = await pool.query<Role>(
    `select rolname as name, rolsuper as superuser, rolbypassrls as bypasses from pg_roles where rolname = current_user`,
  );
  const { rows: tables } = await pool.query<Table>(TABLES);
  const faults = [...roles.flatMap(faultsOfRole), ...tables.flatMap(faultsOfTable)];
  if (tables.length === 0) faults.push('databasen har ingen tabeller, hvis rækker tilhører en kommune');
  const client = await pool.connect();
  try {
    // A planner that expects to find one at once would look through every row of a large table to find none.
    await client.query('begin; set local enable_seqscan = off');
    for (const { name } of tables.filter(({ readable }) => readable)) {
      const { rowCount } = await client.query(`select from ${name} limit 1`);
      if (rowCount !== 0) faults.push(`${name} viser rækker, uden at der er sagt hvilken kommune det er for`);
    }
  } finally {
    await client.query('rollback');
    client.release();
  }
  if (faults.length > 0)
    throw new Error(
      `Databasen holder ikke kommunernes data adskilt, så tjenesten starter ikke: ${faults.join('; ')}.`,
    );
}

const faultsOfRole = ({ name, superuser, bypasses }: Role): string[] => [
  ...(superuser ? [`rollen ${name} er superuser`] : []),
  ...(bypasses ? [`rollen ${name} har BYPASSRLS`] : []),
];

const faultsOfTable = ({ name, enabled, forced, owned, open }: Table): string[] => [
  ...(enabled ? [] : [`${name} har ikke row level security slået til`]),
  ...(forced ? [] : [`${name} har ikke force row level security`]),
  ...(owned ? [`${name} ejes af den rolle, som tjenesten kører under`] : []),
  ...(open ? [`${name} har en policy, der ikke spørger om kommunen`] : []),
];
