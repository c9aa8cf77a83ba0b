import { conditionFor } from '@stoettesystemer/access';
import type { Declaration } from '@stoettesystemer/object';
import type { AsOf, Ask } from './ask';
import { namesIn } from './guarded-question';
import type { Expression } from './query';
import { type Reach, released } from './reading';
import { SearchCondition } from './search-condition';
import { factCondition, visibleObjects } from './selection';
import { Binder } from './statement';

/** One member of one facet: `egenskaber.titel`; a state's value or a relation's UUID is the facet alone. */
export interface OutlineColumn {
  readonly facet: string;
  readonly member?: string;
}

export interface OutlineRow {
  readonly uuid: string;
  readonly owner: string;
  /** In the order of the columns; null where nothing holds. */
  readonly values: readonly (string | null)[];
}

function valueSql(type: Declaration, { facet, member }: OutlineColumn, { bind }: Binder): string {
  const raw = member
    ? `f.value->>${bind(member)}`
    : facet in type.states
      ? `f.value->>'vaerdi'`
      : `f.value->'reference'->>'uuid'`;
  return `max(case when f.facet = ${bind(facet)} then ${raw} end)`;
}

/**
 * A few members of every object that fits and that the caller may see, not paged: what a tree is built from. Costs what
 * the members cost, however large the objects are.
 */
export async function outline(
  reach: Reach,
  ask: Ask,
  type: Declaration,
  columns: readonly OutlineColumn[],
  where: Expression | null,
  at: AsOf,
): Promise<OutlineRow[]> {
  const binder = new Binder();
  const { source, where: visible } = visibleObjects(
    { type, caller: ask.caller, verb: 'laes', at, condition: conditionFor },
    binder,
  );
  const wanted = new SearchCondition(type, ask.caller, at, binder).of(where);
  const values = columns.map((column, n) => `${valueSql(type, column, binder)} as v${n}`);
  const facets = binder.bind([...new Set(columns.map(({ facet }) => facet))]);
  const statement = binder.statement(
    `select o.id, o.owner, ${values.join(', ')} from ${source}
       join fact f on f.owner = o.owner and f.object_id = o.id and f.facet = any(${facets}::text[])
        and ${factCondition(at, binder)}
      where ${visible} and ${wanted} group by o.owner, o.id`,
  );
  const { rows } = await released(reach, ask, type, 'oversigt', (run) => run(statement), {
    criteria: where,
    names: namesIn(type, where),
  });
  return rows.map((row) => ({
    uuid: row['id'] as string,
    owner: String(row['owner']).padStart(8, '0'),
    values: columns.map((_, n) => row[`v${n}`] as string | null),
  }));
}
