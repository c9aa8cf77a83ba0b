import type { Row } from '@stoettesystemer/postgres';
import type { Snapshot } from './ask';
import { factsOf, type Selection } from './selection';
import type { Binder } from './statement';

/** What the registration `r` of an object `o` says, in columns as `snapshotOf` reads them. */
const REGISTRATION = `o.id, o.owner, o.type, r.number, instant(r.recorded_at) as recorded, r.lifecycle, r.actor::text,
  r.note, instant(r.source_time) as source_time`;

/** What is put together of facts `f`; `only` picks those that are shown, and `more` is asked of each facet beside them. */
interface Facets {
  readonly from: string;
  readonly only?: string;
  readonly more?: { readonly each: string; readonly all: string };
}

/** The facets of an object as JSON, put together by the database: columns a, t and r of `v`. */
const facetsSql = ({ from, only, more }: Facets): string => `cross join lateral (
    select string_agg(g.body, ',') filter (where g.section = 'a') as a,
           string_agg(g.body, ',') filter (where g.section = 't') as t,
           string_agg(g.body, ',') filter (where g.section = 'r') as r ${more ? `, ${more.all}` : ''}
      from (select f.section, '"' || f.facet || '":[' || string_agg('{"virkning":' || virkning(f.valid, f.about)
              || ',' || substr(f.value::text, 2), ',' order by f.slot, lower(f.valid))
                ${only ? `filter (where ${only})` : ''} || ']' as body ${more ? `, ${more.each}` : ''}
              from ${from} group by f.section, f.facet order by f.facet) g) v`;

/** The columns from which `snapshotOf` writes an object, and where its facets come from. */
export function objectColumns(
  { at, facets }: Pick<Selection, 'at' | 'facets'>,
  binder: Binder,
): { columns: string; lateral: string } {
  const chosen = facets ? `and f.facet = any(${binder.bind(facets)}::text[])` : '';
  return {
    columns: `${REGISTRATION}, v.a, v.t, v.r,
      case when r.number < o.number then (select instant(n.recorded_at) from registration n
        where n.owner = o.owner and n.object_id = o.id and n.number = r.number + 1) end as ended`,
    lateral: facetsSql({ from: `${factsOf('o', at, binder)} ${chosen}` }),
  };
}

/**
 * The same for objects as they are at one moment near now, and `until`: when that will be another without a registration.
 * @param moment SQL of a timestamptz.
 */
export function presentColumns(moment: string): { columns: string; source: string } {
  const from = `fact f where f.owner = o.owner and f.object_id = o.id and upper_inf(f.recorded)`;
  const until = `min(case when lower(f.valid) > ${moment} then lower(f.valid)
    when upper(f.valid) > ${moment} then upper(f.valid) end) as until`;
  const more = { each: until, all: 'micros(min(g.until)) as until' };
  return {
    columns: `${REGISTRATION}, null as ended, v.*`,
    source: `object o join registration r on r.owner = o.owner and r.object_id = o.id and r.number = o.number
      ${facetsSql({ from, only: `f.valid @> ${moment}`, more })}`,
  };
}

const cvr = (owner: unknown): string => String(owner).padStart(8, '0');

/** Writes an object as the contract has it (§2), from columns already in JSON. */
export function snapshotOf(row: Row): Snapshot {
  const registration =
    `{"nummer":${row['number']},"fra":"${row['recorded']}","til":${row['ended'] ? `"${row['ended']}"` : 'null'},` +
    `"livscyklus":"${row['lifecycle']}"` +
    `${row['actor'] ? `,"brugerRef":${row['actor']}` : ''}` +
    `${row['note'] === null ? '' : `,"note":${JSON.stringify(row['note'])}`}}`;
  const body =
    `{"uuid":"${row['id']}","objekttype":"${row['type']}","ejer":"${cvr(row['owner'])}",` +
    `${row['source_time'] ? `"tidspunkt":"${row['source_time']}",` : ''}"registrering":${registration},` +
    `"attributter":{${row['a'] ?? ''}},"tilstande":{${row['t'] ?? ''}},"relationer":{${row['r'] ?? ''}}}`;
  return { uuid: row['id'] as string, number: row['number'] as number, body };
}
