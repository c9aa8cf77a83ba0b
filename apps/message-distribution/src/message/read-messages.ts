import { BATCH_TYPE, type CloudEvent, EVENT_TYPE } from '../envelope/cloud-event/cloud-event';
import { type EventRequest, readEvents } from '../envelope/cloud-event/read-events';
import type { EventRules } from '../envelope/cloud-event/read-event';

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

/** The events of a request, in any of the forms that are taken in. @throws Refusal 400, 413, 415 */
export const readMessages = (request: EventRequest, rules: EventRules): readonly CloudEvent[] =>
  readEvents(named(request), rules);
