import type { Statement } from '@stoettesystemer/postgres';
import { MESSAGE_COLUMNS } from '../message/stored-message';

/** Where deliveries are: a dueslag of a municipality. */
export interface Place {
  /** CVR. */
  readonly owner: string;
  readonly uuid: string;
}

/** What a delivery has come to. */
export interface Settled {
  readonly position: number;
  /** w: it goes on waiting. */
  readonly state: 'w' | 'a' | 't' | 'f';
  readonly reason?: string | null;
  readonly nextAt?: Date | null;
  /** Whether it was tried. */
  readonly tried?: boolean;
}

/** After so many leases that ran out, nobody is expected to manage it (C17). */
export const MOST_ATTEMPTS = 10;
/** Bytes of sealed content in one lease or page, beside the first message's. */
const MOST_BYTES = 4 * 1024 * 1024;

const at = ({ owner, uuid }: Place) => [Number(owner), uuid] as const;

/**
 * Goes before the others of its transaction. A dueslag is full at one moment and empty at the next, and PostgreSQL plans for
 * what it was when statistics were gathered last: what is looked for is few rows by their keys, always.
 */
export const byKey: Statement = {
  name: 'lease-by-key',
  text: `select set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)`,
};

/** One claim at a time in a dueslag: two that looked at once would both see the same subject free. */
export const holdMailbox = (place: Place): Statement => ({
  name: 'lease-alone',
  text: `select pg_advisory_xact_lock(hashtextextended($1, 0))`,
  values: [`dueslag ${place.owner} ${place.uuid}`],
});

/** Leases that have run out give back what they have, and each of those has been tried once more. */
export const giveBack = (place: Place): Statement => ({
  name: 'lease-expire',
  text: `
    with over as (
      delete from lease where owner = $1::int and mailbox = $2::uuid and until <= clock_timestamp() returning positions
    )
    update delivery set attempts = attempts + 1,
           state = case when attempts + 1 >= ${MOST_ATTEMPTS} then 'f' else state end,
           reason = case when attempts + 1 >= ${MOST_ATTEMPTS} then 'krav_udloebet' else reason end,
           settled_at = case when attempts + 1 >= ${MOST_ATTEMPTS} then clock_timestamp() end
     where owner = $1::int and mailbox = $2::uuid and state = 'w'
       and pos = any (array(select unnest(positions) from over))`,
  values: at(place),
});

/**
 * The first that are free among the next `window` waiting ones. A subject that is in a lease, or of which one waits to be
 * tried again, is not free from there on.
 */
export const freeIn = (
  place: Place,
  ask: {
    readonly after: number;
    readonly window: number;
    readonly blocked: readonly string[];
    readonly limit: number;
  },
): Statement => ({
  name: 'lease-look',
  text: `
    with busy as materialized (
      select unnest(subjects) as subject from lease where owner = $1::int and mailbox = $2::uuid
      union select unnest($5::bigint[])
    ), open as materialized (
      select d.pos, d.sender, d.message, d.subject, d.attempts,
             d.next_at > clock_timestamp() is true or b.subject is not null as held,
             d.next_at
        from (select * from delivery where owner = $1::int and mailbox = $2::uuid and state = 'w' and pos > $3::bigint
               order by pos limit $4::int) d
        left join busy b on b.subject = d.subject
    ), judged as (
      select *, bool_or(held) over (partition by subject order by pos) as blocked from open
    ), free as (
      select * from judged where not blocked order by pos limit $6::int
    ), read as (
      select f.pos, f.attempts, f.subject, ${MESSAGE_COLUMNS},
             coalesce(sum(octet_length(m.data)) over (order by f.pos rows between unbounded preceding and 1 preceding), 0)
               as before
        from free f left join message m on m.owner = f.sender and m.number = f.message
    ), summary as (
      select count(*)::int as looked, max(pos) as reached, (select count(*)::int from free) as free,
             array_to_json(array_agg(distinct subject::text) filter (where blocked))::text as blocked,
             extract(epoch from least(min(next_at) filter (where next_at > clock_timestamp()),
               (select min(until) from lease where owner = $1::int and mailbox = $2::uuid)) - clock_timestamp())::text as wait
        from judged
    )
    select s.looked, s.reached, s.free, s.blocked, s.wait, r.pos, r.attempts, r.subject::text as subject, r.sender, r.source, r.id,
           r.envelope, r.data
      from summary s left join (select * from read where before < ${MOST_BYTES}) r on true order by r.pos`,
  values: [...at(place), ask.after, ask.window, ask.blocked, ask.limit],
});

export const takeLease = (
  place: Place,
  {
    seconds,
    positions,
    subjects,
  }: { seconds: number; positions: readonly number[]; subjects: readonly string[] },
): Statement => ({
  name: 'lease-take',
  text: `insert into lease (owner, mailbox, until, positions, subjects)
    values ($1::int, $2::uuid, clock_timestamp() + make_interval(secs => $3::int), $4::bigint[], $5::bigint[])
    returning id, instant(until) as until`,
  values: [...at(place), seconds, positions, subjects],
});

/** The fence: no row means that the lease is over, and what it had may be somebody else's. */
export const holdLease = (place: Place, lease: string): Statement => ({
  name: 'lease-hold',
  text: `select array_to_json(positions)::text as positions from lease
    where owner = $1::int and mailbox = $2::uuid and id = $3::uuid and until > clock_timestamp() for update`,
  values: [...at(place), lease],
});

/** The messages of a lease that is not over, by the ids of their events. */
export const idsIn = (place: Place, lease: string): Statement => ({
  name: 'lease-ids',
  text: `
    with held as materialized (
      select unnest(positions) as pos from lease
       where owner = $1::int and mailbox = $2::uuid and id = $3::uuid and until > clock_timestamp()
    )
    select d.pos, m.id from held h
     cross join lateral (select pos, sender, message from delivery
       where owner = $1::int and mailbox = $2::uuid and pos = h.pos limit 1) d
     cross join lateral (select id from message where owner = d.sender and number = d.message limit 1) m`,
  values: [...at(place), lease],
});

/** One statement for those that have come to the same: each is looked up by its key. */
export function settle(place: Place, settled: readonly Settled[]): Statement[] {
  const alike = new Map<string, Settled[]>();
  for (const each of settled) {
    const { position: _, ...outcome } = each;
    const key = JSON.stringify(outcome);
    alike.set(key, [...(alike.get(key) ?? []), each]);
  }
  return [...alike.values()].map((group) => {
    const { state, reason = null, nextAt = null, tried = false } = group[0]!;
    return {
      name: 'delivery-settle',
      text: `update delivery set state = $4::"char", reason = $5, next_at = $6::timestamptz, attempts = attempts + $7::int,
          settled_at = case when $4::"char" <> 'w' then clock_timestamp() end
        where owner = $1::int and mailbox = $2::uuid and pos = any ($3::bigint[]) and state = 'w'`,
      values: [
        ...at(place),
        group.map(({ position }) => position),
        state,
        reason,
        nextAt?.toISOString() ?? null,
        tried ? 1 : 0,
      ],
    };
  });
}

/** What is left in a lease; nothing is the end of it. */
export const keepOnly = (place: Place, lease: string, positions: readonly number[]): Statement =>
  positions.length === 0
    ? {
        name: 'lease-end',
        text: 'delete from lease where owner = $1::int and mailbox = $2::uuid and id = $3::uuid',
        values: [...at(place), lease],
      }
    : {
        name: 'lease-keep',
        text: `update lease set positions = $4::bigint[], subjects = array(select distinct subject from delivery
              where owner = $1::int and mailbox = $2::uuid and pos = any ($4::bigint[]))
          where owner = $1::int and mailbox = $2::uuid and id = $3::uuid`,
        values: [...at(place), lease, positions],
      };
