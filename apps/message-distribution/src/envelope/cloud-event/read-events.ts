import { type Fault, malformed, Refusal } from '@stoettesystemer/object';
import { decodeUtf8, parseJson } from '@stoettesystemer/server';
import { pointerTo } from '../pointer';
import { BATCH_TYPE, type CloudEvent, EVENT_LIMITS, EVENT_TYPE, isContent, isJson } from './cloud-event';
import { headerValue } from './header-value';
import { type EventRules, readEvent } from './read-event';

/** An HTTP request as Node reads it: header names in lower case. */
export interface EventRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

const SHOWN = 50;
const PREFIX = 'ce-';

const notEvents = (): Refusal =>
  new Refusal(415, 'indholdstype', `Indholdet skal være ${EVENT_TYPE} eller ${BATCH_TYPE} i UTF-8.`);

function refuse(faults: readonly Fault[]): never {
  const kode = faults.every((fault) => fault.kode === 'for_stort') ? 'for_stort' : 'haendelse';
  throw new Refusal(
    kode === 'for_stort' ? 413 : 400,
    kode,
    'Hændelsen er ikke, som CloudEvents 1.0 og kontrakten kræver. Se fejl.',
    { fejl: faults.slice(0, SHOWN) },
  );
}

const headerOf = ({ headers }: EventRequest, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' || value === undefined ? value : value.join(', ');
};

/** The media type without its parameters, and its charset. */
function contentType(request: EventRequest): { essence: string; charset: string } {
  const [essence = '', ...parameters] = (headerOf(request, 'content-type') ?? '').toLowerCase().split(';');
  const charset = parameters
    .map((each) => /^\s*charset\s*=\s*"?([^"]*?)"?\s*$/.exec(each)?.[1])
    .find(Boolean);
  return { essence: essence.trim(), charset: charset ?? 'utf-8' };
}

function structured(value: unknown, rules: EventRules): readonly CloudEvent[] {
  const faults: Fault[] = [];
  const event = readEvent(value, '', rules, faults);
  return event ? [event] : refuse(faults);
}

function batch(value: unknown, rules: EventRules): readonly CloudEvent[] {
  if (!Array.isArray(value)) throw malformed('type', '', 'Skal være en liste af hændelser.');
  if (value.length > EVENT_LIMITS.batch)
    throw new Refusal(413, 'antal', `Der må højst være ${EVENT_LIMITS.batch} hændelser ad gangen.`);
  const faults: Fault[] = [];
  const events: CloudEvent[] = [];
  for (const [index, each] of value.entries()) {
    const event = readEvent(each, `/${index}`, rules, faults);
    if (event) events.push(event);
    if (faults.length >= SHOWN) break;
  }
  return faults.length > 0 ? refuse(faults) : events;
}

/** What a body is in the JSON format: JSON where it is JSON, text where it is text in UTF-8, else its bytes. */
function content(body: Buffer, type: string | undefined, charset: string): Partial<CloudEvent> {
  if (body.length === 0) return {};
  const isText = charset === 'utf-8' || (charset === 'us-ascii' && body.every((byte) => byte < 128));
  if (isText && isJson(type)) return { data: parseJson(decodeUtf8(body)) };
  if (isText && /^(text\/|application\/([^;]*\+)?xml\b)/i.test(type ?? '')) return { data: decodeUtf8(body) };
  return { data_base64: body.toString('base64') };
}

/** Attributes in headers, content in the body. A header is seen by many, so no citizen is named in one. */
function binary(request: EventRequest, { required = [] }: EventRules): readonly CloudEvent[] {
  const faults: Fault[] = [];
  const attributes: Record<string, string> = {};
  for (const header of Object.keys(request.headers).filter((name) => name.startsWith(PREFIX))) {
    const name = header.slice(PREFIX.length);
    const value = headerValue(headerOf(request, header) ?? '');
    if (name === 'datacontenttype' || isContent(name))
      faults.push({
        sti: pointerTo('', name),
        kode: 'navn',
        besked: 'Må ikke stå i en header; brug content-type.',
      });
    else if (value === null)
      faults.push({
        sti: pointerTo('', name),
        kode: 'tegn',
        besked: 'Skal være ASCII med procentkodning af UTF-8.',
      });
    else attributes[name] = value;
  }
  if (faults.length > 0) refuse(faults);
  const type = headerOf(request, 'content-type');
  const body = content(request.body, type, contentType(request).charset);
  const event = { ...attributes, ...(type === undefined ? {} : { datacontenttype: type }), ...body };
  return structured(event, { required });
}

/**
 * Reads the events of a request: one in structured mode, a batch, or one in binary mode.
 * @throws Refusal 400 or 413 with a pointer to each fault, all events refused; 415 for what is no CloudEvent
 */
export function readEvents(request: EventRequest, rules: EventRules = {}): readonly CloudEvent[] {
  const { essence, charset } = contentType(request);
  if (essence.startsWith('application/cloudevents')) {
    if ((essence !== EVENT_TYPE && essence !== BATCH_TYPE) || charset !== 'utf-8') throw notEvents();
    const value = parseJson(decodeUtf8(request.body));
    return essence === BATCH_TYPE ? batch(value, rules) : structured(value, rules);
  }
  if (request.headers[`${PREFIX}specversion`] === undefined) throw notEvents();
  return binary(request, rules);
}
