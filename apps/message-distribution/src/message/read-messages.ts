import { Refusal } from '@stoettesystemer/object';
import { decodeUtf8 } from '@stoettesystemer/server';
import { BATCH_TYPE, type CloudEvent, EVENT_TYPE } from '../envelope/cloud-event/cloud-event';
import { type EventRequest, readEvents } from '../envelope/cloud-event/read-events';
import type { EventRules } from '../envelope/cloud-event/read-event';
import type { PersonReference } from '../envelope/person-number';
import { readMessage } from '../envelope/xml/read-message';

const PLAIN = /^\s*application\/json\s*(;|$)/i;
const OPENS_LIST = /^\s*\[/;

/** Plain JSON is taken for the format that it has the shape of: many clients cannot send another type. */
function named({ headers, body }: EventRequest): EventRequest {
  const type = headers['content-type'];
  if (typeof type !== 'string' || !PLAIN.test(type) || headers['ce-specversion'] !== undefined)
    return { headers, body };
  const isBatch = OPENS_LIST.test(body.subarray(0, 100).toString('latin1'));
  return { headers: { ...headers, 'content-type': isBatch ? BATCH_TYPE : EVENT_TYPE }, body };
}

const XML = /^\s*(?:application|text)\/xml\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;
const MARK = Buffer.from('\ufeff');

export interface MessageRules extends EventRules {
  readonly personReference: PersonReference;
  /** UUID of the it-system that sends. */
  readonly sender: string;
}

/** KOMBIT's Haendelsesbesked. Who answers for it must be whoever brings it. */
function fromXml(body: Buffer, rules: MessageRules): CloudEvent {
  const isMarked = body.subarray(0, MARK.length).equals(MARK);
  const { event, responsible } = readMessage(decodeUtf8(isMarked ? body.subarray(MARK.length) : body), rules);
  if (responsible === null || responsible === rules.sender) return event;
  const besked = 'BeskedAnsvarligAktoer skal være det it-system, som tokenet gælder.';
  const sti = '/Haendelsesbesked/Beskedkuvert/Filtreringsdata/BeskedAnsvarligAktoer';
  throw new Refusal(403, 'ansvarligaktoer', besked, { fejl: [{ sti, kode: 'ansvarligaktoer', besked }] });
}

/** The events of a request, in any of the forms that are taken in. @throws Refusal 400, 403, 413, 415 */
export function readMessages(request: EventRequest, rules: MessageRules): readonly CloudEvent[] {
  const { headers, body } = request;
  const type = headers['content-type'];
  return typeof type === 'string' && XML.test(type) && headers['ce-specversion'] === undefined
    ? [fromXml(body, rules)]
    : readEvents(named(request), rules);
}
