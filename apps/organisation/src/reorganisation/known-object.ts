import type { BulkItem, ObjectInput } from '@stoettesystemer/engine';
import {
  type Declaration,
  formatInstant,
  type Instant,
  keyOf,
  parseInstant,
  type Period,
  period as p,
  type Reference,
  type Section,
  sectionOf,
} from '@stoettesystemer/object';
import { clipped, type Item, laid, type Span } from './span';

/** One timeline of an object, and what is to be said of it. */
interface Slot {
  readonly facet: string;
  /** What tells the occurrence from others: of a keyed group its key, of a relation its role and reference. */
  readonly key: string;
  readonly held: readonly Span[];
  /** As it will stand. */
  now: readonly Span[];
  said: readonly Span[];
}

interface WireItem extends Item {
  readonly virkning: Item & { readonly fra: string; readonly til?: string | null };
}
type Sections = Readonly<Record<Section, Readonly<Record<string, readonly WireItem[]>>>>;
interface Body extends Sections {
  readonly uuid: string;
  readonly registrering: { readonly nummer: number; readonly fra: string };
}

const SECTIONS = ['attributter', 'tilstande', 'relationer'] as const;

function keyIn(type: Declaration, facet: string, item: Item): string {
  const group = type.attributes[facet];
  if (group) return group.key === undefined ? '' : String(item[group.key]);
  const relation = type.relations[facet];
  if (!relation?.many) return '';
  const rolle = typeof item['rolle'] === 'string' ? item['rolle'] : '';
  return relation.indexed
    ? `${rolle}|${typeof item['indeks'] === 'string' ? item['indeks'] : ''}`
    : `${rolle}|${keyOf(item['reference'] as Reference)}`;
}

function spanOf({ virkning, ...value }: WireItem): Span {
  const { fra, til, ...about } = virkning;
  const period = {
    from: parseInstant(fra)!,
    to: til === undefined || til === null ? null : parseInstant(til),
  };
  return { period, value, about: Object.keys(about).length === 0 ? null : about };
}

/** The unit that a relation's value points at. */
export const referenceIn = (value: Item | null): string | null => {
  const reference = value?.['reference'] as { uuid?: string } | null | undefined;
  return reference?.uuid ?? null;
};

/** An object as it is registered, over all of its virkning, and what a plan says of it. */
export class KnownObject {
  private readonly slots = new Map<string, Slot>();

  private constructor(
    readonly type: Declaration,
    readonly uuid: string,
    /** Of the registration that it was read from; 0 where there is none yet. */
    readonly number: number,
    readonly recordedAt: Instant | null,
  ) {}

  static fresh(type: Declaration, uuid: string): KnownObject {
    return new KnownObject(type, uuid, 0, null);
  }

  /** @param body with its whole virkning. */
  static read(type: Declaration, body: string): KnownObject {
    const { uuid, registrering, ...rest } = JSON.parse(body) as Body;
    const known = new KnownObject(type, uuid, registrering.nummer, parseInstant(registrering.fra));
    for (const section of SECTIONS)
      for (const [facet, items] of Object.entries(rest[section]))
        for (const item of items) known.hold(facet, spanOf(item));
    return known;
  }

  private hold(facet: string, span: Span): void {
    const slot = this.slot(facet, keyIn(this.type, facet, span.value!));
    const held = [...slot.held, span];
    this.slots.set(`${facet} ${slot.key}`, { ...slot, held, now: held });
  }

  private slot(facet: string, key: string): Slot {
    const id = `${facet} ${key}`;
    let slot = this.slots.get(id);
    if (!slot) this.slots.set(id, (slot = { facet, key, held: [], now: [], said: [] }));
    return slot;
  }

  get isFresh(): boolean {
    return this.number === 0;
  }

  get isTouched(): boolean {
    return [...this.slots.values()].some(({ said }) => said.length > 0);
  }

  /** All that was said. */
  get sayings(): readonly { readonly facet: string; readonly span: Span }[] {
    return [...this.slots.values()].flatMap(({ facet, said }) => said.map((span) => ({ facet, span })));
  }

  /** Facets and keys of all that is known or said. */
  get places(): readonly { readonly facet: string; readonly key: string }[] {
    return [...this.slots.values()];
  }

  held(facet: string, key = ''): readonly Span[] {
    return this.slots.get(`${facet} ${key}`)?.held ?? [];
  }

  said(facet: string, key = ''): readonly Span[] {
    return this.slots.get(`${facet} ${key}`)?.said ?? [];
  }

  /** What will hold. */
  now(facet: string, key = '', within?: Period): readonly Span[] {
    const now = this.slots.get(`${facet} ${key}`)?.now ?? [];
    return within ? clipped(now, within) : now;
  }

  /** All that will hold of a facet, whatever its keys. */
  all(facet: string, within?: Period): Span[] {
    return this.places.flatMap((place) => (place.facet === facet ? this.now(facet, place.key, within) : []));
  }

  valueAt(facet: string, at: Instant): Item | null {
    return this.all(facet).find(({ period }) => p.contains(period, at))?.value ?? null;
  }

  say(facet: string, span: Span, key = span.value ? keyIn(this.type, facet, span.value) : ''): void {
    const slot = this.slot(facet, key);
    slot.said = laid(slot.said, span);
    slot.now = laid(slot.now, span).filter(({ value }) => value !== null);
  }

  /** What is to be written so that all that was said holds. */
  line(line: number, note: string | undefined): BulkItem {
    const { uuid, type, number } = this;
    const said: Record<Section, Record<string, Item[]>> = { attributter: {}, tilstande: {}, relationer: {} };
    for (const slot of this.slots.values())
      for (const span of slot.said) {
        // What begins and ends by the same plan has nothing that could be ended.
        if (span.value === null && slot.held.length === 0) continue;
        const facets = said[sectionOf(type, slot.facet)!];
        (facets[slot.facet] ??= []).push(this.itemOf(slot, span));
      }
    const input: ObjectInput = { ...(note === undefined ? {} : { note }), ...said };
    const base = { line, type: type.name, uuid, input, ifMatch: number };
    return this.isFresh ? base : { ...base, how: 'ret' };
  }

  private itemOf({ facet, held }: Slot, { period, value, about }: Span): Item {
    const virkning = {
      fra: formatInstant(period.from),
      ...(period.to === null ? {} : { til: formatInstant(period.to) }),
      ...about,
    };
    const group = this.type.attributes[facet];
    if (group) {
      if (value === null)
        return {
          virkning,
          slut: true,
          ...(group.key === undefined ? {} : { [group.key]: held[0]!.value![group.key] }),
        };
      const absent = Object.keys(group.fields).map((name) => [name, null]);
      return { virkning, ...(this.isFresh ? {} : (Object.fromEntries(absent) as Item)), ...value };
    }
    if (this.type.states[facet]) return { virkning, vaerdi: null, ...value };
    if (value !== null) return { virkning, ...value };
    if (!this.type.relations[facet]!.many) return { virkning, reference: null };
    const { rolle, indeks, reference } = held[0]!.value!;
    return { virkning, slut: true, ...(rolle ? { rolle } : {}), ...(indeks ? { indeks } : {}), reference };
  }
}
