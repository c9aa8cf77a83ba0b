import { fromDatabase, period as p, type Instant } from '@stoettesystemer/object';
import type { Row, Statement } from '@stoettesystemer/postgres';
import { type Fact, type SectionCode, type Slot } from './piece';
import type { Lifecycle } from './recording';
import type { Scope } from './scopes';

/** An object as it stands under lock. */
export interface Held {
  readonly uuid: string;
  readonly type: string;
  readonly number: number;
  readonly lifecycle: Lifecycle;
  readonly recordedAt: Instant;
  readonly sourceTime: Instant | null;
  readonly scopes: readonly Scope[];
}

/** When the registration after one that stands is made: a moment later, should the clock have stood still. */
export const nextMoment = (held: Pick<Held, 'recordedAt'> | null, present: Instant): Instant =>
  held && present <= held.recordedAt ? held.recordedAt + 1n : present;

const HELD = `select id, type, number, lifecycle, recorded_at::text, source_time::text, scopes::text from object`;

/**
 * Locks in UUID order, so that two requests for the same objects cannot wait for each other.
 * @param waits false: fails at once (55P03) where another has one of them.
 */
export const lockStatement = (owner: string, uuids: readonly string[], waits = true): Statement => ({
  name: waits ? 'object-lock' : 'object-try-lock',
  text: `${HELD} where owner = $1::int and id = any($2::uuid[]) order by id for update ${waits ? '' : 'nowait'}`,
  values: [Number(owner), uuids],
});

/** Read in a statement of its own, after the lock: read within the locking one it could be from before the wait (R5). */
export const clockStatement: Statement = { name: 'clock', text: `select clock_timestamp()::text as now` };

export const heldOf = (row: Row): Held => ({
  uuid: row['id'] as string,
  type: row['type'] as string,
  number: row['number'] as number,
  lifecycle: row['lifecycle'] as Lifecycle,
  recordedAt: fromDatabase(row['recorded_at'] as string),
  sourceTime: row['source_time'] === null ? null : fromDatabase(row['source_time'] as string),
  scopes: JSON.parse(row['scopes'] as string) as Scope[],
});

/** Which believed facts a change must see. */
export interface Sight {
  readonly slots: readonly Pick<Slot, 'facet' | 'slot'>[];
  /** Whole facets; null for all. */
  readonly facets: readonly string[] | null;
}

const FACT = `select id, object_id, section::text, facet, slot, value::text, about::text, valid::text from fact
  where owner = $1::int and object_id = any($2::uuid[]) and upper_inf(recorded)`;
const SLOTS = `key = any(array(select slot_key(facet, slot) from unnest($3::text[], $4::text[]) as s (facet, slot)))`;

export function factStatement(owner: string, uuids: readonly string[], { slots, facets }: Sight): Statement {
  const base = [Number(owner), uuids];
  if (facets === null) return { name: 'fact-all', text: FACT, values: base };
  const keys = [slots.map(({ facet }) => facet), slots.map(({ slot }) => slot)];
  return facets.length === 0
    ? { name: 'fact-slots', text: `${FACT} and ${SLOTS}`, values: [...base, ...keys] }
    : {
        name: 'fact-facets',
        text: `${FACT} and (${SLOTS} or facet = any($5::text[]))`,
        values: [...base, ...keys, facets],
      };
}

export const factOf = (row: Row): Fact => ({
  id: row['id'] as number,
  section: row['section'] as SectionCode,
  facet: row['facet'] as string,
  slot: row['slot'] as string,
  value: row['value'] as string,
  about: row['about'] as string | null,
  period: p.fromRange(row['valid'] as string),
});

/** Rows in lists by the object they are of. */
export function byObject<T extends Readonly<Record<string, unknown>>>(rows: readonly T[]): Map<string, T[]> {
  const lists = new Map<string, T[]>();
  for (const row of rows) {
    const list = lists.get(row['object_id'] as string);
    if (list) list.push(row);
    else lists.set(row['object_id'] as string, [row]);
  }
  return lists;
}
