import type { CloudEvent } from '../envelope/cloud-event/cloud-event';

/*
 * What push and AMQP are made on. A transport only carries; all that is to be remembered is in PostgreSQL.
 *
 *   couriers.start(transport);   // `Couriers` is injected; once, in every process, when the application has started
 *
 * The courier finds the dueslag whose `levering` is the transport's and in which something is due, leases deliveries there
 * (a subject in a lease is nobody else's, in any process), leaves out what the receiver's agreement does not give at this
 * moment, and hands each subject's deliveries to `carry` as one run, in order; runs of different subjects at the same time,
 * at most `atOnce` of a dueslag. What `carry` answers is written down before anything more of that subject is leased.
 *
 *   delivered  it is the receiver's: never again, unless it is asked for by genafspil.
 *   retry      not before `after`; nothing later of the subject until then. Other subjects go on.
 *   dead       to the fejlkø, with its reason; the subject goes on with the next.
 *   closed     the receiver wants no more of anything: the dueslag is put on hold until it is registered anew.
 *
 * A crash between `carry` and the settling means that the same is carried again after the lease: at least once, with the
 * same id. A lease that ran out in the meantime settles nothing: somebody else may have it.
 */

/** How a dueslag is reached; as it is registered at this moment. */
export interface OutgoingMailbox {
  /** CVR. */
  readonly owner: string;
  readonly uuid: string;
  /** UUID of the it-system that it belongs to. */
  readonly system: string;
  readonly delivery: 'hent' | 'push' | 'amqp';
  /** Where push goes. */
  readonly receiver: string | null;
  readonly envelope: 'cloudevents' | 'xml';
}

/** One message on its way to one dueslag, as this receiver is to have it. */
export interface Outgoing {
  /** In the dueslag; dense. */
  readonly position: number;
  /** The order key that all of its run have. */
  readonly subject: string;
  /** How many times it has been tried. */
  readonly attempts: number;
  /** Its `tilladtmodtager` holds only whom the receiver may see. */
  readonly event: CloudEvent;
}

export type Outcome =
  | { readonly kind: 'delivered' }
  /** `reason`: a few words, without anything of the message. */
  | { readonly kind: 'retry'; readonly after: Date; readonly reason: string }
  | { readonly kind: 'dead'; readonly reason: string }
  | { readonly kind: 'closed'; readonly reason: string };

export interface Transport {
  readonly delivery: 'push' | 'amqp';
  /** Runs of one dueslag under way at the same time. */
  readonly atOnce: number;
  /** Deliveries leased at a time from one dueslag, and for how long (seconds). */
  readonly batch: number;
  readonly lease: number;
  /**
   * Runs of the dueslag that may be under way just now: `atOnce`, and so much when it is left out; fewer to try whether a
   * receiver that was down has come back; 0: nothing is leased. It is asked often, and answers from memory.
   */
  room?(mailbox: OutgoingMailbox): number;
  /**
   * Carries the deliveries of one subject, in order. Answers an outcome for each that it came to; it stops at the first
   * that is neither delivered nor dead, and the rest are given back untried. Never rejects for what a receiver does; when
   * it does reject, the whole run is given back as it was, to be tried again soon.
   */
  carry(mailbox: OutgoingMailbox, run: readonly Outgoing[], signal: AbortSignal): Promise<readonly Outcome[]>;
}
