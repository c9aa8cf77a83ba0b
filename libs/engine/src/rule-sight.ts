import type { Caller } from '@stoettesystemer/access';
import type { Declaration } from '@stoettesystemer/object';
import type { Transaction } from '@stoettesystemer/postgres';
import { facetItems } from './facet-items';
import { factOf } from './held';
import type { FacetItems } from './rule';
import { ownersOf } from './selection';
import { fieldCode } from './term';

/** Facets of another live object of the same service, own or common, as the transaction sees it. */
export async function lookUp(
  tx: Transaction,
  caller: Caller,
  type: string,
  uuid: string,
  facets: readonly string[],
): Promise<FacetItems | null> {
  const owners = ownersOf(caller);
  const [objects, facts] = await tx.batch([
    {
      name: 'rule-object',
      text: `select owner from object where owner = any($1::int[]) and id = $2::uuid and type = $3::text
        and lifecycle not in ('Passiveret', 'Slettet') order by owner <> $4::int limit 1`,
      values: [owners, uuid, type, Number(caller.owner)],
    },
    {
      name: 'rule-facts',
      text: `select id, owner, section::text, facet, slot, value::text, about::text, valid::text from fact
        where owner = any($1::int[]) and object_id = $2::uuid and upper_inf(recorded) and facet = any($3::text[])`,
      values: [owners, uuid, facets],
    },
  ]);
  const owner = objects?.rows[0]?.['owner'];
  if (owner === undefined) return null;
  return facetItems(facts!.rows.filter((row) => row['owner'] === owner).map(factOf), facets);
}

/** Live objects, own or common, whose searched field has the value at some time. */
export async function lookFor(
  tx: Transaction,
  caller: Caller,
  type: Declaration,
  field: string,
  value: string,
): Promise<{ uuid: string; owner: string }[]> {
  const [facet = '', member = ''] = field.split('.');
  const { rows } = await tx.run({
    name: 'rule-find',
    text: `select distinct o.id, o.owner from term t join object o on o.owner = t.owner and o.id = t.object_id
      where t.owner = any($1::int[]) and t.field = $2::int and t.value = $3::text and t.believed
        and o.lifecycle not in ('Passiveret', 'Slettet')`,
    values: [ownersOf(caller), fieldCode(type.name, facet, member), value],
  });
  return rows.map((row) => ({ uuid: row['id'] as string, owner: String(row['owner']).padStart(8, '0') }));
}
