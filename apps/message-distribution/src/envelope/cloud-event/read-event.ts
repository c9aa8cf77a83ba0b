import { type Fault, isUuid } from '@stoettesystemer/object';
import { holdsPersonNumber, personNumberOf, type PersonReference } from '../person-number';
import { pointerTo } from '../pointer';
import { CHECKS, FOLDED } from './attribute-checks';
import { type CloudEvent, CONTENT, EVENT_LIMITS as LIMITS, isContent, isJson } from './cloud-event';

export interface EventRules {
  /** Attributes that must be there beside those of CloudEvents. */
  readonly required?: readonly string[];
  /**
   * Given where the event stands in a body, which no log and no proxy keeps: a citizen in `relateretobjekt` may then be
   * named by `urn:oio:cpr-nr:…`, which is exchanged for this before anything is stored. Else it is refused, as a CPR
   * number is in every other attribute.
   */
  readonly personReference?: PersonReference;
}

const REQUIRED = ['specversion', 'id', 'source', 'type'];
/** Of CloudEvents itself, and of us: always texts. Extensions may be numbers and truth values too. */
const isText = (name: string): boolean =>
  CHECKS.has(name) || ['id', 'type', 'subject', 'sequence'].includes(name);
/** What the specification lets no text hold: controls, halves of characters, and what Unicode says is no character. */
const IMPOSSIBLE = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u;
const NO_NUMBER =
  'Et CPR-nummer må ikke stå i en attribut. Skriv en UUID, eller lad det stå i data, som gemmes krypteret.';

type Found = readonly [kode: string, besked: string] | null;

function wrongText(name: string, text: string): Found {
  if (text === '') return ['laengde', 'Må ikke være tom.'];
  if (text.length > LIMITS.value) return ['laengde', `Må højst være ${LIMITS.value} tegn.`];
  if (IMPOSSIBLE.test(text)) return ['tegn', 'Må ikke indeholde styretegn eller halve tegn.'];
  const isListed = name === 'relateretobjekt';
  if ((isListed ? text.split(',') : [text]).some(holdsPersonNumber)) return ['personnummer', NO_NUMBER];
  return CHECKS.get(name)?.(text) ?? null;
}

function wrongValue(name: string, value: unknown): Found {
  if (typeof value === 'string') return wrongText(name, value);
  if (isText(name)) return ['type', 'Skal være en tekst.'];
  if (typeof value === 'boolean') return null;
  if (typeof value !== 'number') return ['type', 'Skal være en tekst, et helt tal, eller true eller false.'];
  if (!Number.isInteger(value) || Math.abs(value) > 2 ** 31 - 1)
    return ['tal', 'Skal være et helt tal fra -2147483647 til 2147483647, eller en tekst.'];
  return holdsPersonNumber(`${value}`) ? ['personnummer', NO_NUMBER] : null;
}

const wrongName = (name: string): Found =>
  /^[a-z0-9]+$/.test(name) && name.length <= LIMITS.name && !holdsPersonNumber(name)
    ? null
    : ['navn', `Navnet på en attribut er 1-${LIMITS.name} tegn af a-z og 0-9.`];

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const tooLarge: Found = ['for_stort', `Indholdet må højst fylde ${LIMITS.data / 1024} KiB.`];

function wrongContent(event: Readonly<Record<string, unknown>>): [string, Found] {
  const [plain, encoded] = CONTENT;
  const base64 = event[encoded];
  if (event[plain] !== undefined && base64 !== undefined)
    return [encoded, ['indhold', 'Der må kun være ét af data og data_base64.']];
  if (base64 !== undefined) {
    if (typeof base64 !== 'string' || !BASE64.test(base64)) return [encoded, ['base64', 'Skal være base64.']];
    return [encoded, Buffer.byteLength(base64, 'base64') > LIMITS.data ? tooLarge : null];
  }
  const data = event[plain];
  if (data === undefined) return [plain, null];
  const type = event['datacontenttype'];
  if (typeof type === 'string' && !isJson(type) && typeof data !== 'string')
    return [plain, ['indhold', 'Skal være en tekst, når datacontenttype ikke er JSON.']];
  return [plain, Buffer.byteLength(JSON.stringify(data)) > LIMITS.data ? tooLarge : null];
}

/** What is wrong with an event, place by place. */
export function faultsOf(
  event: Readonly<Record<string, unknown>>,
  sti: string,
  required: readonly string[],
): Fault[] {
  const faults: Fault[] = [];
  const note = (name: string, found: Found) => {
    if (found) faults.push({ sti: pointerTo(sti, name), kode: found[0], besked: found[1] });
  };
  for (const name of [...REQUIRED, ...required])
    if (event[name] === undefined) note(name, ['paakraevet', 'Skal være der.']);
  const attributes = Object.entries(event).filter(([name, value]) => !isContent(name) && value !== undefined);
  if (attributes.length > LIMITS.attributes)
    return [{ sti, kode: 'antal', besked: `Der må højst være ${LIMITS.attributes} attributter.` }];
  for (const [name, value] of attributes) note(name, wrongName(name) ?? wrongValue(name, value));
  note(...wrongContent(event));
  return faults;
}

function exchanged(text: string, reference: PersonReference): string {
  return text
    .split(',')
    .map((each) => {
      const number = personNumberOf(each);
      return number === null ? each : reference(number);
    })
    .join(',');
}

function taken(name: string, value: unknown, { personReference }: EventRules): unknown {
  if (typeof value !== 'string') return value;
  if (FOLDED.has(name) && isUuid(value)) return value.toLowerCase();
  return name === 'relateretobjekt' && personReference ? exchanged(value, personReference) : value;
}

/** Reads one event of the JSON format, and adds what is wrong with it to `faults`. Null is as not said (CloudEvents). */
export function readEvent(
  value: unknown,
  sti: string,
  rules: EventRules,
  faults: Fault[],
): CloudEvent | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    faults.push({ sti, kode: 'type', besked: 'Skal være et objekt: en hændelse i CloudEvents.' });
    return null;
  }
  const said = Object.entries(value).filter(([name, each]) => each !== null || name === 'data');
  const event = Object.fromEntries(said.map(([name, each]) => [name, taken(name, each, rules)]));
  const found = faultsOf(event, sti, rules.required ?? []);
  faults.push(...found);
  return found.length > 0 ? null : (event as unknown as CloudEvent);
}
