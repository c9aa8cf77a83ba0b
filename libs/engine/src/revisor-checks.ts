/** The invariants of trust §3.4 that show in a service's own database. */
export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I10' | 'I11';

/** Something that cannot be. `keys` say where, without personal data. */
export interface Finding {
  readonly invariant: Invariant;
  /** In Danish. */
  readonly what: string;
  readonly keys: Readonly<Record<string, string | number | null>>;
}

export interface Check extends Pick<Finding, 'invariant' | 'what'> {
  /** One row for each breach; its columns are the keys. */
  readonly sql: string;
}

/** Events, those with a place and those that wait for one, in the order they are told. */
const EVENT = `(
  select 0 as waits, pos as place, owner, registration, type, object_id, number, action, recorded_at, transaction from feed
  union all
  select 1, id, owner, registration, type, object_id, number, action, recorded_at, transaction from outbox)`;

/** Ten digits that begin with a day and a month and are no part of a longer word, a UUID for instance. */
const PERSON_NUMBER = `'(?<![0-9A-Za-z])(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])[0-9]{2}[- ]?[0-9]{4}(?![0-9A-Za-z])'`;

const events: readonly Check[] = [
  {
    invariant: 'I1',
    what: 'Registreringen har ingen hændelse.',
    // What retention has taken away is not missed: it took what came into the feed before all that is left.
    sql: `select r.owner, r.object_id as object, r.number from registration r, feed_state s
      where not exists (select from ${EVENT} e where e.owner = r.owner and e.registration = r.id)
        and (s.first_pos = 1 or r.recorded_at > (select min(placed_at) from feed))`,
  },
  {
    invariant: 'I1',
    what: 'Ændringen står ikke i sikkerhedsloggen.',
    sql: `select e.owner, e.object_id as object, e.number from ${EVENT} e
      where not exists (select from audit a where a.owner = e.owner and a.transaction = e.transaction and a.allowed
        and e.object_id = any(a.objects))`,
  },
  {
    invariant: 'I2',
    what: 'Hændelsen har ingen registrering.',
    // An erasure takes the registrations before it and leaves their places in the feed.
    sql: `select e.owner, e.object_id as object, e.number, e.registration from ${EVENT} e
      where not exists (select from registration r where r.owner = e.owner and r.object_id = e.object_id and r.id = e.registration)
        and not exists (select from registration r where r.owner = e.owner and r.object_id = e.object_id
          and r.number > e.number and r.lifecycle = 'Slettet'
          and not exists (select from registration f where f.owner = r.owner and f.object_id = r.object_id and f.number < r.number))`,
  },
  {
    invariant: 'I3',
    what: 'Positionerne har et hul.',
    sql: `select p.pos as position from (select pos, lag(pos) over (order by pos) as former from feed) p
      where p.pos <> p.former + 1`,
  },
  {
    invariant: 'I3',
    what: 'Positionerne begynder eller slutter et andet sted, end feedet siger.',
    sql: `select s.first_pos as first, s.last_pos as last, f.low, f.high from feed_state s,
        (select min(pos) as low, max(pos) as high from feed) f
      where s.last_pos <> coalesce(f.high, s.first_pos - 1) or s.first_pos <> coalesce(f.low, s.first_pos)`,
  },
  {
    invariant: 'I4',
    what: 'Hændelserne for objektet står ikke i rækkefølge.',
    sql: `select o.owner, o.object, o.number from (
        select e.owner, e.object_id as object, e.number,
               lag(e.number) over (partition by e.owner, e.object_id order by e.waits, e.place) as former from ${EVENT} e) o
      where o.number <= o.former`,
  },
  {
    invariant: 'I5',
    what: 'Registreringen har flere hændelser.',
    sql: `select e.owner, e.registration, count(*)::int as times from ${EVENT} e
      group by e.owner, e.registration having count(*) > 1`,
  },
  {
    invariant: 'I5',
    what: 'Én ændring står under flere id’er.',
    sql: `select e.owner, e.object_id as object, e.number from ${EVENT} e
      group by e.owner, e.object_id, e.number having count(distinct e.registration) > 1`,
  },
  {
    invariant: 'I5',
    what: 'Hændelsen siger noget andet end registreringen.',
    sql: `select e.owner, e.object_id as object, e.number, e.registration from ${EVENT} e
      join registration r on r.owner = e.owner and r.id = e.registration
      join object o on o.owner = r.owner and o.id = r.object_id
      where (e.object_id, e.number, e.recorded_at, e.action, e.type)
         <> (r.object_id, r.number, r.recorded_at, lower(r.lifecycle), o.type)`,
  },
];

const objects: readonly Check[] = [
  {
    invariant: 'I4',
    what: 'Registreringerne er ikke fortløbende.',
    sql: `select n.owner, n.object, n.number from (
        select owner, object_id as object, number, lifecycle,
               lag(number) over (partition by owner, object_id order by number) as former from registration) n
      where n.number <> coalesce(n.former + 1, case when n.lifecycle = 'Slettet' then n.number else 1 end)`,
  },
  {
    invariant: 'I4',
    what: 'Registreringernes tid stiger ikke.',
    sql: `select t.owner, t.object, t.number from (
        select owner, object_id as object, number, recorded_at,
               lag(recorded_at) over (partition by owner, object_id order by number) as former from registration) t
      where t.recorded_at <= t.former`,
  },
  {
    invariant: 'I6',
    what: 'Objektet er ikke, som dets sidste registrering siger.',
    sql: `select o.owner, o.id as object, o.number from object o
      left join lateral (select * from registration r where r.owner = o.owner and r.object_id = o.id
        order by r.number desc limit 1) r on true
      where (o.number, o.lifecycle, o.recorded_at) is distinct from (r.number, r.lifecycle, r.recorded_at)`,
  },
  {
    invariant: 'I6',
    what: 'Oplysningen er ikke registreret, da dens registrering blev til.',
    sql: `select f.owner, f.object_id as object, f.id as fact, f.number from fact f
      left join registration r on r.owner = f.owner and r.object_id = f.object_id and r.number = f.number
      where r.recorded_at is distinct from lower(f.recorded)`,
  },
  {
    invariant: 'I6',
    what: 'Oplysningen er afsluttet, uden at en senere registrering gjorde det.',
    sql: `select f.owner, f.object_id as object, f.id as fact, f.number from fact f
      where not upper_inf(f.recorded) and not exists (select from registration r
        where r.owner = f.owner and r.object_id = f.object_id and r.number > f.number and r.recorded_at = upper(f.recorded))`,
  },
  ...(
    [
      ['term', 'or t.believed <> upper_inf(f.recorded)'],
      ['prose', ''],
    ] as const
  ).map(([table, alsoWrong]): Check => ({
    invariant: 'I6',
    what: 'Søgningen tror noget andet om oplysningen end den selv.',
    sql: `select t.owner, t.object_id as object, t.fact from ${table} t
        left join fact f on f.owner = t.owner and f.id = t.fact
        where f.id is null or t.object_id <> f.object_id ${alsoWrong}`,
  })),
  {
    invariant: 'I7',
    what: 'To oplysninger om det samme overlapper i begge tider.',
    sql: `select a.owner, a.object_id as object, a.id as fact, b.id as other from fact a
      join fact b on b.owner = a.owner and b.object_id = a.object_id and b.key = a.key and b.id > a.id
        and b.valid && a.valid and b.recorded && a.recorded`,
  },
  {
    invariant: 'I10',
    what: 'Rækken har en anden ejer end det objekt, den hører til.',
    sql: `select c.owner, c.object_id as object, c.kind from (
        select owner, object_id, 'fact' as kind from fact
        union select owner, object_id, 'registration' from registration
        union select owner, object_id, 'term' from term
        union select owner, object_id, 'prose' from prose
        union select owner, object_id, 'event' from ${EVENT} e) c
      where not exists (select from object o where o.owner = c.owner and o.id = c.object_id)`,
  },
];

const guards: readonly Check[] = [
  {
    invariant: 'I7',
    what: 'En af databasens egne vagter mangler eller er slået fra.',
    sql: `select g.guard from unnest(array['fact_law', 'fact_valid', 'fact_recorded', 'fact_closed', 'fact_deleted',
        'fact_emptied', 'registration_edited', 'registration_deleted', 'registration_emptied', 'audit_edited',
        'audit_emptied', 'object_deleted', 'object_edited', 'object_emptied', 'feed_edited', 'feed_deleted', 'feed_emptied',
        'outbox_deleted', 'outbox_emptied']) g (guard)
      where not exists (select from pg_constraint c where c.conname = g.guard and c.convalidated)
        and not exists (select from pg_trigger t where t.tgname = g.guard and t.tgenabled = 'O')`,
  },
  {
    invariant: 'I10',
    what: 'Tabellen er ikke adskilt efter ejer.',
    sql: `select c.relname as "table" from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'owner' and not a.attisdropped
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
        and not (c.relrowsecurity and c.relforcerowsecurity)`,
  },
];

const personal: readonly Check[] = [
  {
    invariant: 'I11',
    what: 'Hændelsen ser ud til at indeholde et CPR-nummer.',
    sql: `select e.owner, e.object_id as object, e.number from (
        select owner, object_id, number, concat_ws(' ', action, changed::text, kle, foelsomhed, traceparent) as said from feed
        union all
        select owner, object_id, number, concat_ws(' ', action, changed::text, kle, foelsomhed, traceparent) from outbox) e
      where e.said ~ ${PERSON_NUMBER}`,
  },
  {
    invariant: 'I11',
    what: 'Sikkerhedsloggen ser ud til at indeholde et CPR-nummer.',
    sql: `select a.owner, a.id as line from audit a
      where concat_ws(' ', a.operation, a.subject, a.criteria::text, a.purpose, a.rule) ~ ${PERSON_NUMBER}`,
  },
  {
    invariant: 'I11',
    what: 'Et gemt svars adresse ser ud til at indeholde et CPR-nummer.',
    sql: `select i.owner, i.object_id as object from idempotency i where i.headers::text ~ ${PERSON_NUMBER}`,
  },
];

/** Each is one statement over all owners. */
export const CHECKS: readonly Check[] = [...events, ...objects, ...guards, ...personal];
