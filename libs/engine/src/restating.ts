import { type Declaration, fromDatabase, type Instant } from '@stoettesystemer/object';
import type { Row, Statement } from '@stoettesystemer/postgres';
import { become } from './erasure';
import { factOf } from './held';
import type { Fact } from './piece';
import { adding } from './recording';

/** A fact as it was recorded, and for how long it was believed. */
export interface RecordedFact extends Fact {
  readonly object: string;
  readonly number: number;
  readonly from: Instant;
  readonly until: Instant | null;
}

/** What a registration says beside the facts. */
export interface RegistrationRow {
  readonly object: string;
  readonly number: number;
  readonly id: string;
  readonly at: string;
  readonly lifecycle: string;
  /** JSON text. */
  readonly actor: string | null;
  readonly note: string | null;
  readonly source: string | null;
}

/** All that was ever said of objects; of some facets, or of all (null). */
export const recordedFactsOf = (
  owner: string,
  uuids: readonly string[],
  facets: readonly string[] | null,
): Statement => ({
  name: 'restate-facts',
  text: `select id, object_id, section::text, facet, slot, value::text, about::text, valid::text, number,
      lower(recorded)::text as recorded_from, upper(recorded)::text as recorded_to
    from fact where owner = $1::int and object_id = any($2::uuid[]) and ($3::text[] is null or facet = any($3))
    order by id`,
  values: [Number(owner), uuids, facets],
});

export const recordedFactOf = (row: Row): RecordedFact => ({
  ...factOf(row),
  object: row['object_id'] as string,
  number: row['number'] as number,
  from: fromDatabase(row['recorded_from'] as string),
  until: row['recorded_to'] === null ? null : fromDatabase(row['recorded_to'] as string),
});

export const registrationsOf = (owner: string, uuids: readonly string[]): Statement => ({
  name: 'restate-registrations',
  text: `select object_id as object, number, id, recorded_at::text as at, lifecycle, actor::text, note,
      source_time::text as source
    from registration where owner = $1::int and object_id = any($2::uuid[])`,
  values: [Number(owner), uuids],
});

/** Rows that go, and what is said instead. */
export interface Restatement {
  readonly gone: readonly RecordedFact[];
  /** In the place of those, recorded when they were. */
  readonly facts: readonly (RecordedFact & { readonly type: Declaration })[];
  readonly registrations: readonly RegistrationRow[];
}

/** Takes facts and registrations away for good, as the one role that may, and writes others in their place. */
export function restateStatements(owner: string, { gone, facts, registrations }: Restatement): Statement[] {
  const ids = gone.map(({ id }) => id);
  const column = <K extends keyof RegistrationRow>(name: K) => registrations.map((row) => row[name]);
  const recordings = facts.map((fact) => ({
    type: fact.type,
    uuid: fact.object,
    number: fact.number,
    at: fact.from,
    add: [fact],
    ends: new Map(fact.until === null ? [] : [[fact, fact.until]]),
  }));
  return [
    become('stoette_sletning'),
    ...(['term', 'prose', 'fact'] as const).map((table) => ({
      name: `restate-${table}`,
      text: `delete from ${table} where owner = $1::int and ${table === 'fact' ? 'id' : 'fact'} = any($2::bigint[])`,
      values: [Number(owner), ids],
    })),
    {
      name: 'restate-registration',
      text: `delete from registration where owner = $1::int
        and (object_id, number) in (select * from unnest($2::uuid[], $3::int[]))`,
      values: [Number(owner), column('object'), column('number')],
    },
    become('stoette_app'),
    ...adding(
      Number(owner),
      recordings,
      facts.map(({ id }) => id),
    ),
    {
      name: 'restated-registration',
      text: `insert into registration (owner, object_id, number, id, recorded_at, lifecycle, actor, note, source_time)
        select $1::int, object_id, number, id, recorded_at, lifecycle, actor, note, source_time
          from unnest($2::uuid[], $3::int[], $4::uuid[], $5::timestamptz[], $6::text[], $7::json[], $8::text[],
            $9::timestamptz[]) as r (object_id, number, id, recorded_at, lifecycle, actor, note, source_time)`,
      values: [
        Number(owner),
        column('object'),
        column('number'),
        column('id'),
        column('at'),
        column('lifecycle'),
        column('actor'),
        column('note'),
        column('source'),
      ],
    },
  ];
}
