import { type Instant, type Period, period as p } from '@stoettesystemer/object';
import { type KnownObject, referenceIn } from './known-object';
import { UNIT } from './plan';
import { POINTERS } from './registry';
import type { Span } from './span';

/** One relation of one object that points at a unit, over the part of a period in which it does. */
export interface Pointer {
  readonly object: KnownObject;
  readonly facet: string;
  readonly key: string;
  readonly span: Span;
}

/** The objects that a plan has to do with. They change as it says. */
export class World {
  private readonly byUuid = new Map<string, KnownObject>();

  constructor(objects: Iterable<KnownObject>) {
    for (const object of objects) this.add(object);
  }

  add(object: KnownObject): void {
    if (!this.byUuid.has(object.uuid)) this.byUuid.set(object.uuid, object);
  }

  get objects(): readonly KnownObject[] {
    return [...this.byUuid.values()];
  }

  get touched(): readonly KnownObject[] {
    return this.objects.filter(({ isTouched }) => isTouched);
  }

  get(uuid: string | null | undefined, type: string): KnownObject | null {
    const object = typeof uuid === 'string' ? this.byUuid.get(uuid) : undefined;
    return object?.type.name === type ? object : null;
  }

  unit(uuid: string | null | undefined): KnownObject | null {
    return this.get(uuid, UNIT);
  }

  /** What points at the units in the period, by unit. */
  pointers(units: ReadonlySet<string>, within: Period): ReadonlyMap<string, readonly Pointer[]> {
    const found = new Map<string, Pointer[]>();
    for (const object of this.byUuid.values())
      for (const { facet, key } of object.places) {
        if (!isPointer(object, facet)) continue;
        for (const span of object.now(facet, key, within)) {
          const unit = referenceIn(span.value);
          if (unit === null || !units.has(unit)) continue;
          const list = found.get(unit);
          const pointer = { object, facet, key, span };
          if (list) list.push(pointer);
          else found.set(unit, [pointer]);
        }
      }
    return found;
  }
}

const POINTING = new Set(POINTERS.map(({ type, facet }) => `${type.name} ${facet}`));
export const isPointer = ({ type }: KnownObject, facet: string): boolean =>
  POINTING.has(`${type.name} ${facet}`);

/** Whether an object is out of use all through a period. Where nothing is said of it, it is in use. */
export const isInactive = (object: KnownObject, { from, to }: Period): boolean =>
  object
    .now('gyldighed')
    .some(
      ({ value, period }) =>
        value?.['vaerdi'] === 'Inaktiv' &&
        period.from <= from &&
        (period.to === null || (to !== null && to <= period.to)),
    );

/** Whether an object is out of use at some time of a period. */
export const isEverInactive = (object: KnownObject, within: Period): boolean =>
  object.now('gyldighed', '', within).some(({ value }) => value?.['vaerdi'] === 'Inaktiv');

export const from = (at: Instant): Period => ({ from: at, to: null });
export const isAt = ({ period }: Span, at: Instant): boolean => p.contains(period, at);
