/**
 * Where an event that came in another envelope keeps it. A symbol, so that it goes along when an event is copied and is
 * nowhere when one is written as JSON: it may hold CPR numbers, and is stored as content is.
 */
export const ORIGINAL = Symbol('original');

/** Any event that may be sent through us, in the JSON format of CloudEvents 1.0. */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  readonly time?: string;
  readonly datacontenttype?: string;
  readonly dataschema?: string;
  readonly beskedtype?: string;
  readonly objekttype?: string;
  readonly objekthandling?: string;
  /** CVR of the municipality whose event it is. */
  readonly ansvarligmyndighed?: string;
  readonly opgaveemne?: string;
  readonly foelsomhed?: string;
  /** CVR numbers with a comma between: who may receive it. */
  readonly tilladtmodtager?: string;
  /** What else it is about, with a comma between: UUIDs, URNs, and keyed references to citizens. */
  readonly relateretobjekt?: string;
  readonly sequence?: string;
  readonly data?: unknown;
  readonly data_base64?: string;
  readonly [ORIGINAL]?: string;
  readonly [extension: string]: unknown;
}

export const EVENT_TYPE = 'application/cloudevents+json';
export const BATCH_TYPE = 'application/cloudevents-batch+json';

/** What an event must have to be distributed at all: agreements are by beskedtype, and events are somebody's. */
export const DISTRIBUTED = ['beskedtype', 'ansvarligmyndighed'] as const;

const KIB = 1024;
export const EVENT_LIMITS = {
  batch: 1000,
  /** Bytes of `data` as JSON, or as what `data_base64` stands for. */
  data: 64 * KIB,
  attributes: 60,
  name: 40,
  value: 4096,
} as const;

/** The members of an event that are its content; all others are attributes. */
export const CONTENT = ['data', 'data_base64'] as const;
const CONTENT_NAMES: ReadonlySet<string> = new Set(CONTENT);
export const isContent = (name: string): boolean => CONTENT_NAMES.has(name);

/** Whether a media type is JSON. Where nothing is said, CloudEvents says JSON. */
export function isJson(type: string | undefined): boolean {
  if (type === undefined) return true;
  const [, subtype = ''] = (type.split(';')[0] ?? '').trim().toLowerCase().split('/');
  return subtype === 'json' || subtype.endsWith('+json');
}
