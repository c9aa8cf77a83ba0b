import type { Client } from 'pg';
import { type Lane, REGISTRATIONS } from './lane';

/**
 * Moves committed outbox rows to the next positions of the feed and tells all processes, in one statement.
 *
 * Right because a row is moved only when it can be seen, so that neither a gap in the identity numbers nor a late
 * commit can be passed over; and two changes of one object keep their order, because the later one takes its number
 * under the object's lock, after the earlier one committed (R3). The row lock on feed_state makes a second sequencer,
 * should there ever be one, wait and go on from where the first stopped; the unique index on positions is the last
 * fence.
 *
 * The notice holds the highest position and the owners concerned, so that only they wake; a notice has 8,000 bytes.
 */
const moveOf = ({ outbox, feed, state, carries, channel }: Lane): string => `
  with next as materialized (
    select ctid, id from ${outbox} where id > $2::bigint order by id limit $1::int
  ), moved as (
    delete from ${outbox} where ctid = any (array(select ctid from next)) returning *
  ), state as (
    update ${state} set last_pos = last_pos + (select count(*) from moved)
     where exists (select from moved) returning last_pos
  ), placed as (
    insert into ${feed} (pos, owner, ${carries.join(', ')})
    select last_pos - (select count(*) from moved) + row_number() over (order by id), owner, ${carries.join(', ')}
      from moved, state
    returning pos, owner
  ), batch as (
    select count(*)::int as count, max(pos) as position, string_agg(distinct owner::text, ' ') as owners from placed
  )
  select b.count, b.position, n.looked, n.highest,
         (select case when is_called then last_value else 0 end from ${outbox}_id_seq) as latest,
         pg_snapshot_xmin(pg_current_snapshot()) as xmin, pg_current_xact_id_if_assigned() as xact,
         case when count > 0 then
           pg_notify('${channel}', position || ' ' || case when length(owners) < 7000 then owners else '*' end) end
    from batch b, (select count(*)::int as looked, max(id) as highest from next) n`;

export interface Move {
  readonly count: number;
  /** Of the last event moved; null when there was none. */
  readonly position: number | null;
  /** How many rows were there to be moved, at most the batch; and the highest of their outbox numbers. */
  readonly looked: number;
  readonly highest: number | null;
  /** The last outbox number given out, read while the statement ran. */
  readonly latest: number;
  /** Every transaction before this one had ended when the statement began, and what it wrote was to be seen. */
  readonly xmin: bigint;
  /** The statement's own transaction; null when it moved nothing. */
  readonly xact: bigint | null;
}

/** Moves at most `batch` rows with numbers above `floor`. */
export async function move(
  client: Client,
  batch: number,
  floor: number,
  lane: Lane = REGISTRATIONS,
): Promise<Move> {
  const { rows } = await client.query<Record<keyof Move, string | null>>({
    name: 'move',
    text: moveOf(lane),
    values: [batch, floor],
  });
  const { count, position, looked, highest, latest, xmin, xact } = rows[0]!;
  return {
    count: Number(count),
    position: position === null ? null : Number(position),
    looked: Number(looked),
    highest: highest === null ? null : Number(highest),
    latest: Number(latest),
    xmin: BigInt(xmin!),
    xact: xact === null ? null : BigInt(xact),
  };
}
