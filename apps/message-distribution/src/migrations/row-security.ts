/** Nobody sees a row that no policy gives. */
export const closeTo = (...tables: readonly string[]): string =>
  tables
    .map(
      (table) => `
        alter table ${table} enable row level security;
        alter table ${table} force row level security;`,
    )
    .join('');

/** The roles that work for all municipalities: the distributor itself, and who looks without changing. */
export const forRoles = (...tables: readonly string[]): string =>
  tables
    .map(
      (table) => `
        create policy distribute_${table} on ${table} to stoette_feed using (true) with check (true);
        create policy lookup_${table} on ${table} for select to stoette_opslag using (true);`,
    )
    .join('');
