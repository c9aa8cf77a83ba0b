import { COMMON_OWNER } from '@stoettesystemer/access';
import { Refusal } from '@stoettesystemer/object';
import type { Statement } from '@stoettesystemer/postgres';

/** UUIDs that common objects have are taken for everybody: who sees both must never be in doubt which one is meant. */
export const takenStatement = (uuids: readonly string[]): Statement => ({
  name: 'uuid-taken',
  text: `select id from object where owner = $1::int and id = any($2::uuid[])`,
  values: [Number(COMMON_OWNER), uuids],
});

export const isCommonRefusal = (): Refusal =>
  new Refusal(403, 'faelles', 'Objektet er fælles og kan kun ændres af den fælles organisation.');
