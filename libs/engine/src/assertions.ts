import {
  type Declaration,
  type Field,
  type Group,
  invalid,
  isUuid,
  keyOf,
  malformed,
  parseInstant,
  period as p,
  type Period,
  type Reference,
  type Relation,
  type Section,
  type Virkning,
} from '@stoettesystemer/object';
import type { ObjectInput } from './ask';
import { type Assertion, bySlot, type SectionCode } from './piece';

type Item = Readonly<Record<string, unknown>>;

/** `reference: null` without an index ends every occurrence of the relation (with that role) in the period. */
export interface Sweep {
  readonly facet: string;
  readonly rolle: string | null;
  readonly period: Period;
  readonly sti: string;
}

export interface Assertions {
  readonly assertions: readonly Assertion[];
  readonly sweeps: readonly Sweep[];
}

export const CODES: Readonly<Record<Section, SectionCode>> = {
  attributter: 'a',
  tilstande: 't',
  relationer: 'r',
};

function periodOf(item: Item, sti: string): Period {
  const { fra, til } = (item['virkning'] ?? {}) as { fra?: unknown; til?: unknown };
  const from = typeof fra === 'string' ? parseInstant(fra) : null;
  const to =
    til === undefined || til === null ? null : typeof til === 'string' ? parseInstant(til) : undefined;
  if (from === null || to === undefined || (typeof til === 'string' && to === null))
    throw malformed(
      'tidspunkt',
      `${sti}/virkning`,
      'Virkning skal have fra, og tidspunkter skal have tidszone.',
    );
  const period = { from, to };
  if (p.isEmpty(period)) throw invalid('periode', `${sti}/virkning`, 'Fra skal ligge før til.');
  return period;
}

/** One way of writing a reference, so that equal ones are equal texts. */
export const canonicalReference = (reference: Reference): Reference => ({
  ...('uuid' in reference ? { uuid: reference.uuid.toLowerCase() } : { urn: reference.urn.normalize('NFC') }),
  ...(reference.label === undefined ? {} : { label: reference.label.normalize('NFC') }),
});

function aboutOf(item: Item): string | null {
  const { aktoerRef, aktoerType, note } = (item['virkning'] ?? {}) as Omit<Virkning, 'fra'>;
  const about = JSON.stringify({
    aktoerRef: aktoerRef ? canonicalReference(aktoerRef) : undefined,
    aktoerType: aktoerType?.normalize('NFC'),
    note: note?.normalize('NFC'),
  });
  return about === '{}' ? null : about;
}

function canonicalMember(field: Field, value: unknown): unknown {
  if (typeof value === 'string') return field.kind === 'uuid' ? value.toLowerCase() : value.normalize('NFC');
  if (field.kind === 'texts' && Array.isArray(value))
    return [...new Set((value as string[]).map((each) => each.normalize('NFC')))];
  if (field.kind === 'reference') return canonicalReference(value as Reference);
  return value;
}

/** Members in declared order, without those that are null. */
function ordered(fields: Readonly<Record<string, Field>>, members: Item): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const member = members[name];
    if (member !== undefined && member !== null) value[name] = canonicalMember(field, member);
  }
  return value;
}

/** Lays given members over a group's former value; null when nothing is left. */
export const mergeInto =
  (group: Group) =>
  (former: string | null, members: Item): string | null => {
    const value = ordered(group.fields, { ...(former ? (JSON.parse(former) as Item) : {}), ...members });
    return Object.keys(value).length === 0 ? null : JSON.stringify(value);
  };

/** The short name of a role where its vocabulary knows it, the UUID in lower case elsewhere. */
export function roleOf({ roles }: Relation, rolle: unknown, sti: string): string | null {
  if (typeof rolle !== 'string') return null;
  if (!roles) return rolle;
  if (Object.hasOwn(roles, rolle)) return rolle;
  const uuid = rolle.toLowerCase();
  const known = Object.entries(roles).find(([, id]) => id === uuid);
  if (known) return known[0];
  if (isUuid(rolle)) return uuid;
  throw malformed(
    'rolle',
    `${sti}/rolle`,
    `Rollen kendes ikke. Brug en af: ${Object.keys(roles).join(', ')}.`,
  );
}

function relationValue(relation: Relation, item: Item, rolle: string | null): Record<string, unknown> {
  const uuid = rolle === null ? undefined : relation.roles?.[rolle];
  return {
    ...(rolle === null ? {} : { rolle }),
    ...(uuid === undefined ? {} : { rolleRef: { uuid } }),
    ...(typeof item['type'] === 'string' ? { type: item['type'] } : {}),
    ...(typeof item['indeks'] === 'string' ? { indeks: item['indeks'] } : {}),
    reference: canonicalReference(item['reference'] as Reference),
    ...ordered(relation.fields ?? {}, item),
  };
}

/** `constructor` and its like are no facets. */
const own = <T>(facets: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(facets, name) ? facets[name] : undefined;

/** Reads a checked request body as what it says of each slot. Items of one slot may not overlap (422 `overlap`). */
export function assertionsOf(type: Declaration, input: ObjectInput, mode: 'whole' | 'change'): Assertions {
  const assertions: Assertion[] = [];
  const sweeps: Sweep[] = [];
  const each = (section: Section, read: (facet: string, item: Item, sti: string) => void) => {
    for (const [facet, items] of Object.entries(input[section] ?? {}))
      items.forEach((item, at) => read(facet, item, `/${section}/${facet}/${at}`));
  };

  each('attributter', (facet, item, sti) => {
    const group = own(type.attributes, facet);
    if (!group) throw malformed('ukendt', sti, 'Attributgruppen findes ikke.');
    const base = { section: 'a' as const, facet, period: periodOf(item, sti), about: aboutOf(item), sti };
    const slot = group.key === undefined ? '' : String(item[group.key]).normalize('NFC');
    if (item['slut'] === true) return void assertions.push({ ...base, slot, says: { kind: 'end' } });
    const members: Record<string, unknown> = {};
    for (const name of Object.keys(group.fields)) if (item[name] !== undefined) members[name] = item[name];
    if (mode === 'change') return void assertions.push({ ...base, slot, says: { kind: 'merge', members } });
    const value = mergeInto(group)(null, members);
    if (value !== null) assertions.push({ ...base, slot, says: { kind: 'set', value } });
  });

  each('tilstande', (facet, item, sti) => {
    if (!own(type.states, facet)) throw malformed('ukendt', sti, 'Tilstanden findes ikke.');
    const { vaerdi } = item;
    const ends = vaerdi === null || item['slut'] === true;
    const says = ends
      ? ({ kind: 'end' } as const)
      : ({ kind: 'set', value: JSON.stringify({ vaerdi }) } as const);
    assertions.push({
      section: 't',
      facet,
      slot: '',
      period: periodOf(item, sti),
      about: aboutOf(item),
      sti,
      says,
    });
  });

  each('relationer', (facet, item, sti) => {
    const relation = own(type.relations, facet);
    if (!relation) throw malformed('ukendt', sti, 'Relationen findes ikke.');
    const base = { section: 'r' as const, facet, period: periodOf(item, sti), about: aboutOf(item), sti };
    const rolle = roleOf(relation, item['rolle'], sti);
    const ends = item['reference'] === null || item['slut'] === true;
    if (ends && relation.many && !relation.indexed && item['reference'] === null)
      return void sweeps.push({ facet, rolle, period: base.period, sti });
    const slot = !relation.many
      ? ''
      : relation.indexed
        ? `${rolle ?? ''}|${typeof item['indeks'] === 'string' ? item['indeks'] : ''}`
        : `${rolle ?? ''}|${keyOf(canonicalReference(item['reference'] as Reference))}`;
    if (ends) return void assertions.push({ ...base, slot, says: { kind: 'end' } });
    const value = JSON.stringify(relationValue(relation, item, rolle));
    assertions.push({ ...base, slot, says: { kind: 'set', value } });
  });

  for (const list of bySlot(assertions).values()) refuseOverlaps(list);
  // Those that a sweep ends may overlap each other: they are of different slots.
  for (const sweep of sweeps)
    for (const other of swept(sweep, assertions, sweeps)) refuseOverlaps([sweep, other]);
  return { assertions, sweeps };
}

/** What else a request says of that which a sweep ends. */
const swept = (
  { facet, rolle, sti }: Sweep,
  assertions: readonly Assertion[],
  sweeps: readonly Sweep[],
): (Assertion | Sweep)[] => [
  ...assertions.filter(
    (each) => each.facet === facet && (rolle === null || each.slot.startsWith(`${rolle}|`)),
  ),
  ...sweeps.filter(
    (each) =>
      each.facet === facet &&
      each.sti !== sti &&
      (rolle === null || each.rolle === null || rolle === each.rolle),
  ),
];

function refuseOverlaps(list: readonly Pick<Assertion, 'period' | 'sti'>[]): void {
  const sorted = [...list].sort((a, b) => (a.period.from < b.period.from ? -1 : 1));
  for (let at = 1; at < sorted.length; at++)
    if (p.overlaps(sorted[at - 1]!.period, sorted[at]!.period))
      throw invalid('overlap', `${sorted[at]!.sti}/virkning`, 'To perioder for samme oplysning overlapper.');
}
