import type { Instant, Period } from '@stoettesystemer/object';
import { type KnownObject, referenceIn } from './known-object';
import { UNIT } from './plan';
import { claim, leanOn, repoint } from './repoint';
import { clipped, type Item, type Span } from './span';
import { from, isInactive, type World } from './world';

/** A unit that is closed, who takes over what points at it, and who its tasks. */
export interface Closing {
  readonly unit: KnownObject;
  readonly receiver: KnownObject | null;
  readonly heir: KnownObject | null;
}

/** Closes units at one moment, together: one may take over from another, and two may be in each other. */
export function closeTogether(world: World, closings: readonly Closing[], at: Instant, mark: Item): void {
  const period = from(at);
  for (const { unit } of closings)
    unit.say('gyldighed', { period, value: { vaerdi: 'Inaktiv' }, about: mark });
  const pointers = world.pointers(new Set(closings.map(({ unit }) => unit.uuid)), period);
  const above = new Above(closings, period, mark);
  for (const { unit, receiver, heir } of closings) {
    if (receiver)
      for (const pointer of pointers.get(unit.uuid) ?? []) {
        const { object, facet, span } = pointer;
        if (object === unit) continue;
        // What is over points where it did. Units come along, for what is closed stays somewhere in the tree.
        if (object.type.name !== UNIT && isInactive(object, span.period)) continue;
        if (object !== receiver) repoint(pointer, receiver.uuid, mark);
        else if (facet === 'overordnet')
          takePlace(object, above.of(unit.uuid, receiver.uuid, span.period), span.period, mark);
      }
    if (heir) giveTasks(unit, heir, period, mark);
  }
}

/** Whoever takes over from the unit above it comes to stand where that stood. */
function takePlace(object: KnownObject, places: readonly Span[], period: Period, mark: Item): void {
  object.say('overordnet', { period, value: null, about: null });
  for (const place of places) object.say('overordnet', { ...place, about: mark });
}

/** What was over units before they were closed. */
class Above {
  private readonly closings: ReadonlyMap<string, Closing & { readonly over: readonly Span[] }>;

  constructor(
    closings: readonly Closing[],
    within: Period,
    private readonly mark: Item,
  ) {
    this.closings = new Map(
      closings.map((closing) => [
        closing.unit.uuid,
        { ...closing, over: closing.unit.now('overordnet', '', within) },
      ]),
    );
  }

  /**
   * What is to be over whoever takes the unit's place: past those that it takes over from as well. A ring that the plan
   * itself has made is left for the rules to refuse.
   */
  of(unit: string, taker: string, within: Period, passed: readonly string[] = []): Span[] {
    const { over, unit: closed } = this.closings.get(unit)!;
    leanOn(closed, 'overordnet', within, this.mark);
    return clipped(over, within).flatMap((span) => {
      const up = referenceIn(span.value);
      const closing = up === null ? undefined : this.closings.get(up);
      if (!closing?.receiver || up === unit || passed.includes(up!)) return [span];
      const { uuid } = closing.receiver;
      return uuid === taker
        ? this.of(up!, taker, span.period, [...passed, unit])
        : [{ ...span, value: { ...span.value, reference: { uuid } } }];
    });
  }
}

function giveTasks(closed: KnownObject, heir: KnownObject, period: Period, mark: Item): void {
  for (const { facet, key } of closed.places)
    if (facet === 'opgaver')
      for (const span of closed.now(facet, key, period)) {
        closed.say(facet, { period: span.period, value: null, about: null }, key);
        claim(heir, facet, { ...span, about: mark });
      }
}
