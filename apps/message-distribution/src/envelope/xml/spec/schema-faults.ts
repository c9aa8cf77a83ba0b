import { DOMParser } from '@xmldom/xmldom';

/** How often each child may stand in an element, in order, as the schema of the envelope has it. */
const SCHEMA: Readonly<Record<string, readonly (readonly [name: string, least: number, most: number])[]>> = {
  Haendelsesbesked: [
    ['BeskedId', 1, 1],
    ['BeskedVersion', 1, 1],
    ['Beskedkuvert', 1, 1],
    ['Beskeddata', 0, Infinity],
  ],
  Beskedkuvert: [
    ['Filtreringsdata', 1, 1],
    ['Leveranceinformation', 1, 1],
    ['Modtagerhandling', 0, 1],
    ['GyldighedFra', 0, 1],
    ['GyldighedTil', 0, 1],
  ],
  Filtreringsdata: [
    ['Beskedtype', 1, 1],
    ['BeskedAnsvarligAktoer', 0, 1],
    ['TilladtModtager', 0, Infinity],
    ['RelateretObjekt', 0, Infinity],
    ['ObjektRegistrering', 0, Infinity],
    ['TvaergaaendeProces', 0, Infinity],
  ],
  RelateretObjekt: [
    ['ObjektId', 1, 1],
    ['ObjektType', 1, 1],
    ['ObjektRolle', 0, 1],
  ],
  ObjektRegistrering: [
    ['ObjektRegistreringId', 0, 1],
    ['RegistreringsAktoer', 0, 1],
    ['Registreringstidspunkt', 0, 1],
    ['ObjektAnsvarligMyndighed', 0, 1],
    ['ObjektId', 0, 1],
    ['ObjektType', 0, 1],
    ['ObjektHandling', 0, 1],
    ['OpgaveEmne', 0, 1],
  ],
  Leveranceinformation: [
    ['Dannelsestidspunkt', 0, 1],
    ['TransaktionsId', 0, 1],
    ['Kildesystem', 0, 1],
    ['KildesystemIPAdresse', 0, 1],
    ['KildesystemAkkreditiver', 0, 1],
    ['Sikkerhedsklassificering', 0, 1],
    ['Leveranceruter', 0, 1],
  ],
  Leveranceruter: [['Leverancerute', 0, Infinity]],
  Leverancerute: [
    ['Fordelingssystem', 0, 1],
    ['ModtagelsesTidspunkt', 0, 1],
    ['LeveranceTidspunkt', 0, 1],
    ['ModtagetFraSystem', 0, 1],
    ['ErLeveretIHenholdTil', 0, 1],
    ['LeveranceruteLokalUdvidelse', 0, 1],
  ],
  LeveranceruteLokalUdvidelse: [['AntalLeveranceforsoeg', 0, 1]],
};
const TIMES = /tidspunkt$|^Gyldighed/i;
const OF_TEXT = ['BeskedVersion', 'KildesystemIPAdresse', 'KildesystemAkkreditiver', 'AntalLeveranceforsoeg'];
const KUVERT = 'urn:oio:besked:kuvert:1.0';
const SAGDOK = 'urn:oio:sagdok:3.0.0';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const elements = (parent: Node): Element[] =>
  Array.from(parent.childNodes).filter((child): child is Element => child.nodeType === 1);

function leaf(element: Element, path: string): string[] {
  if (OF_TEXT.includes(element.localName))
    return elements(element).length === 0 ? [] : [`${path} has elements`];
  const [only, ...more] = elements(element);
  if (!only || more.length > 0 || only.namespaceURI !== SAGDOK) return [`${path} has not one of sagdok`];
  const text = only.textContent ?? '';
  if (TIMES.test(element.localName))
    return only.localName === 'TidsstempelDatoTid' && !Number.isNaN(Date.parse(text))
      ? []
      : [`${path} is no time`];
  const isRight =
    only.localName === 'UUIDIdentifikator'
      ? UUID.test(text)
      : only.localName === 'URNIdentifikator' && /^urn:[a-z]+/i.test(text);
  return isRight ? [] : [`${path} is no identifier`];
}

function walk(element: Element, path: string): string[] {
  if (element.namespaceURI !== KUVERT) return [`${path} is of another namespace`];
  if (element.localName === 'Beskeddata') return [];
  const children = SCHEMA[element.localName];
  if (!children) return leaf(element, path);
  const found = elements(element);
  const faults = children.flatMap(([name, least, most]) => {
    const count = found.filter((child) => child.localName === name).length;
    return count < least || count > most ? [`${path} has ${count} ${name}`] : [];
  });
  const places = found.map((child) => children.findIndex(([name]) => name === child.localName));
  if (places.some((place, at) => place < 0 || place < (places[at - 1] ?? 0)))
    faults.push(`${path} is out of order`);
  return [...faults, ...found.flatMap((child) => walk(child, `${path}/${child.localName}`))];
}

/** What is not as the schema of the envelope has it, in a message or in the input that it is pushed in. */
export function schemaFaults(xml: string): string[] {
  const root = new DOMParser().parseFromString(xml, 'text/xml').documentElement!;
  const isInput = root.localName === 'ModtagBeskedInput' && root.namespaceURI === 'urn:oio:sts:1.0.0';
  const message = isInput ? elements(root)[0]! : root;
  return message.localName === 'Haendelsesbesked' ? walk(message, 'Haendelsesbesked') : ['no message'];
}
