import {
  Bruger,
  Facet,
  FUNCTION_TYPES,
  Interessefaellesskab,
  Klasse,
  Klassifikation,
  Organisation,
  OrganisationEnhed,
  OrganisationFunktion,
  OrganisationItSystem,
} from '@stoettesystemer/model';
import { type Declaration, isUrn, isUuid, type Reference } from '@stoettesystemer/object';
import { isObject } from '@stoettesystemer/server';
import { loraVirkning, type Virkning } from './lora-time';

export type Item = Readonly<Record<string, unknown>>;
export type Spanned = Item & { readonly virkning: Virkning };

/** A registration as LoRa writes it: three sections of lists. */
export type LoraRegistration = Readonly<
  Record<'attributter' | 'tilstande' | 'relationer', Readonly<Record<string, unknown>>>
>;

/** The object cannot be read; the text says why, and holds none of its values. */
export class Unreadable extends Error {}

const TYPES: readonly Declaration[] = [
  Organisation,
  OrganisationEnhed,
  OrganisationFunktion,
  Bruger,
  OrganisationItSystem,
  Interessefaellesskab,
  Klassifikation,
  Facet,
  Klasse,
];

/** Names that are not ours in lower case. */
const MEMBERS: Readonly<Record<string, string>> = {
  enhedsnavn: 'enhedNavn',
  funktionsnavn: 'funktionNavn',
  organisationsnavn: 'organisationNavn',
  interessefaellesskabsnavn: 'interessefaellesskabNavn',
  plan: 'planIdentifikator',
};
const RELATIONS: Readonly<Record<string, string>> = { organisatoriskfunktionstype: 'funktionstype' };

/** What OS2mo keeps: where it is absent, there is none. Of other relations an absent one says nothing. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  OrganisationEnhed: ['overordnet', 'tilhoerer', 'enhedstype', 'adresser'],
  OrganisationFunktion: [
    'funktionstype',
    'tilknyttedeBrugere',
    'tilknyttedeEnheder',
    'tilknyttedeOrganisationer',
    'tilknyttedeItSystemer',
    'tilknyttedeFunktioner',
    'adresser',
  ],
  Bruger: ['tilhoerer', 'tilknyttedePersoner', 'adresser'],
  ItSystem: ['tilhoerer'],
};

/** OS2mo names what a function is; these two have a meaning of their own here (domain §4.4). */
const NAMED_FUNCTIONS: Readonly<Record<string, string>> = {
  Engagement: FUNCTION_TYPES.enhedsrolle,
  Leder: FUNCTION_TYPES.lederrolle,
};

/** Read elsewhere, or meaning something else in OS2mo than in the standard. */
const OTHERWISE: ReadonlySet<string> = new Set(['adresser', 'opgaver', 'mapninger', 'tilknyttedePersoner']);

const lower = (type: Declaration): string => type.name.toLowerCase();

/** What is said by an object is told apart by the name of its attributes. */
export function typeOf({ attributter }: LoraRegistration): Declaration {
  const type = TYPES.find((each) => Object.hasOwn(attributter, `${lower(each)}egenskaber`));
  if (!type) throw new Unreadable('objektets egenskaber er ikke af en type, der kendes');
  return type;
}

export function itemsOf(list: unknown, name: string): Spanned[] {
  if (!Array.isArray(list)) throw new Unreadable(`${name} er ikke en liste`);
  return list.map((item: unknown) => {
    if (!isObject(item)) throw new Unreadable(`${name} er ikke en liste af objekter`);
    const virkning = loraVirkning(item['virkning']);
    if (typeof virkning === 'string') throw new Unreadable(`${name}: ${virkning}`);
    return { ...item, virkning };
  });
}

export const sectionOf = (registration: Item, name: string): Readonly<Record<string, unknown>> => {
  const section = registration[name] ?? {};
  if (!isObject(section)) throw new Unreadable(`${name} er ikke et objekt`);
  return section;
};

/** Null clears; what is not there is not mentioned. */
const given = (value: unknown): unknown => (value === '' ? null : value);

export function attributesOf(
  type: Declaration,
  { attributter }: LoraRegistration,
  leftOut: (what: string) => void,
): Item[] {
  const fields = type.attributes['egenskaber']?.fields ?? {};
  const names = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]));
  return itemsOf(attributter[`${lower(type)}egenskaber`], 'egenskaber').map(({ virkning, ...members }) => {
    const item: Record<string, unknown> = { virkning };
    for (const [name, value] of Object.entries(members)) {
      const ours = MEMBERS[name] ?? names.get(name);
      if (ours !== undefined && fields[ours]) item[ours] = given(value);
      else leftOut(`egenskaben ${name}`);
    }
    return item;
  });
}

export function statesOf(
  type: Declaration,
  { tilstande }: LoraRegistration,
): Readonly<Record<string, Item[]>> {
  const [name, ours, member] = type.states['gyldighed']
    ? [`${lower(type)}gyldighed`, 'gyldighed', 'gyldighed']
    : [`${lower(type)}publiceret`, 'publiceretStatus', 'publiceret'];
  const list = tilstande[name];
  if (list === undefined) return {};
  return { [ours]: itemsOf(list, name).map((item) => ({ virkning: item.virkning, vaerdi: item[member] })) };
}

export function referenceOf({ uuid, urn }: Item): Reference | null {
  if (typeof uuid === 'string' && isUuid(uuid)) return { uuid: uuid.toLowerCase() };
  return isUrn(urn) ? { urn } : null;
}

/** LoRa puts a root under its organisation; here the organisation points at its root, and the root at nothing. */
function isOfRoot(name: string, item: Item, belongsTo: ReadonlySet<unknown>): boolean {
  return name === 'overordnet' && belongsTo.has(item['uuid']);
}

export function relationsOf(
  type: Declaration,
  { relationer }: LoraRegistration,
  attributes: readonly Item[],
  leftOut: (what: string) => void,
): Record<string, Item[]> {
  const names = new Map(Object.keys(type.relations).map((name) => [name.toLowerCase(), name]));
  const found: Record<string, Item[]> = Object.fromEntries((KEPT[type.name] ?? []).map((name) => [name, []]));
  const belongsTo = new Set(
    relationer['tilhoerer'] === undefined
      ? []
      : itemsOf(relationer['tilhoerer'], 'tilhoerer').map(({ uuid }) => uuid),
  );
  for (const [name, list] of Object.entries(relationer)) {
    const ours = RELATIONS[name] ?? names.get(name);
    const items = itemsOf(list, name);
    if (ours === 'opgaver') leftOut('relationen opgaver, som i OS2mo ikke er opgaver i KLE');
    else if (ours === undefined || ours === 'mapninger') leftOut(`relationen ${name}`);
    else if (!OTHERWISE.has(ours))
      found[ours] = items.flatMap((item) => {
        if (isOfRoot(name, item, belongsTo)) return [];
        const reference = referenceOf(item);
        if (!reference && (item['urn'] ?? '') !== '') leftOut(`${name} med en URN, der ikke er urn:oio`);
        return reference ? [{ virkning: item.virkning, reference }] : [];
      });
  }
  const kinds = attributes.map((item) => NAMED_FUNCTIONS[String(item['funktionNavn'])]);
  if (type.name === OrganisationFunktion.name && kinds.every((kind) => kind !== undefined))
    found['funktionstype'] = attributes.map((item, at) => ({
      virkning: item['virkning'],
      reference: { uuid: kinds[at] },
    }));
  return found;
}
