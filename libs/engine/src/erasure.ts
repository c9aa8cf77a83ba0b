import type { Statement } from '@stoettesystemer/postgres';

/** Takes on a role for the statements that follow, until another is taken on. */
export const become = (role: string): Statement => ({
  name: `become-${role}`,
  text: `select set_config('role', $1, true)`,
  values: [role],
});

export const erase = (table: string, owner: string, uuids: readonly string[]): Statement => ({
  name: `erase-${table}`,
  text: `delete from ${table} where owner = $1::int and object_id = any($2::uuid[])`,
  values: [Number(owner), uuids],
});

/**
 * Removes all that is known of objects, as the one role that may; the object row stays as a tombstone, which holds no
 * personal data. What is stored under an Idempotency-Key may repeat the object and goes with it.
 */
export const eraseStatements = (owner: string, uuids: readonly string[]): Statement[] => [
  become('stoette_sletning'),
  ...['term', 'prose', 'fact', 'registration', 'idempotency'].map((table) => erase(table, owner, uuids)),
  become('stoette_app'),
];

/** The object's own row may hold what a source said of it, too. */
export const forgetSource = (owner: string, uuids: readonly string[]): Statement => ({
  name: 'forget-source',
  text: `update object set source_time = null where owner = $1::int and id = any($2::uuid[])`,
  values: [Number(owner), uuids],
});
