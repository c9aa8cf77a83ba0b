import { keyOf, type Period, type Reference } from '@stoettesystemer/object';
import type { KnownObject } from './known-object';
import { isMarked } from './plan';
import { clipped, covers, type Item, type Span } from './span';
import type { Pointer } from './world';

/** Lets what points at a unit point at another, in the same period and with all else that it says. */
export function repoint({ object, facet, key, span }: Pointer, to: string, mark: Item): void {
  const { period, value } = span;
  const said = { period, value: { ...value, reference: { uuid: to } }, about: mark };
  if (!object.type.relations[facet]!.many) return object.say(facet, said);
  object.say(facet, { period, value: null, about: null }, key);
  claim(object, facet, said);
}

/** Says it, unless it holds already by somebody else's word than a plan's, which may be undone. */
export function claim(object: KnownObject, facet: string, span: Span): void {
  const held = clipped(
    object.all(facet).filter(({ value }) => sameReference(value, span.value)),
    span.period,
  );
  const isHeld =
    held.every(({ about }) => !isMarked(about)) &&
    covers(
      held.map((each) => ({ ...each, about: null })),
      { ...span, about: null },
    );
  if (!isHeld) object.say(facet, span);
}

/**
 * What another plan has said in a period, and this one builds on, becomes this one's word as well: else the other could be
 * undone, and what was built on it stay.
 */
export function leanOn(object: KnownObject, facet: string, within: Period, mark: Item): void {
  for (const place of object.places)
    if (place.facet === facet)
      for (const span of object.now(facet, place.key, within))
        if (isMarked(span.about) && span.about?.['note'] !== mark['note'])
          object.say(facet, { ...span, about: mark }, place.key);
}

const sameReference = (a: Item | null, b: Item | null): boolean =>
  a !== null &&
  b !== null &&
  keyOf(a['reference'] as Reference) === keyOf(b['reference'] as Reference) &&
  a['rolle'] === b['rolle'];
