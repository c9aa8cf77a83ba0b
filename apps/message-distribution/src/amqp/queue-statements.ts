import type { Statement } from '@stoettesystemer/postgres';
import type { Place } from '../delivery/lease-statements';

/** How long a consumer may have a message without acknowledging it: longer than brokers let it (30 minutes, unless set otherwise). */
const UNACKNOWLEDGED = '1 hour';

/**
 * How long a queue may be lost without a word when a broker dies: RabbitMQ 3.10 does not know it any more when it was made
 * less than a few seconds before, though it has confirmed what it took.
 */
const YOUNG = '1 minute';

const at = ({ owner, uuid }: Place) => [Number(owner), uuid] as const;

/** One process at a time makes a queue. */
export const holdQueue = (place: Place): Statement => ({
  name: 'queue-alone',
  text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))',
  values: [`queue ${place.owner} ${place.uuid}`],
});

/** @param connected seconds since there is this connection: what was made since then is not meant. */
export const youngQueue = (place: Place, connected: number): Statement => ({
  name: 'queue-young',
  text: `select from queue, make_interval(secs => $3::float8) as ago where owner = $1::int and mailbox = $2::uuid
    and declared_at between clock_timestamp() - ago - interval '${YOUNG}' and clock_timestamp() - ago`,
  values: [...at(place), connected],
});

/** Whether something of the same subject waits that comes before. */
export const earlierThan = (place: Place, position: number): Statement => ({
  name: 'queue-earlier',
  text: `select from delivery d join delivery e on e.owner = d.owner and e.mailbox = d.mailbox and e.subject = d.subject
      and e.state = 'w' and e.pos < d.pos
    where d.owner = $1::int and d.mailbox = $2::uuid and d.pos = $3::bigint limit 1`,
  values: [...at(place), position],
});

/**
 * All that was handed to the broker, and that nobody is known to have taken from it, waits again. A queue that is made for
 * the first time has had nothing.
 */
export const refill = (place: Place): Statement => ({
  name: 'queue-refill',
  text: `
    with made as (
      insert into queue as q (owner, mailbox, emptied)
      values ($1::int, $2::uuid, coalesce((select pos from delivery where owner = $1::int and mailbox = $2::uuid
        and state = 'a' order by pos desc limit 1), 0))
      on conflict (owner, mailbox) do update set declared_at = clock_timestamp()
      returning emptied
    )
    update delivery d set state = 'w', attempts = 0, next_at = null, reason = null, settled_at = null
      from made where d.owner = $1::int and d.mailbox = $2::uuid and d.state = 'a' and d.pos > made.emptied`,
  values: at(place),
});

/** How far all is settled: by anybody, and so long ago that no consumer can still have it without having said so. */
export const settledIn = (place: Place): Statement => ({
  name: 'queue-settled',
  text: `
    select q.emptied,
           coalesce((select pos - 1 from delivery where owner = $1::int and mailbox = $2::uuid and state = 'w'
             order by pos limit 1), b.last_pos) as settled,
           coalesce((select pos - 1 from delivery where owner = $1::int and mailbox = $2::uuid and state = 'a'
             and pos > q.emptied and settled_at > clock_timestamp() - interval '${UNACKNOWLEDGED}'
             order by pos limit 1), b.last_pos) as old
      from queue q join mailbox b on b.owner = q.owner and b.id = q.mailbox
     where q.owner = $1::int and q.mailbox = $2::uuid`,
  values: at(place),
});

export const emptiedTo = (place: Place, position: number): Statement => ({
  name: 'queue-emptied',
  text: `update queue set emptied = $3::bigint where owner = $1::int and mailbox = $2::uuid and emptied < $3::bigint`,
  values: [...at(place), position],
});

export const forgetQueue = (place: Place): Statement => ({
  name: 'queue-forget',
  text: 'delete from queue where owner = $1::int and mailbox = $2::uuid',
  values: at(place),
});

/** After a place: queues of every municipality, in the order of the key. */
export const queuesAfter = (after: Place | null, limit: number): Statement => ({
  name: 'queue-list',
  text: `select owner, mailbox from queue
    where (owner, mailbox) > ($1::int, $2::uuid) order by owner, mailbox limit $3::int`,
  values: [after ? Number(after.owner) : 0, after?.uuid ?? '00000000-0000-0000-0000-000000000000', limit],
});
