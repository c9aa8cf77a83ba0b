import { type CloudEvent, isContent, ORIGINAL } from '../envelope/cloud-event/cloud-event';
import type { Seal } from './seal';

/** A message as its row has it, where it is read with its content. */
export interface MessageRow {
  /** CVR as a number. */
  readonly sender: number;
  readonly source: string;
  readonly id: string;
  readonly envelope: string;
  /** Base64; null where there is none. */
  readonly data: string | null;
}

/** Columns of `message m` for a MessageRow. */
export const MESSAGE_COLUMNS = `m.owner as sender, m.source, m.id, m.envelope, encode(m.data, 'base64') as data`;

const placeOf = (sender: number, source: string, id: string): string => `${sender} ${source} ${id}`;

/** What is sealed: the content, and the envelope that the event came in. */
interface Sealed extends Pick<CloudEvent, 'data' | 'data_base64'> {
  readonly original?: string;
}

/** The event without its content, and its content, if it has any, sealed. */
export function parted(event: CloudEvent, seal: Seal): { envelope: string; data: Buffer | null } {
  const members = Object.entries(event);
  const original = event[ORIGINAL];
  const content: Sealed = Object.fromEntries([
    ...members.filter(([name, value]) => isContent(name) && value !== undefined),
    ...(original === undefined ? [] : [['original', original]]),
  ]);
  const place = placeOf(Number(event.ansvarligmyndighed), event.source, event.id);
  return {
    envelope: JSON.stringify(Object.fromEntries(members.filter(([name]) => !isContent(name)))),
    data: Object.keys(content).length === 0 ? null : seal.close(JSON.stringify(content), place),
  };
}

/** The event as it was taken in. */
export function joined({ sender, source, id, envelope, data }: MessageRow, seal: Seal): CloudEvent {
  const attributes = JSON.parse(envelope) as CloudEvent;
  if (data === null) return attributes;
  const content = seal.open(Buffer.from(data, 'base64'), placeOf(sender, source, id));
  const { original, ...members } = JSON.parse(content) as Sealed;
  const event: CloudEvent = { ...attributes, ...members };
  return original === undefined ? event : { ...event, [ORIGINAL]: original };
}
