import { keyOf, type Reference } from '@stoettesystemer/object';
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

const sameReference = (a: Item | null, b: Item | null): boolean =>
  a !== null &&
  b !== null &&
  keyOf(a['reference'] as Reference) === keyOf(b['reference'] as Reference) &&
  a['rolle'] === b['rolle'];
