import { type Fault, Refusal } from '@stoettesystemer/object';
import { type CloudEvent, isContent, ORIGINAL } from '../cloud-event/cloud-event';
import { faultsOf } from '../cloud-event/read-event';
import type { PersonReference } from '../person-number';
import { FIELDS, SYSTEM } from './fields';
import { elementsIn, isElement } from './message-element';
import { KUVERT, STS } from './message-schema';
import { MARK, takeContent } from './payload';
import { takeRemainder } from './remainder';
import { writeTree } from './write-tree';
import { readTree, type XmlElement } from './xml-tree';

export interface MessageRules {
  /** Exchanges the CPR numbers of the envelope before anything is stored in the clear. */
  readonly personReference: PersonReference;
  /** UUID of the it-system that sends: the source of a message that does not say. */
  readonly sender: string;
  /** Attributes that must be there, as `readEvents` has it. */
  readonly required?: readonly string[];
}

export interface ReadMessage {
  /**
   * With the message as it came, without the content that the event has, as its ORIGINAL: `writeMessage` writes from it
   * what the event could not carry.
   */
  readonly event: CloudEvent;
  /** UUID of the it-system that answers for the message, where it says so. It must be whoever sends (domain §8.5). */
  readonly responsible: string | null;
}

/** Of a message that does not say. */
export const MESSAGE_TYPE = 'dk.stoettesystemerne.haendelsesbesked.v1';

/** The message itself, also where it comes as it is pushed. */
export function messageIn(root: XmlElement): XmlElement {
  if (isElement(root, KUVERT, 'Haendelsesbesked')) return root;
  const [inner] = isElement(root, STS, 'ModtagBeskedInput') ? elementsIn(root) : [];
  if (inner && isElement(inner, KUVERT, 'Haendelsesbesked')) return inner;
  throw new Refusal(400, 'besked', `XML’en er ikke en Haendelsesbesked i navnerummet ${KUVERT}.`);
}

/** A mark that came with the message is not ours, and would be filled. */
function withoutMarks(element: XmlElement): void {
  element.children = element.children.filter(
    (child) => child.kind !== 'instruction' || child.target !== MARK,
  );
  elementsIn(element).forEach(withoutMarks);
}

/** The attributes that the fields of an envelope tell of. */
export function attributesOf(message: XmlElement, personReference: PersonReference): Record<string, string> {
  return Object.fromEntries(
    FIELDS.flatMap(({ attribute, read }) => {
      const value = read(message, personReference);
      return value === undefined ? [] : [[attribute, value]];
    }),
  );
}

const placeOf = new Map(
  FIELDS.map(({ attribute, path }) => [`/${attribute}`, `/Haendelsesbesked/${path.join('/')}`]),
);

/**
 * Reads a Haendelsesbesked, or a ModtagBeskedInput with one in it, as an event.
 * @throws Refusal 400 or 413 in Danish with the place of each fault
 */
export function readMessage(
  xml: string,
  { personReference, sender, required = [] }: MessageRules,
): ReadMessage {
  const message = messageIn(readTree(xml));
  withoutMarks(message);
  const faults: Fault[] = [];
  const remainder = takeRemainder(message, faults);
  const attributes = attributesOf(message, personReference);
  const content = takeContent(message);
  const said = Object.entries({
    specversion: '1.0',
    source: `${SYSTEM}${sender}`,
    type: MESSAGE_TYPE,
    ...attributes,
    ...content,
    ...Object.fromEntries(Object.entries(remainder).filter(([name]) => !isContent(name))),
  });
  const event = Object.fromEntries(said.filter(([name, value]) => value !== null || name === 'data'));
  faults.push(
    ...faultsOf(event, '', required).map((fault) => ({ ...fault, sti: placeOf.get(fault.sti) ?? fault.sti })),
  );
  if (faults.length > 0) refuse(faults);
  const told = attributes['source'];
  return {
    event: { ...(event as unknown as CloudEvent), [ORIGINAL]: writeTree(message) },
    responsible: told?.replace(SYSTEM, '') ?? null,
  };
}

function refuse(faults: readonly Fault[]): never {
  const isTooLarge = faults.every(({ kode }) => kode === 'for_stort');
  throw new Refusal(
    isTooLarge ? 413 : 400,
    isTooLarge ? 'for_stort' : 'besked',
    'Hændelsesbeskeden er ikke, som den skal være. Se fejl.',
    { fejl: faults },
  );
}
