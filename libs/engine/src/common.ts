import { allows, type Caller, COMMON_OWNER, type ScopeEntry } from '@stoettesystemer/access';
import { type Declaration, notFound, Refusal } from '@stoettesystemer/object';
import type { Row, Statement } from '@stoettesystemer/postgres';

/** UUIDs that common objects have are taken for everybody: who sees both must never be in doubt which one is meant. */
export const takenStatement = (uuids: readonly string[]): Statement => ({
  name: 'uuid-taken',
  text: `select id, type, scopes::text from object where owner = $1::int and id = any($2::uuid[])`,
  values: [Number(COMMON_OWNER), uuids],
});

export const isCommonRefusal = (): Refusal =>
  new Refusal(403, 'faelles', 'Objektet er fælles og kan kun ændres af den fælles organisation.');

/** Why a UUID cannot be had that a common object has: one that the caller may not know of is not spoken of (A13). */
export function takenRefusal(caller: Caller, types: readonly Declaration[], taken: Row): Refusal {
  const type = types.find(({ name }) => name === taken['type']);
  const scopes = JSON.parse(taken['scopes'] as string) as ScopeEntry[];
  return type && allows(caller, type, 'laes', { owner: COMMON_OWNER, scopes })
    ? isCommonRefusal()
    : notFound();
}
