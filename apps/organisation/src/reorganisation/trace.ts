import type { Period } from '@stoettesystemer/object';
import type { KnownObject } from './known-object';
import { clipped, coalesced, covers, gaps, has, type Span } from './span';

/** What a plan did to one timeline. */
export interface Trace {
  readonly key: string;
  readonly was: readonly Span[];
  /** What it said, and where it ended what was there. */
  readonly said: readonly Span[];
  readonly ended: readonly Period[];
}

export function traceOf(key: string, before: readonly Span[], after: readonly Span[]): Trace {
  const [was, left] = [coalesced(before), coalesced(after)];
  return {
    key,
    was,
    said: left.filter((span) => !has(was, span) && !covers(was, span)),
    ended: was.flatMap(({ period }) => gaps(period, left)),
  };
}

/** Whether all that was said still stands, just as it was said. */
export const stands = ({ said, ended }: Trace, is: readonly Span[]): boolean =>
  said.every((span) => has(is, span)) && ended.every((period) => clipped(is, period).length === 0);

/** Lets what was there hold again, where the plan had its say. */
export function restore(object: KnownObject, facet: string, { key, was, said, ended }: Trace): void {
  for (const period of [...said.map((span) => span.period), ...ended]) {
    const restored = clipped(was, period);
    for (const span of restored) object.say(facet, span, key);
    for (const gap of gaps(period, restored))
      object.say(facet, { period: gap, value: null, about: null }, key);
  }
}
