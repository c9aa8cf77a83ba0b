import type { FacetItems, ObjectInput } from '@stoettesystemer/engine';
import { formatInstant, type Instant, Refusal } from '@stoettesystemer/object';
import { periodOf, textOf } from './periods';

/**
 * A state's next value, from now on, wherever it holds one of `was` now or later.
 * @throws Refusal 409 `trin` where it nowhere does
 */
export function stepped(
  facets: FacetItems,
  facet: string,
  { was, to, note }: { was: readonly string[]; to: string; note: string | undefined },
  at: Instant,
): ObjectInput {
  const items = (facets[facet] ?? []).flatMap((item) => {
    const { from, to: end } = periodOf(item);
    if (!was.includes(textOf(item, 'vaerdi') ?? '') || (end !== null && end <= at)) return [];
    const virkning = {
      fra: formatInstant(from > at ? from : at),
      til: end === null ? null : formatInstant(end),
    };
    return [{ virkning, vaerdi: to }];
  });
  if (items.length === 0)
    throw new Refusal(409, 'trin', `Det kan kun ske, hvor ${facet} er ${was.join(' eller ')}.`);
  return { ...(note === undefined ? {} : { note }), tilstande: { [facet]: items } };
}
