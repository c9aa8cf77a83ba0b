/** A CloudEvent as it comes out of a feed, a dueslag or a webhook (contract §7). */
export interface Event {
  readonly specversion: '1.0';
  /** (source, id) is the same only for the same event. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  readonly time?: string;
  readonly sequence?: string;
  readonly beskedtype?: string;
  readonly objekttype?: string;
  readonly objekthandling?: string;
  readonly ansvarligmyndighed?: string;
  readonly opgaveemne?: string;
  readonly foelsomhed?: string;
  /** Of a registry: what has changed, and where it can be read. */
  readonly data?: unknown;
  readonly [attribute: string]: unknown;
}

/** The number of the registration that an event tells of; null for one that says none. */
export function registrationNumber({ data }: Pick<Event, 'data'>): number | null {
  const number = (data as { nummer?: unknown } | null | undefined)?.nummer;
  return Number.isSafeInteger(number) ? (number as number) : null;
}
