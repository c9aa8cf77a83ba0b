import { formatInstant, isUuid, now } from '@stoettesystemer/object';
import { type CloudEvent, isContent, ORIGINAL } from '../cloud-event/cloud-event';
import { FIELDS, INFORMATION_PATH, REGISTRATION_ID, stamp, SYSTEM } from './fields';
import { identify, NOTHING } from './identifier';
import { elementMade, insert, makeElement } from './message-element';
import { KUVERT, SAGDOK, STS } from './message-schema';
import { addContent, putBack, takeContent } from './payload';
import { attributesOf, MESSAGE_TYPE } from './read-message';
import { addRemainder, type Remainder } from './remainder';
import { writeTree } from './write-tree';
import { NO_SCOPE, readTree, type XmlElement } from './xml-tree';

/** How the message came to its receiver: what Leveranceruter tells. */
export interface Route {
  /** UUID of this Beskedfordeler. */
  readonly distributor: string;
  /** RFC 3339. */
  readonly received: string;
  /** UUID of the it-system that sent it. */
  readonly from: string;
  /** UUID of the subscription. */
  readonly subscription?: string;
  /** How many times it has been tried, this one included. */
  readonly attempts: number;
}

export interface WriteOptions {
  readonly route?: Route;
  /** Whether it stands in a ModtagBeskedInput, as it is pushed. */
  readonly isPushed?: boolean;
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const SCOPE = new Map([...NO_SCOPE, ['', SAGDOK], ['ns2', KUVERT], ['ns4', STS]]);

/** The keys of the references may have been changed since; that it is a citizen has not. */
const HIDDEN = 'cpr-hmac:?';
const withoutCitizens = (value: unknown): unknown =>
  typeof value === 'string' ? value.replace(/cpr-hmac:[A-Za-z0-9_-]+/g, HIDDEN) : value;
const isSame = (one: unknown, other: unknown): boolean => withoutCitizens(one) === withoutCitizens(other);

function emptyMessage({ beskedtype }: CloudEvent): XmlElement {
  const message = makeElement({ scope: SCOPE }, 'Haendelsesbesked');
  elementMade(message, ['BeskedVersion']).children = [{ kind: 'text', text: '1.0' }];
  // The schema demands these, whatever there is to say in them.
  elementMade(message, INFORMATION_PATH);
  const type = elementMade(message, ['Beskedkuvert', 'Filtreringsdata', 'Beskedtype']);
  if (beskedtype === undefined) identify(type, NOTHING);
  return message;
}

/** A registry's event is a registration, and has its UUID. */
const isRegistration = ({ source, id }: CloudEvent): boolean => source.startsWith('/') && isUuid(id);

/** A message that came without an answerable system is passed on without: its source is only who brought it. */
const isUnsaid = (name: string, told: unknown, value: unknown, isOriginal: boolean): boolean =>
  isOriginal && name === 'source' && told === undefined && `${value as string}`.startsWith(SYSTEM);

function fill(message: XmlElement, event: CloudEvent, isOriginal: boolean): void {
  const before = attributesOf(message, () => HIDDEN);
  for (const { attribute, write } of FIELDS) {
    const [told, value] = [before[attribute], event[attribute]];
    if (isSame(told, value) || isUnsaid(attribute, told, value, isOriginal)) continue;
    write(message, typeof value === 'string' ? value : undefined);
  }
}

/** What reading the message would not give. */
function remainderOf(message: XmlElement, event: CloudEvent, isOriginal: boolean): Remainder {
  const again = readTree(writeTree(message), Infinity);
  const { datacontenttype } = takeContent(again);
  const told: Readonly<Record<string, unknown>> = {
    specversion: '1.0',
    type: MESSAGE_TYPE,
    ...attributesOf(again, () => HIDDEN),
    datacontenttype,
  };
  const names = new Set([...Object.keys(told), ...Object.keys(event)].filter((name) => !isContent(name)));
  const different = [...names].filter(
    (name) => !isSame(told[name], event[name]) && !isUnsaid(name, told[name], event[name], isOriginal),
  );
  return Object.fromEntries(different.map((name) => [name, event[name] ?? null]));
}

function addRoute(message: XmlElement, { distributor, received, from, subscription, attempts }: Route): void {
  const routes = elementMade(message, [...INFORMATION_PATH, 'Leveranceruter']);
  const route = makeElement(routes, 'Leverancerute');
  identify(elementMade(route, ['Fordelingssystem']), distributor);
  stamp(elementMade(route, ['ModtagelsesTidspunkt']), received);
  stamp(elementMade(route, ['LeveranceTidspunkt']), formatInstant(now()));
  identify(elementMade(route, ['ModtagetFraSystem']), from);
  if (subscription !== undefined) identify(elementMade(route, ['ErLeveretIHenholdTil']), subscription);
  const count = elementMade(route, ['LeveranceruteLokalUdvidelse', 'AntalLeveranceforsoeg']);
  count.children = [{ kind: 'text', text: `${attempts}` }];
  insert(routes, [route]);
}

/**
 * Writes an event as a Haendelsesbesked. What the fields cannot say stands in an instruction that others pass over, so
 * that `readMessage` gives the same event again. An event with an ORIGINAL is written as the message that came, but for what has
 * been changed in the event since.
 */
export function writeMessage(event: CloudEvent, { route, isPushed = false }: WriteOptions = {}): string {
  const original = event[ORIGINAL];
  const isOriginal = original !== undefined;
  const message = isOriginal ? readTree(original, Infinity) : emptyMessage(event);
  fill(message, event, isOriginal);
  if (isOriginal) putBack(message, event);
  else {
    addContent(message, event);
    if (isRegistration(event)) REGISTRATION_ID.write(message, event.id);
  }
  addRemainder(message, remainderOf(message, event, isOriginal));
  if (route) addRoute(message, route);
  return DECLARATION + (isPushed ? pushed(message) : writeTree(message));
}

function pushed(message: XmlElement): string {
  const input = makeElement({ scope: SCOPE }, 'ModtagBeskedInput', STS);
  input.children = [message];
  return writeTree(input);
}
