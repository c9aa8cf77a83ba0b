import type { ObjectInput } from '@stoettesystemer/engine';
import {
  type Declaration,
  formatInstant,
  type Instant,
  keyOf,
  parseInstant,
  period as p,
  type Period,
  type Reference,
} from '@stoettesystemer/object';

/** What is said of an object, as the wire has it. */
export type Sections = Pick<ObjectInput, 'attributter' | 'tilstande' | 'relationer'>;

type Item = Readonly<Record<string, unknown>>;
type Section = keyof Sections;

interface Span {
  readonly period: Period;
  readonly item: Item;
}

/** How the items of one facet are told apart, and what makes one say what another says. */
interface Facet {
  slotOf(item: Item): string;
  /** What must be said for the wanted to hold where `have` does; null where it does already. */
  patch(want: Item, have: Item | undefined): Item | null;
  end(have: Item): Item;
}

export interface Difference {
  /** A Ret (contract §4) that brings the registered to the desired. */
  readonly change: Sections;
  /** Names of the facets that it changes. */
  readonly facets: readonly string[];
}

/** Key order and letter case that mean nothing are evened out. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return JSON.stringify([...new Set(value.map(canonical))].sort());
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined && each !== null);
  return JSON.stringify(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, each]) => [k, canonical(each)]),
  );
}

const membersOf = ({ virkning: _, ...members }: Item): Item => members;
const withoutNulls = (item: Item): Item =>
  Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null && value !== undefined));

function groupFacet({ attributes }: Declaration, facet: string): Facet {
  const key = attributes[facet]?.key;
  const named = (item: Item): Item => (key === undefined ? {} : { [key]: item[key] });
  return {
    slotOf: (item) => (key === undefined ? '' : String(item[key])),
    patch: (want, have) => {
      if (!have) return withoutNulls(want);
      // A member that the source does not mention is none of its business.
      const changed = Object.entries(want).filter(
        ([name, value]) => value !== undefined && canonical(value) !== canonical(have[name]),
      );
      return changed.length === 0 ? null : { ...named(want), ...Object.fromEntries(changed) };
    },
    end: (have) => ({ ...named(have), slut: true }),
  };
}

const stateFacet: Facet = {
  slotOf: () => '',
  patch: ({ vaerdi }, have) => (have?.['vaerdi'] === vaerdi ? null : { vaerdi }),
  end: () => ({ slut: true }),
};

function relationFacet({ relations }: Declaration, facet: string): Facet {
  const { many = false, indexed = false, roles = {} } = relations[facet] ?? {};
  const short = new Map(Object.entries(roles).map(([name, uuid]) => [uuid, name]));
  const roleOf = ({ rolle }: Item): string | undefined =>
    typeof rolle === 'string' ? (short.get(rolle.toLowerCase()) ?? rolle) : undefined;
  const referenceOf = (item: Item): string => {
    const key = keyOf(item['reference'] as Reference);
    return key.startsWith('urn:') ? key : key.toLowerCase();
  };
  // What the server adds to an item, and what is for people only, is no difference.
  const meaning = ({ rolleRef: _, reference: __, rolle: ___, ...rest }: Item, whole: Item): string =>
    canonical({ ...rest, rolle: roleOf(whole), reference: referenceOf(whole) });
  return {
    slotOf: (item) =>
      !many ? '' : `${roleOf(item) ?? ''}|${indexed ? String(item['indeks']) : referenceOf(item)}`,
    patch: (want, have) => (have && meaning(want, want) === meaning(have, have) ? null : withoutNulls(want)),
    end: (have) => ({
      ...(roleOf(have) === undefined ? {} : { rolle: roleOf(have) }),
      ...(indexed ? { indeks: have['indeks'] } : many ? { reference: have['reference'] } : {}),
      slut: true,
    }),
  };
}

const FACETS: Readonly<Record<Section, (type: Declaration, facet: string) => Facet>> = {
  attributter: groupFacet,
  tilstande: () => stateFacet,
  relationer: relationFacet,
};

function spanOf(item: Item): Span {
  const { fra, til } = item['virkning'] as { fra: string; til?: string | null };
  return {
    period: { from: parseInstant(fra)!, to: til === undefined || til === null ? null : parseInstant(til)! },
    item: membersOf(item),
  };
}

function bySlot(items: readonly Item[], { slotOf }: Facet): Map<string, Span[]> {
  const slots = new Map<string, Span[]>();
  for (const item of items) {
    const span = spanOf(item);
    const slot = slotOf(span.item);
    const spans = slots.get(slot);
    if (spans) spans.push(span);
    else slots.set(slot, [span]);
  }
  return slots;
}

/** The stretches of time in which neither side changes, from `since` on. */
function stretches(spans: readonly Span[], since: Instant | null): Period[] {
  const edges = new Set<Instant>(since === null ? [] : [since]);
  for (const { period } of spans) {
    edges.add(period.from);
    if (period.to !== null) edges.add(period.to);
  }
  const sorted = [...edges]
    .filter((edge) => since === null || edge >= since)
    .sort((a, b) => (a < b ? -1 : 1));
  return sorted.map((from, at) => ({ from, to: sorted[at + 1] ?? null }));
}

const holding = (spans: readonly Span[], { from }: Period): Item | undefined =>
  spans.find(({ period }) => p.contains(period, from))?.item;

/** What to say of one slot: as few items as will do. */
function slotPatches(
  facet: Facet,
  want: readonly Span[],
  have: readonly Span[],
  since: Instant | null,
): Item[] {
  const patches: { period: Period; patch: Item; text: string }[] = [];
  for (const period of stretches([...want, ...have], since)) {
    const [wanted, held] = [holding(want, period), holding(have, period)];
    const patch = wanted ? facet.patch(wanted, held) : held ? facet.end(held) : null;
    if (patch === null) continue;
    const text = canonical(patch);
    const last = patches.at(-1);
    if (last?.period.to === period.from && last.text === text)
      patches[patches.length - 1] = { ...last, period: { from: last.period.from, to: period.to } };
    else patches.push({ period, patch, text });
  }
  return patches.map(({ period: { from, to }, patch }) => ({
    virkning: { fra: formatInstant(from), ...(to === null ? {} : { til: formatInstant(to) }) },
    ...patch,
  }));
}

/**
 * The least that must be said for the desired to hold. A facet that the desired does not name is left as it is, and so is a
 * member of a group that it does not mention; a facet that it names is the desired's whole. `since`: of what was before, the
 * desired says nothing. Null where all of it holds already.
 */
export function difference(
  type: Declaration,
  desired: Sections,
  registered: Sections,
  since: Instant | null = null,
): Difference | null {
  const change: Record<string, Record<string, Item[]>> = {};
  const facets: string[] = [];
  for (const section of Object.keys(FACETS) as Section[])
    for (const [name, items] of Object.entries(desired[section] ?? {})) {
      const facet = FACETS[section](type, name);
      const [want, have] = [bySlot(items, facet), bySlot(registered[section]?.[name] ?? [], facet)];
      const patches = [...new Set([...want.keys(), ...have.keys()])].flatMap((slot) =>
        slotPatches(facet, want.get(slot) ?? [], have.get(slot) ?? [], since),
      );
      if (patches.length === 0) continue;
      (change[section] ??= {})[name] = patches;
      facets.push(name);
    }
  return facets.length === 0 ? null : { change, facets };
}

/** What is to hold of an object that its source does not have any more: not in use, and pointing at nothing. */
export function ended(type: Declaration, from: Instant): Sections | null {
  if (!type.states['gyldighed']) return null;
  return {
    tilstande: { gyldighed: [{ virkning: { fra: formatInstant(from) }, vaerdi: 'Inaktiv' }] },
    relationer: Object.fromEntries(Object.keys(type.relations).map((relation) => [relation, []])),
  };
}
