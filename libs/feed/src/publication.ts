import { type Database, ROLES } from '@stoettesystemer/postgres';
import type { Client } from 'pg';
import { type FeedRow } from './cloud-event';

/** How far one municipality's events have come on their way to one destination. */
export interface Lag {
  readonly owner: number;
  /** The last position that arrived; 0 for none. */
  readonly position: number;
  /** Of the feed now, and that the position is from; null for none. */
  readonly epoch: string;
  readonly before: string | null;
}

/**
 * The municipalities that have events beyond their checkpoints. The feed's key leads from one owner to the next, so this
 * costs a look for each, however long the feed is. A checkpoint beyond the feed's end is of a feed that is no more.
 */
const BEHIND = `
  with recursive owners as (
    (select owner from feed order by owner limit 1)
    union all
    select (select f.owner from feed f where f.owner > o.owner order by f.owner limit 1) from owners o
     where o.owner is not null
  ), reached as (
    select o.owner, s.epoch, p.epoch as before, case when p.position <= s.last_pos then p.position else 0 end as position
      from owners o cross join feed_state s
      left join publication p on p.destination = $1 and p.owner = o.owner
     where o.owner is not null
  )`;
const FIRST = `lateral (select f.placed_at from feed f where f.owner = r.owner and f.pos > r.position
  order by f.pos limit 1) n`;

export async function lags(client: Client, destination: string): Promise<Lag[]> {
  const { rows } = await client.query<Lag & { position: string }>({
    name: 'publication-behind',
    text: `${BEHIND} select r.owner, r.position, r.epoch, r.before from reached r, ${FIRST} order by n.placed_at`,
    values: [destination],
  });
  return rows.map((row) => ({ ...row, position: Number(row.position) }));
}

export type Next = FeedRow & { readonly published: boolean };

/** A municipality's next events, published or not. */
export async function nextOf(client: Client, { owner, position }: Lag, limit: number): Promise<Next[]> {
  const { rows } = await client.query<Next & { pos: string }>({
    name: 'publication-next',
    text: `select pos, owner, registration, type, object_id, number, action, instant(recorded_at) as time,
             array_to_json(changed)::text as changed, kle, foelsomhed, traceparent, published
        from feed where owner = $1::int and pos > $2::bigint order by pos limit $3::int`,
    values: [owner, position, limit],
  });
  return rows.map((row) => ({ ...row, pos: Number(row.pos) }));
}

export const arrived = (client: Client, destination: string, { owner, epoch }: Lag, position: number) =>
  client.query({
    name: 'publication-arrived',
    text: `insert into publication (destination, owner, epoch, position) values ($1, $2::int, $3::uuid, $4::bigint)
      on conflict (destination, owner) do update
        set epoch = excluded.epoch, position = excluded.position, at = clock_timestamp()`,
    values: [destination, owner, epoch, position],
  });

/** Seconds that the first event that has not arrived has had its place in the feed; 0 when all have arrived. */
export async function publicationAge(database: Database, destination: string): Promise<number> {
  const { rows } = await database.run(
    { owner: null, role: ROLES.feed },
    {
      name: 'publication-age',
      text: `${BEHIND} select coalesce(extract(epoch from clock_timestamp() - min(n.placed_at)), 0)::float8 as age
        from reached r, ${FIRST}`,
      values: [destination],
    },
  );
  return Math.max(0, rows[0]!['age'] as number);
}
