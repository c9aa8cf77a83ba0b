import type { CloudEvent } from './cloud-event';

/**
 * Carries a service's events on: to Beskedfordeler, to a broker. Nothing here implements it; the pump that drives one
 * reads the feed in the role `stoette_feed`, with no caller, wakes by a `Listener`, and runs beside the sequencer, in the
 * process whose `Sequencer` is leading.
 *
 * The pump's side of the bargain (R7): it hands over the published events of all owners in the order of their positions,
 * one batch after the other, each only when the one before has resolved. Then, and not before, it stores the last
 * position of the batch, with the feed's epoch, as the publisher's checkpoint. When `publish` rejects, or the process
 * dies, it begins again after the checkpoint, with the same events and the same ids. Another epoch than the
 * checkpoint's means that the database was restored: it goes on from the feed's end and says so in the log.
 *
 * The publisher's side: to resolve only when every event of the batch is safe with the receiver (confirmed by the
 * broker, 202 from Beskedfordeler), and to leave their order alone. So each event arrives at least once, and the
 * receiver knows a repetition by (source, id).
 */
export interface Publisher {
  publish(events: readonly CloudEvent[]): Promise<void>;
}
