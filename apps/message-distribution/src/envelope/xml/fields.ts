import { createHash } from 'node:crypto';
import { formatInstant, isUuid } from '@stoettesystemer/object';
import { instantOf } from '../cloud-event/attribute-checks';
import { PERSON_REFERENCE, type PersonReference } from '../person-number';
import { inUtc } from './danish-time';
import { type Form, identifierIn, identify, namedAs, NOTHING, numberAs } from './identifier';
import { childrenOf, elementAt, elementMade, insert, makeElement, remove, textIn } from './message-element';
import { SAGDOK } from './message-schema';
import type { XmlElement } from './xml-tree';

/** An attribute of the event, and where the envelope has it. */
export interface Field {
  readonly attribute: string;
  /** Under Haendelsesbesked. */
  readonly path: readonly string[];
  read(message: XmlElement, personReference: PersonReference): string | undefined;
  /** Lets the envelope say that; undefined says nothing. What cannot be said is left out. */
  write(message: XmlElement, value: string | undefined): void;
}

const FILTER = ['Beskedkuvert', 'Filtreringsdata'];
const REGISTRATION = [...FILTER, 'ObjektRegistrering'];
const INFORMATION = ['Beskedkuvert', 'Leveranceinformation'];

function clear(message: XmlElement, path: readonly string[]): void {
  const parent = elementAt(message, path.slice(0, -1));
  if (parent) remove(parent, childrenOf(parent, path.at(-1)!));
}

const identifierAt = (attribute: string, path: readonly string[], form: Form): Field => ({
  attribute,
  path,
  read: (message, personReference) => {
    const element = elementAt(message, path);
    return element && identifierIn(element, form, personReference);
  },
  write: (message, value) => {
    const identifier = value === undefined ? null : form.write(value);
    if (identifier === null) clear(message, path);
    else identify(elementMade(message, path), identifier);
  },
});

/** An event's id may be any text, a message's is a UUID: one that is the same whenever it is asked for. */
const messageId: Form = {
  read: (identifier) => identifier,
  write: (id) => {
    if (isUuid(id)) return id;
    const hex = createHash('sha256').update(`haendelsesbesked ${id}`).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  },
};

export const SYSTEM = 'urn:oio:it-system-uuid:';
/** Only an it-system can be answerable for a message; the sources of our own services are paths. */
const responsible: Form = {
  read: (identifier) => (isUuid(identifier) ? `${SYSTEM}${identifier}` : identifier),
  write: (source) => {
    const uuid = source.startsWith(SYSTEM) ? source.slice(SYSTEM.length) : '';
    return isUuid(uuid) ? uuid : null;
  },
};

/** The classes of sensitivity that are known. Of another it is assumed that only those cleared for the highest may see it. */
const SENSITIVITIES: ReadonlyMap<string, string> = new Map([
  ['44f4108b-26d4-46de-a90f-35e35b55b8d8', 'FORTROLIGE_PERSONOPLYSNINGER'],
]);
const HIGHEST = 'VIP_SAGER';
const level = namedAs('foelsomhed');
const sensitivity: Form = {
  read: (identifier) =>
    isUuid(identifier) ? (SENSITIVITIES.get(identifier) ?? HIGHEST) : level.read(identifier),
  write: (value) => [...SENSITIVITIES].find(([, known]) => known === value)?.[0] ?? level.write(value),
};

/** Elements that may be several, as one attribute with commas. Those that say the same as before are left as they are. */
const listAt = (
  attribute: string,
  name: string,
  read: (element: XmlElement, personReference: PersonReference) => string | undefined,
  fill: (element: XmlElement, value: string) => void,
): Field => ({
  attribute,
  path: [...FILTER, name],
  read: (message, personReference) => {
    const parent = elementAt(message, FILTER);
    const values = parent
      ? childrenOf(parent, name).flatMap((each) => read(each, personReference) ?? [])
      : [];
    return values.length === 0 ? undefined : values.join(',');
  },
  write: (message, value) => {
    const parent = elementMade(message, FILTER);
    const before = childrenOf(parent, name);
    const made = (value ?? '')
      .split(',')
      .filter((each) => each !== '')
      .map((each) => {
        const element = makeElement(parent, name);
        fill(element, each);
        return element;
      });
    const known = new Map(before.map((element) => [read(element, () => ''), element]));
    remove(parent, before);
    insert(
      parent,
      made.map((element) => known.get(read(element, () => '')) ?? element),
    );
  },
});

const cvr = numberAs('cvr-nr', 'cvr');
/** What an event may be related to can be written as it is, but for citizens. */
const related: Form = {
  read: (identifier) => identifier,
  write: (text) => (PERSON_REFERENCE.test(text) ? `urn:oio:${text}` : text),
};
/** KOMBIT's Klasse for a person. */
const PERSON = 'ce7fcf97-a8a2-447a-8690-d38aa0f6e23c';

const relatedObjects = listAt(
  'relateretobjekt',
  'RelateretObjekt',
  (element, personReference) => {
    const id = elementAt(element, ['ObjektId']);
    return id && identifierIn(id, related, personReference);
  },
  (element, value) => {
    identify(elementMade(element, ['ObjektId']), related.write(value)!);
    identify(elementMade(element, ['ObjektType']), PERSON_REFERENCE.test(value) ? PERSON : NOTHING);
  },
);

const receivers = listAt(
  'tilladtmodtager',
  'TilladtModtager',
  (element, personReference) => identifierIn(element, cvr, personReference),
  (element, value) => identify(element, cvr.write(value)!),
);

const TIMES = [
  [...REGISTRATION, 'Registreringstidspunkt'],
  [...INFORMATION, 'Dannelsestidspunkt'],
] as const;
const STAMP = 'TidsstempelDatoTid';

export function stamp(element: XmlElement, time: string): void {
  const made = makeElement(element, STAMP, SAGDOK);
  made.children = [{ kind: 'text', text: time }];
  element.children = [made];
}

/** When it was registered; of a message without a registration, when it was made. */
const time: Field = {
  attribute: 'time',
  path: TIMES[0],
  read: (message) => {
    for (const path of TIMES) {
      const element = elementAt(message, path);
      const [found] = element ? childrenOf(element, STAMP, SAGDOK) : [];
      if (found) return inUtc(textIn(found)) ?? textIn(found);
    }
    return undefined;
  },
  write: (message, value) => {
    const instant = value === undefined ? null : instantOf(value);
    for (const path of TIMES)
      if (instant === null) clear(message, path);
      else stamp(elementMade(message, path), formatInstant(instant));
  },
};

/** The whole mapping, field by field. */
export const FIELDS: readonly Field[] = [
  identifierAt('id', ['BeskedId'], messageId),
  identifierAt('beskedtype', [...FILTER, 'Beskedtype'], namedAs('beskedtype')),
  identifierAt('source', [...FILTER, 'BeskedAnsvarligAktoer'], responsible),
  receivers,
  relatedObjects,
  time,
  identifierAt('ansvarligmyndighed', [...REGISTRATION, 'ObjektAnsvarligMyndighed'], cvr),
  identifierAt('subject', [...REGISTRATION, 'ObjektId'], namedAs('objekt')),
  identifierAt('objekttype', [...REGISTRATION, 'ObjektType'], namedAs('objekttype')),
  identifierAt('objekthandling', [...REGISTRATION, 'ObjektHandling'], namedAs('objekthandling')),
  identifierAt('opgaveemne', [...REGISTRATION, 'OpgaveEmne'], numberAs('kle')),
  identifierAt('foelsomhed', [...INFORMATION, 'Sikkerhedsklassificering'], sensitivity),
];

export const REGISTRATION_ID: Field = identifierAt(
  'id',
  [...REGISTRATION, 'ObjektRegistreringId'],
  messageId,
);
export const INFORMATION_PATH = INFORMATION;
