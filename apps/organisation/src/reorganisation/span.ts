import { period as p, type Period } from '@stoettesystemer/object';

export type Item = Readonly<Record<string, unknown>>;

/** What one slot of an object says over a period; null says that nothing holds. */
export interface Span {
  readonly period: Period;
  readonly value: Item | null;
  /** What else the virkning says: who, and why. */
  readonly about: Item | null;
}

const textOf = ({ value, about }: Span): string => JSON.stringify([value, about]);
const alike = (a: Span, b: Span): boolean => textOf(a) === textOf(b);
const ascending = (a: Span, b: Span): number => (a.period.from < b.period.from ? -1 : 1);

/** Lays one over the others: the part that it covers is replaced. */
export const laid = (spans: readonly Span[], over: Span): Span[] => [
  ...spans.flatMap((span) => p.minus(span.period, over.period).map((period) => ({ ...span, period }))),
  over,
];

/** Neighbours that say the same joined, in order of time. */
export function coalesced(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of [...spans].sort(ascending)) {
    const last = joined.at(-1);
    if (last && last.period.to === span.period.from && alike(last, span))
      joined[joined.length - 1] = { ...last, period: { from: last.period.from, to: span.period.to } };
    else joined.push(span);
  }
  return joined;
}

export const clipped = (spans: readonly Span[], within: Period): Span[] =>
  spans.flatMap((span) => {
    const period = p.intersection(span.period, within);
    return period ? [{ ...span, period }] : [];
  });

/** The parts of a period in which none of the spans holds. */
export const gaps = (within: Period, spans: readonly Span[]): Period[] =>
  spans.reduce<Period[]>((rest, { period }) => rest.flatMap((gap) => p.minus(gap, period)), [within]);

/** Whether the spans say exactly this over its period, joined or in pieces. */
export function covers(spans: readonly Span[], { period, value, about }: Span): boolean {
  const [only, more] = coalesced(clipped(spans, period));
  return (
    only !== undefined && !more && p.equals(only.period, period) && alike(only, { period, value, about })
  );
}

/** Whether one of the spans is exactly this one. */
export const has = (spans: readonly Span[], span: Span): boolean =>
  spans.some((each) => p.equals(each.period, span.period) && alike(each, span));
