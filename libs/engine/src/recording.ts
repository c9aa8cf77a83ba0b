import { randomUUID } from 'node:crypto';
import { type OutboxEvent, toOutbox } from '@stoettesystemer/feed';
import { type Declaration, formatInstant, period as p, type Instant } from '@stoettesystemer/object';
import type { Statement } from '@stoettesystemer/postgres';
import type { Ask, ObjectInput } from './ask';
import { canonicalReference } from './assertions';
import type { Fact, Piece } from './piece';
import { classificationAt, type Scope } from './scopes';
import { proseOf, termsOf } from './term';

export type Lifecycle = 'Opstaaet' | 'Importeret' | 'Rettet' | 'Passiveret' | 'Slettet';

/** One registration of one object, ready to be written. */
export interface Recording {
  readonly type: Declaration;
  readonly uuid: string;
  readonly isNew: boolean;
  readonly number: number;
  /** Null for a new object: the database's time when the transaction began. */
  readonly at: Instant | null;
  readonly lifecycle: Lifecycle;
  readonly actor: string | null;
  readonly note: string | null;
  readonly sourceTime: string | null;
  readonly close: readonly Fact[];
  readonly add: readonly Piece[];
  /** As the object has them after the change. */
  readonly scopes: readonly Scope[];
  readonly changed: readonly string[];
  /** In a full history: facts that a later registration of the same request ends, and when. */
  readonly ends?: ReadonlyMap<Piece, Instant>;
  /** In a full history: when the first registration was made. */
  readonly born?: Instant;
  /** In a full history only the last registration is the object's present one. */
  readonly isLast?: boolean;
  /** Whose it is, where requests share a transaction. */
  readonly ask?: Ask;
}

/** Who is said to have made the registration: the one that the source names, or the one who asks. */
export const actorOf = ({ caller }: Ask, { brugerRef }: ObjectInput): string =>
  JSON.stringify(brugerRef ? canonicalReference(brugerRef) : { uuid: caller.subject });

const ACTIONS: Readonly<Record<Lifecycle, string>> = {
  Opstaaet: 'opstaaet',
  Importeret: 'importeret',
  Rettet: 'rettet',
  Passiveret: 'passiveret',
  Slettet: 'slettet',
};

const written = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));

/** Of rows that are put in one by one: there are many, and a pass for each column would cost one for each of them. */
const columns = (count: number): unknown[][] => Array.from({ length: count }, () => []);
function put(into: readonly unknown[][], row: readonly unknown[]): void {
  for (let at = 0; at < row.length; at++) into[at]!.push(row[at]);
}

const column = <T>(rows: readonly T[], read: (row: T) => unknown): unknown[] => rows.map(read);

/** The statements that write registrations of one municipality's objects, in the order that the constraints want. */
export function recordStatements(
  ask: Ask,
  recordings: readonly Recording[],
  ids: readonly number[],
  now: Instant,
): Statement[] {
  const owner = Number(ask.caller.owner);
  const statements: Statement[] = [];
  const present = recordings.filter(({ isLast = true }) => isLast);
  const fresh = present.filter(({ isNew }) => isNew);
  const known = present.filter(({ isNew }) => !isNew);
  if (fresh.length > 0)
    statements.push({
      name: 'object-add',
      text: `insert into object (owner, id, type, number, lifecycle, created_at, recorded_at, source_time, scopes)
        select $1::int, id, type, number, lifecycle, coalesce(created_at, now()), coalesce(recorded_at, now()),
            source_time, scopes
          from unnest($2::uuid[], $3::text[], $4::int[], $5::text[], $6::timestamptz[], $7::timestamptz[],
            $8::timestamptz[], $9::jsonb[])
            as r (id, type, number, lifecycle, created_at, recorded_at, source_time, scopes)
         -- Two imports of the same new objects wait for each other in one order.
         order by id`,
      values: [
        owner,
        column(fresh, ({ uuid }) => uuid),
        column(fresh, ({ type }) => type.name),
        column(fresh, ({ number }) => number),
        column(fresh, ({ lifecycle }) => lifecycle),
        column(fresh, ({ at, born }) => written(born ?? at)),
        column(fresh, ({ at }) => written(at)),
        column(fresh, ({ sourceTime }) => sourceTime),
        column(fresh, ({ scopes }) => JSON.stringify(scopes)),
      ],
    });
  if (known.length > 0)
    statements.push({
      name: 'object-change',
      text: `update object o set number = r.number, lifecycle = r.lifecycle, recorded_at = r.recorded_at,
          source_time = coalesce(r.source_time, o.source_time), scopes = r.scopes
        from unnest($2::uuid[], $3::int[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::jsonb[])
          as r (id, number, lifecycle, recorded_at, source_time, scopes)
        where o.owner = $1::int and o.id = r.id`,
      values: [
        owner,
        column(known, ({ uuid }) => uuid),
        column(known, ({ number }) => number),
        column(known, ({ lifecycle }) => lifecycle),
        column(known, ({ at }) => written(at)),
        column(known, ({ sourceTime }) => sourceTime),
        column(known, ({ scopes }) => JSON.stringify(scopes)),
      ],
    });
  const registrations = recordings.map((recording) => ({ ...recording, id: randomUUID() }));
  statements.push({
    name: 'registration-add',
    text: `insert into registration (owner, object_id, number, id, recorded_at, lifecycle, actor, note, source_time)
      select $1::int, object_id, number, id, coalesce(recorded_at, now()), lifecycle, actor, note, source_time
        from unnest($2::uuid[], $3::int[], $4::uuid[], $5::timestamptz[], $6::text[], $7::json[], $8::text[],
          $9::timestamptz[]) as r (object_id, number, id, recorded_at, lifecycle, actor, note, source_time)`,
    values: [
      owner,
      column(registrations, ({ uuid }) => uuid),
      column(registrations, ({ number }) => number),
      column(registrations, ({ id }) => id),
      column(registrations, ({ at }) => written(at)),
      column(registrations, ({ lifecycle }) => lifecycle),
      column(registrations, ({ actor }) => actor),
      column(registrations, ({ note }) => note),
      column(registrations, ({ sourceTime }) => sourceTime),
    ],
  });
  statements.push(...closing(owner, recordings), ...adding(owner, recordings, ids));
  statements.push(toOutbox(registrations.map((recording) => eventOf(recording.ask ?? ask, recording, now))));
  return statements;
}

function closing(owner: number, recordings: readonly Recording[]): Statement[] {
  const closed = recordings.flatMap(({ close, at }) => close.map(({ id }) => ({ id, at: written(at) })));
  if (closed.length === 0) return [];
  const ids = column(closed, ({ id }) => id);
  return [
    {
      name: 'fact-close',
      text: `update fact f set recorded = tstzrange(lower(f.recorded), c.at)
        from unnest($2::bigint[], $3::timestamptz[]) as c (id, at) where f.owner = $1::int and f.id = c.id`,
      values: [owner, ids, column(closed, ({ at }) => at)],
    },
    {
      name: 'term-former',
      text: `update term set believed = false where owner = $1::int and fact = any($2::bigint[])`,
      values: [owner, ids],
    },
  ];
}

/** The statements that write facts, and what they are found by. */
export function adding(
  owner: number,
  recordings: readonly Pick<Recording, 'type' | 'uuid' | 'number' | 'at' | 'add' | 'ends'>[],
  ids: readonly number[],
): Statement[] {
  const facts = columns(11);
  const terms = columns(5);
  const prose = columns(5);
  let next = 0;
  for (const { type, uuid, number, at, add, ends } of recordings) {
    const from = written(at);
    for (const piece of add) {
      const { section, facet, slot, value, about, period } = piece;
      const id = ids[next++]!;
      const until = ends?.get(piece) ?? null;
      const when = [p.toRange(period), from, written(until)];
      put(facts, [id, uuid, section, facet, slot, value, about, ...when, number]);
      for (const term of termsOf(type, piece)) put(terms, [term.field, term.value, uuid, id, until === null]);
      for (const { weight, body } of proseOf(type, piece)) put(prose, [type.name, uuid, id, weight, body]);
    }
  }
  if (next === 0) return [];
  const statements: Statement[] = [
    {
      name: 'fact-add',
      text: `insert into fact (owner, id, object_id, section, facet, slot, value, about, valid, recorded, number)
        select $1::int, id, object_id, section, facet, slot, value, about, valid,
            tstzrange(coalesce(recorded_from, now()), recorded_to), number
          from unnest($2::bigint[], $3::uuid[], $4::"char"[], $5::text[], $6::text[], $7::json[], $8::json[],
            $9::tstzrange[], $10::timestamptz[], $11::timestamptz[], $12::int[])
            as r (id, object_id, section, facet, slot, value, about, valid, recorded_from, recorded_to, number)`,
      values: [owner, ...facts],
    },
  ];
  if (terms[0]!.length > 0)
    statements.push({
      name: 'term-add',
      text: `insert into term (owner, field, value, object_id, fact, believed)
        select $1::int, field, value, object_id, fact, believed
          from unnest($2::int[], $3::text[], $4::uuid[], $5::bigint[], $6::boolean[])
            as r (field, value, object_id, fact, believed)`,
      values: [owner, ...terms],
    });
  if (prose[0]!.length > 0)
    statements.push({
      name: 'prose-add',
      text: `insert into prose (owner, type, object_id, fact, weight, body)
        select $1::int, type, object_id, fact, weight, body
          from unnest($2::text[], $3::uuid[], $4::bigint[], $5::"char"[], $6::text[])
            as r (type, object_id, fact, weight, body)`,
      values: [owner, ...prose],
    });
  return statements;
}

const eventOf = (ask: Ask, recording: Recording & { id: string }, now: Instant): OutboxEvent => ({
  owner: ask.caller.owner,
  registration: recording.id,
  type: recording.type.name,
  object: recording.uuid,
  number: recording.number,
  action: ACTIONS[recording.lifecycle],
  recordedAt: written(recording.at),
  changed: recording.changed,
  ...classificationAt(recording.scopes, now),
  transaction: ask.transaction,
  traceparent: ask.traceparent ?? null,
  published: ask.quiet !== true,
});
