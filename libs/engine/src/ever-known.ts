import { conditionFor } from '@stoettesystemer/access';
import { type Declaration, now } from '@stoettesystemer/object';
import type { Ask } from './ask';
import { type Reach, released } from './reading';
import { Binder } from './statement';
import { fieldCode, termValue } from './term';

const MOST = 100;

/** Objects of the municipality's own of which a searched member has this value now, or had it once. */
export async function everKnown(
  reach: Reach,
  ask: Ask,
  type: Declaration,
  { facet, member }: { readonly facet: string; readonly member: string },
  value: string,
): Promise<{ uuid: string; number: number }[]> {
  const binder = new Binder();
  const { bind } = binder;
  const seen = conditionFor(ask.caller, type, 'historik', {
    object: 'o',
    moment: () => bind(`${now()}`),
    bind,
  });
  const field = type.attributes[facet]!.fields[member]!;
  const statement = binder.statement(`select distinct o.id, o.number from term t
    join object o on o.owner = t.owner and o.id = t.object_id
    where t.owner = ${bind(Number(ask.caller.owner))}::int
      and t.field = ${bind(fieldCode(type.name, facet, member))}::int
      and t.value = ${bind(termValue(field, value))}::text and (${seen})
    order by o.id limit ${MOST}`);
  const { rows } = await released(reach, ask, type, 'soeg', (run) => run(statement), {
    criteria: { felt: member, lig: value },
  });
  return rows.map((row) => ({ uuid: row['id'] as string, number: row['number'] as number }));
}
