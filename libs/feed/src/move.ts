/**
 * Moves committed outbox rows to the next positions of the feed and tells all processes, in one statement.
 *
 * Right because a row is moved only when it can be seen, so that neither a gap in the identity numbers nor a late
 * commit can be passed over; and two changes of one object keep their order, because the later one takes its number
 * under the object's lock, after the earlier one committed (R3). The row lock on feed_state makes a second sequencer,
 * should there ever be one, wait and go on from where the first stopped; the primary key of feed is the last fence.
 *
 * The notice holds the highest position and the owners concerned, so that only they wake; a notice has 8,000 bytes.
 * `$1`: events at most. Answers one row { count, position }, none when nothing was to be moved.
 */
export const MOVE = `
  with moved as (
    delete from outbox where id in (select id from outbox order by id limit $1::int) returning *
  ), state as (
    update feed_state set last_pos = last_pos + (select count(*) from moved)
     where exists (select from moved) returning last_pos
  ), placed as (
    insert into feed (pos, owner, registration, type, object_id, number, action, recorded_at, changed, kle, foelsomhed,
      transaction, traceparent, published)
    select last_pos - (select count(*) from moved) + row_number() over (order by id), owner, registration, type,
           object_id, number, action, recorded_at, changed, kle, foelsomhed, transaction, traceparent, published
      from moved, state
    returning pos, owner
  ), batch as (
    select count(*)::int as count, max(pos) as position, string_agg(distinct owner::text, ' ') as owners from placed
  )
  select count, position, pg_notify('feed', position || ' ' || case when length(owners) < 7000 then owners else '*' end)
    from batch where count > 0`;
