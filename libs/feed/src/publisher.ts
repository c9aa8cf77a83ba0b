import type { CloudEvent } from './cloud-event';

/**
 * Carries a service's events on, to Beskedfordeler. What drives one is the `Pump`.
 *
 * The pump's side of the bargain (R7): it hands over the published events of one municipality at a time in the order of
 * their positions, one batch after the other, each only when the one before has resolved. Then, and not before, it stores
 * the last position of the batch as the municipality's checkpoint. When `publish` rejects, or the process dies, it begins
 * again after the checkpoint, with the same events and the same ids.
 *
 * The publisher's side: to resolve only when every event of the batch is safe with the receiver (202 from
 * Beskedfordeler) or has been refused for good, and to leave their order alone. So each event arrives at least once, and
 * the receiver knows a repetition by (source, id).
 */
export interface Publisher {
  /** Where to; the checkpoints are kept under it. */
  readonly destination: string;
  /**
   * Answers how many were refused, each by itself, and would be again.
   * @param owner CVR, of all the events.
   * @throws NotPublished when it is to be tried again.
   */
  publish(owner: string, events: readonly CloudEvent[], signal: AbortSignal): Promise<number>;
}

/** Nothing is known to have arrived. */
export class NotPublished extends Error {
  constructor(
    /** A word or two, without anything of the events. */
    readonly reason: string,
    /** Milliseconds that the receiver asks for. */
    readonly retryAfter = 0,
  ) {
    super(reason);
  }
}
