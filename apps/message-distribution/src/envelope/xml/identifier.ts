import { isUuid } from '@stoettesystemer/object';
import { PERSON_REFERENCE, personNumberOf, type PersonReference } from '../person-number';
import { childrenOf, makeElement, textIn } from './message-element';
import { SAGDOK } from './message-schema';
import type { XmlElement } from './xml-tree';

/** Identifiers of the standard are a UUID or a URN; this is how ours are written as one of them, and read again. */
export interface Form {
  /** Of a UUID in lower case, or a URN. */
  read(identifier: string): string;
  /** A UUID or a URN; null for what cannot be written as one. */
  write(text: string): string | null;
}

const URN = /^urn:/i;
/** Somebody by name, which no attribute may hold; it stays in the original. */
const NAME = /^urn:oio:fuldtnavn:/i;
const REFERENCE = 'urn:oio:';
/** What stands where the schema demands something and there is nothing. */
export const NOTHING = 'URN:Empty';

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A text that is neither a UUID nor a URN: `urn:oio:objekttype:Klasse`. */
export const namedAs = (kind: string): Form => {
  const prefix = `urn:oio:${kind}:`;
  return {
    read: (urn) => (urn.startsWith(prefix) ? unescaped(urn.slice(prefix.length)) : urn),
    write: (text) => {
      if (isUuid(text) || URN.test(text)) return text;
      return PERSON_REFERENCE.test(text) ? `${REFERENCE}${text}` : `${prefix}${encodeURIComponent(text)}`;
    },
  };
};

/** A number that the URN only surrounds; it is in use with two words for CVR. */
export const numberAs = (...kinds: readonly [string, ...string[]]): Form => ({
  read: (urn) => {
    const kind = kinds.find((each) => urn.toLowerCase().startsWith(`urn:oio:${each}:`));
    return kind === undefined ? urn : urn.slice(`urn:oio:${kind}:`.length);
  },
  write: (text) => (isUuid(text) ? text : `urn:oio:${kinds[0]}:${text}`),
});

/** What an element identifies, in our words: undefined when nothing; a citizen by keyed reference. */
export function identifierIn(
  element: XmlElement,
  form: Form,
  personReference: PersonReference,
): string | undefined {
  const [uuid] = childrenOf(element, 'UUIDIdentifikator', SAGDOK);
  if (uuid) return form.read(textIn(uuid).toLowerCase());
  const [urn] = childrenOf(element, 'URNIdentifikator', SAGDOK);
  const text = urn && textIn(urn);
  if (text === undefined || text === '' || text === NOTHING || NAME.test(text)) return undefined;
  const number = personNumberOf(text);
  if (number !== null) return personReference(number);
  const inner = text.slice(REFERENCE.length);
  return text.startsWith(REFERENCE) && PERSON_REFERENCE.test(inner) ? inner : form.read(text);
}

/** Lets an element identify that, a UUID or a URN, and nothing else. */
export function identify(element: XmlElement, identifier: string): void {
  const name = isUuid(identifier) ? 'UUIDIdentifikator' : 'URNIdentifikator';
  const made = makeElement(element, name, SAGDOK);
  made.children = [{ kind: 'text', text: identifier }];
  element.children = [made];
}
