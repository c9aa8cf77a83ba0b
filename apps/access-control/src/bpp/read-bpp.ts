import { Refusal } from '@stoettesystemer/object';
import {
  BPP_NAMESPACES,
  type Constraint,
  type PrivilegeGroup,
  type PrivilegeList,
  type Scope,
  SCOPE_KINDS,
  SCOPE_PREFIX,
} from './privilege-list';
import { readXml, XML_LIMITS, type XmlElement } from './strict-xml';

/** Lengths of the numbers of each register; a CPR number is read, and nothing here ever writes it to a log. */
const DIGITS: Readonly<Record<Scope['kind'], RegExp>> = {
  cvrNumberIdentifier: /^\d{8}$/,
  productionUnitIdentifier: /^\d{10}$/,
  seNumberIdentifier: /^\d{8}$/,
  cprNumberIdentifier: /^\d{10}$/,
};

const wrong = (besked: string): Refusal => new Refusal(422, 'bpp', besked);

/**
 * Reads OIO BPP, of either version, with children in its namespace or in none.
 * @throws Refusal in Danish: 400 for what is no XML, 413 above 256 KiB, 422 for what is no BPP.
 */
export function readBpp(xml: string): PrivilegeList {
  const root = readXml(xml, { isLenient: true });
  const namespaces: readonly string[] = Object.values(BPP_NAMESPACES);
  if (root.name !== 'PrivilegeList' || !namespaces.includes(root.namespace))
    throw wrong('Rettighederne er ikke en PrivilegeList i OIO BPP 1.0.1 eller 1.2.');
  return root.children.map((child, at) => groupOf(child, root.namespace, at + 1));
}

/** As `readBpp`, of the base64 that stands in an attribute. */
export function readBppBase64(encoded: string): PrivilegeList {
  const text = encoded.replace(/[\t\n\r ]/g, '');
  if (text.length > (XML_LIMITS.size * 4) / 3 + 4)
    throw new Refusal(413, 'for_stort', `Rettighederne må højst fylde ${XML_LIMITS.size / 1024} KiB.`);
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== text.replace(/={1,2}$/, ''))
    throw wrong('Rettighederne er ikke base64.');
  return readBpp(utf8(bytes));
}

function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw wrong('Rettighederne er ikke UTF-8.');
  }
}

function groupOf(element: XmlElement, namespace: string, number: number): PrivilegeGroup {
  const place = `Gruppe ${number} af rettighederne`;
  if (!isOurs(element, namespace, 'PrivilegeGroup')) throw wrong(`${place} er ikke en PrivilegeGroup.`);
  const privileges: string[] = [];
  const constraints: Constraint[] = [];
  for (const child of element.children) {
    if (child.children.length > 0) throw wrong(`${place} har elementer, hvor der skal stå tekst.`);
    if (isOurs(child, namespace, 'Privilege')) privileges.push(entityIdOf(child.text, place));
    else if (isOurs(child, namespace, 'Constraint')) constraints.push(constraintOf(child, place));
    else throw wrong(`${place} har et element, som OIO BPP ikke kender.`);
  }
  if (privileges.length === 0) throw wrong(`${place} har ingen Privilege.`);
  if (new Set(constraints.map(({ name }) => name)).size < constraints.length)
    throw wrong(`${place} har den samme Constraint flere gange.`);
  return { scope: scopeOf(element.attributes.get('Scope'), place), privileges, constraints };
}

const isOurs = (element: XmlElement, namespace: string, name: string): boolean =>
  element.name === name && (element.namespace === '' || element.namespace === namespace);

function scopeOf(urn: string | undefined, place: string): Scope {
  const kind = SCOPE_KINDS.find((each) => urn?.startsWith(`${SCOPE_PREFIX}${each}:`));
  const value = kind && urn ? urn.slice(`${SCOPE_PREFIX}${kind}:`.length) : '';
  if (!kind || !DIGITS[kind].test(value))
    throw wrong(`${place} har intet Scope med et nummer, som OIO BPP kender.`);
  return { kind, value };
}

function constraintOf({ attributes, text }: XmlElement, place: string): Constraint {
  const name = entityIdOf(attributes.get('Name') ?? '', place);
  const values = text
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
  return { name, values };
}

function entityIdOf(text: string, place: string): string {
  const name = text.trim();
  if (name === '') throw wrong(`${place} har et navn, der er tomt.`);
  return name;
}
