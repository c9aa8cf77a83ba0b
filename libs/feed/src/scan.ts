import { createHash } from 'node:crypto';
import { type Caller, COMMON_OWNER, conditionFor } from '@stoettesystemer/access';
import { type Declaration, now } from '@stoettesystemer/object';
import type { Statement } from '@stoettesystemer/postgres';

export interface ScanOptions {
  readonly caller: Caller;
  readonly types: readonly Declaration[];
  readonly after: number;
  readonly limit: number;
  /** Own and common events that are looked through, seen or not. One of a few figures: it is part of the text. */
  readonly window: number;
}

/**
 * Reads the visible ones among the next `window` own and common events, and where the feed begins and ends, in one
 * statement and so at one moment: trimming can take nothing away between the two.
 */
export function scanStatement({ caller, types, after, limit, window }: ScanOptions): Statement {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const position = `${bind(after)}::bigint`;
  // A scan for each owner, merged, reads no rows of others; with `owner in (…)` PostgreSQL would sort them.
  const events = [...new Set([caller.owner, COMMON_OWNER])].map(
    (owner) =>
      `(select * from feed where owner = ${bind(Number(owner))}::int and pos > ${position} order by pos limit ${window})`,
  );
  const moment = now();
  const visible = types.map(
    (type) =>
      `c.type = ${bind(type.name)} and (${conditionFor(caller, type, 'laes', { object: 'o', moment: () => bind(`${moment}`), bind })})`,
  );
  const text = `
    with candidate as materialized (
      select * from (${events.join(' union all ')}) f order by pos limit ${window}
    ), visible as (
      select c.* from candidate c join object o on o.owner = c.owner and o.id = c.object_id
       where c.published and (${visible.map((each) => `(${each})`).join(' or ')})
       order by c.pos limit ${bind(limit)}::int
    )
    select s.epoch, s.first_pos, s.last_pos, t.looked, t.reached,
           v.pos, v.owner, v.registration, v.type, v.object_id, v.number, v.action, instant(v.recorded_at) as time,
           array_to_json(v.changed)::text as changed, v.kle, v.foelsomhed, v.traceparent
      from feed_state s cross join (select count(*) as looked, max(pos) as reached from candidate) t
      left join visible v on true order by v.pos`;
  return { name: `feed-${createHash('sha1').update(text).digest('base64url')}`, text, values };
}
