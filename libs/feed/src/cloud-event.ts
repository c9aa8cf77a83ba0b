import type { Declaration } from '@stoettesystemer/object';
import { beskedtypeOf } from './beskedtype';

/** What a registration can do to an object, as the last words of an event's type. */
export const ACTIONS = ['opstaaet', 'importeret', 'rettet', 'passiveret', 'slettet'] as const;

/** An event as it stands on the wire (contract §7). Thin: identifiers and classification, never what was registered. */
export interface CloudEvent {
  readonly specversion: '1.0';
  /** UUID of the registration. (source, id) is the same only for the same event. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** UUID of the object. */
  readonly subject: string;
  /** When it was registered: RFC 3339, UTC, up to microseconds. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly dataschema: string;
  /** The position in the feed, 20 digits, so that texts order as numbers do. */
  readonly sequence: string;
  readonly beskedtype: string;
  readonly objekttype: string;
  readonly objekthandling: string;
  /** CVR of the municipality. */
  readonly ansvarligmyndighed: string;
  /** KLE number. */
  readonly opgaveemne?: string;
  readonly foelsomhed?: string;
  readonly traceparent?: string;
  readonly data: EventData;
}

export interface EventData {
  readonly uuid: string;
  /** Of the registration. */
  readonly nummer: number;
  /** Names of the facets that changed. */
  readonly aendret: readonly string[];
  /** Path of the object as the registration left it. */
  readonly dataref: string;
}

/** A feed row as `scan` selects it. */
export interface FeedRow {
  readonly pos: number;
  readonly owner: number;
  readonly registration: string;
  readonly type: string;
  readonly object_id: string;
  readonly number: number;
  readonly action: string;
  readonly time: string;
  /** JSON array of texts. */
  readonly changed: string;
  readonly kle: string | null;
  readonly foelsomhed: string | null;
  readonly traceparent: string | null;
}

export const cvrOf = (owner: number): string => `${owner}`.padStart(8, '0');
export const sequenceOf = (position: number): string => `${position}`.padStart(20, '0');
export const eventType = (service: string, type: string, action: string): string =>
  `dk.stoettesystemerne.${service}.${type.toLowerCase()}.${action}.v1`;
/** Names the schema of `data`; CloudEvents wants an absolute URI, and a service has no address but its proxy's. */
export const dataSchemaOf = (service: string): string =>
  `urn:stoettesystemerne:skema:${service}:haendelse:v1`;

export const toCloudEvent = (service: string, { path }: Declaration, row: FeedRow): CloudEvent => ({
  specversion: '1.0',
  id: row.registration,
  source: `/${service}/${cvrOf(row.owner)}`,
  type: eventType(service, row.type, row.action),
  subject: row.object_id,
  time: row.time,
  datacontenttype: 'application/json',
  dataschema: dataSchemaOf(service),
  sequence: sequenceOf(row.pos),
  beskedtype: beskedtypeOf(service, row.type, row.action),
  objekttype: row.type,
  objekthandling: row.action,
  ansvarligmyndighed: cvrOf(row.owner),
  ...(row.kle === null ? {} : { opgaveemne: row.kle }),
  ...(row.foelsomhed === null ? {} : { foelsomhed: row.foelsomhed }),
  ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
  data: {
    uuid: row.object_id,
    nummer: row.number,
    aendret: JSON.parse(row.changed) as string[],
    dataref: `/${service}/v1/${path}/${row.object_id}/registreringer/${row.number}`,
  },
});
