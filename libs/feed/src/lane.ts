/**
 * The tables that one order of events is made in: rows wait in the outbox until the sequencer gives them their places in
 * the feed. All have the columns of the registrations' (`outbox`, `feed`, `feed_state`), but for what they carry.
 */
export interface Lane {
  readonly outbox: string;
  readonly feed: string;
  readonly state: string;
  /** Columns that go from the outbox to the feed as they are; the owner is among all. */
  readonly carries: readonly string[];
  /** Of the advisory lock that whoever sequences holds. Such locks belong to one database, so every service has its own. */
  readonly lock: number;
  /** Of the notices, which are read by a `Listener`. */
  readonly channel: string;
}

/** Every service's: its registrations. */
export const REGISTRATIONS: Lane = {
  outbox: 'outbox',
  feed: 'feed',
  state: 'feed_state',
  carries: [
    'registration',
    'type',
    'object_id',
    'number',
    'action',
    'recorded_at',
    'changed',
    'kle',
    'foelsomhed',
    'transaction',
    'traceparent',
    'published',
  ],
  // 'feed' in ASCII.
  lock: 0x66656564,
  channel: 'feed',
};
