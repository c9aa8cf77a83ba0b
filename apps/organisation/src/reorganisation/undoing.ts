import { organisationTypes } from '@stoettesystemer/model';
import { type Declaration, type Fault, formatInstant, type Period, sectionOf } from '@stoettesystemer/object';
import { type KnownObject, referenceIn } from './known-object';
import type { Made, Plan } from './plan';
import type { Registry } from './registry';
import { clipped, coalesced, covers, gaps, has, type Span } from './span';
import { from, isEverInactive, isInactive, isPointer, World } from './world';

/** One object that a plan wrote: before it, as it left it, and as it is. */
interface Written {
  readonly before: KnownObject | null;
  readonly after: KnownObject;
  readonly now: KnownObject | null;
}

/** What is left of a plan when it is undone. */
export interface Undone {
  readonly world: World;
  /** The units that it opened, to be deleted. */
  readonly opened: readonly KnownObject[];
  /** What somebody else has said since, where the plan had its say. */
  readonly conflicts: readonly Fault[];
}

const placeOf = ({ type, uuid }: KnownObject, facet?: string): string =>
  `/${type.path}/${uuid}${facet === undefined ? '' : `/${sectionOf(type, facet)}/${facet}`}`;

const daysOf = ({ from: start, to }: Period): string =>
  `fra ${formatInstant(start)}${to === null ? '' : ` til ${formatInstant(to)}`}`;

/**
 * Takes back what a plan wrote, and nothing else: in each timeline, what it said there gives way to what was there. That
 * takes that what it said still stands, just as it said it.
 */
export class Undoing {
  private readonly conflicts: Fault[] = [];

  private constructor(
    private readonly plan: Plan,
    private readonly registry: Registry,
  ) {}

  static of(registry: Registry, plan: Plan): Promise<Undone> {
    return new Undoing(plan, registry).undone();
  }

  private async undone(): Promise<Undone> {
    const all = await this.written();
    const opened = all.flatMap(({ before, after, now }) =>
      before === null && this.isUntouched(after, now) ? [now!] : [],
    );
    for (const { before, after, now } of all) if (before) this.takeBack(before, after, now);
    const world = new World(all.flatMap(({ now }) => now ?? []));
    await this.checkTargets(world, opened);
    await this.checkNotUsed(world, opened);
    return { world, opened, conflicts: this.conflicts };
  }

  private conflict(object: KnownObject, facet: string | undefined, kode: string, besked: string): void {
    this.conflicts.push({ sti: placeOf(object, facet), kode, besked });
  }

  /** The set that applied the plan has the plan itself in it, so what was known then is what the set left. */
  private async written(): Promise<Written[]> {
    const { made, recordedAt } = this.plan;
    const all: Written[] = [];
    for (const type of organisationTypes as readonly Declaration[]) {
      const own = made.filter(({ path }) => path === type.path);
      if (own.length === 0) continue;
      const uuids = own.map(({ uuid }) => uuid);
      const now = byUuid(await this.registry.objects(type, uuids));
      const after = byUuid(await this.registry.objects(type, uuids, recordedAt));
      const before = byUuid(await this.registry.objects(type, uuids, recordedAt - 1n));
      for (const each of own) {
        const left = await this.registration(type, each, after.get(each.uuid), 0);
        const was = each.number === 0 ? null : await this.registration(type, each, before.get(each.uuid), -1);
        all.push({ before: was, after: left, now: now.get(each.uuid) ?? null });
      }
    }
    return all;
  }

  /** Clocks that were set back may have shifted one registration of a set, so its number decides. */
  private async registration(
    type: Declaration,
    { uuid, number }: Made,
    found: KnownObject | undefined,
    step: number,
  ): Promise<KnownObject> {
    if (found && (number === 0 || found.number === number + step)) return found;
    return this.registry.registration(type, uuid, Math.max(number, 1) + step);
  }

  private isUntouched(after: KnownObject, now: KnownObject | null): boolean {
    const isSame =
      now !== null &&
      [...after.places, ...now.places].every(({ facet, key }) => {
        const [then, since] = [coalesced(after.held(facet, key)), coalesced(now.held(facet, key))];
        return then.length === since.length && then.every((span) => has(since, span));
      });
    if (!isSame)
      this.conflict(after, undefined, 'aendret', 'Enheden, som planen oprettede, er siden ændret.');
    return isSame;
  }

  private takeBack(before: KnownObject, after: KnownObject, now: KnownObject | null): void {
    if (!now)
      return this.conflict(after, undefined, 'aendret', 'Objektet er siden slettet eller passiveret.');
    for (const { facet, key } of places(before, after)) {
      const [was, left, is] = [before, after, now].map((each) => coalesced(each.held(facet, key))) as [
        Span[],
        Span[],
        Span[],
      ];
      const said = left.filter((span) => !has(was, span) && !covers(was, span));
      const ended = was.flatMap(({ period }) => gaps(period, left));
      const stands =
        said.every((span) => has(is, span)) && ended.every((period) => clipped(is, period).length === 0);
      if (!stands) {
        const where = [...said.map(({ period }) => period), ...ended].map(daysOf).join(', ');
        this.conflict(
          now,
          facet,
          'aendret',
          `${facet} er siden ændret i den periode, planen ændrede: ${where}.`,
        );
        continue;
      }
      for (const period of [...said.map((span) => span.period), ...ended]) {
        const restored = clipped(was, period);
        for (const span of restored) now.say(facet, span, key);
        for (const gap of gaps(period, restored))
          now.say(facet, { period: gap, value: null, about: null }, key);
      }
    }
  }

  /** What points at a unit again must not point at one that was closed meanwhile. */
  private async checkTargets(world: World, opened: readonly KnownObject[]): Promise<void> {
    const restored = world.touched.flatMap((object) =>
      object.sayings.flatMap(({ facet, span }) => {
        const unit = isPointer(object, facet) ? referenceIn(span.value) : null;
        return unit === null || isInactive(object, span.period) ? [] : [{ object, facet, span, unit }];
      }),
    );
    const uuids = [...new Set(restored.map(({ unit }) => unit))].filter((uuid) => !world.unit(uuid));
    const others = byUuid(await this.registry.units(uuids));
    const former = byUuid(await this.registry.units(uuids, this.plan.recordedAt));
    const gone = new Set(opened);
    for (const { object, facet, span, unit } of restored) {
      const target = world.unit(unit) ?? others.get(unit);
      const isInUse = target && !gone.has(target) && !isEverInactive(target, span.period);
      const then = former.get(unit);
      const was = world.unit(unit) === null && (!then || isEverInactive(then, span.period));
      if (!isInUse && !was)
        this.conflict(
          object,
          facet,
          'lukket',
          `Enheden ${unit}, som ${facet} igen ville pege på, er lukket siden.`,
        );
    }
  }

  /** A unit that is to be gone must have nobody left in it. */
  private async checkNotUsed(world: World, opened: readonly KnownObject[]): Promise<void> {
    if (opened.length === 0) return;
    const uuids = new Set(opened.map(({ uuid }) => uuid));
    const around = new World(world.objects);
    for (const object of await this.registry.pointing([...uuids], this.plan.at)) around.add(object);
    for (const [unit, pointers] of around.pointers(uuids, from(this.plan.at)))
      for (const { object, facet, span } of pointers)
        if (!uuids.has(object.uuid))
          this.conflict(
            object,
            facet,
            'i_brug',
            `Peger på ${unit}, som planen oprettede, ${daysOf(span.period)}.`,
          );
  }
}

const byUuid = (objects: readonly KnownObject[]) => new Map(objects.map((object) => [object.uuid, object]));

function places(a: KnownObject, b: KnownObject): { readonly facet: string; readonly key: string }[] {
  return [
    ...new Map([...a.places, ...b.places].map((place) => [`${place.facet} ${place.key}`, place])).values(),
  ];
}
