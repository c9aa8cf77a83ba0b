import type { Statement } from '@stoettesystemer/postgres';

/** One registration, as the outbox takes it: classification only, never a name, an address or a CPR number. */
export interface OutboxEvent {
  /** CVR, eight digits. */
  readonly owner: string;
  /** UUID of the registration: the event's id. */
  readonly registration: string;
  readonly type: string;
  readonly object: string;
  readonly number: number;
  /** opstaaet, importeret, rettet, passiveret, slettet */
  readonly action: string;
  /** RFC 3339, UTC; null for the time at which the transaction began. */
  readonly recordedAt: string | null;
  readonly changed: readonly string[];
  readonly kle: string | null;
  readonly foelsomhed: string | null;
  readonly transaction: string | null;
  readonly traceparent: string | null;
  /** False keeps the place in the feed and publishes nothing (`udenNotifikation`). */
  readonly published: boolean;
}

/** Rows for the outbox, written in the same transaction as the registrations, after the objects were locked (R2, R3). */
export const toOutbox = (events: readonly OutboxEvent[]): Statement => ({
  name: 'outbox-add',
  text: `insert into outbox (owner, registration, type, object_id, number, action, recorded_at, changed, kle, foelsomhed,
      transaction, traceparent, published)
    select owner, registration, type, object_id, number, action, coalesce(recorded_at, now()), changed, kle, foelsomhed,
      transaction, traceparent, published from json_to_recordset($1::json) as e (owner int, registration uuid, type text, object_id uuid, number int,
      action text, recorded_at timestamptz, changed text[], kle text, foelsomhed text, transaction uuid,
      traceparent text, published boolean)`,
  values: [
    JSON.stringify(
      events.map(({ object, recordedAt, ...event }) => ({
        ...event,
        object_id: object,
        recorded_at: recordedAt,
      })),
    ),
  ],
});
