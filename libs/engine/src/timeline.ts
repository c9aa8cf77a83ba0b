import { period as p, type Period } from '@stoettesystemer/object';
import type { Assertion, Fact, Piece } from './piece';

type Span = Pick<Piece, 'period' | 'value' | 'about'>;
type Held = Span & { readonly origin?: Fact };

const ascending = (a: Span, b: Span): number => (a.period.from < b.period.from ? -1 : 1);
const alike = (a: Span, b: Span): boolean => a.value === b.value && a.about === b.about;

/** Joins neighbours that say the same. */
function coalesce(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of [...spans].sort(ascending)) {
    const last = joined.at(-1);
    if (last && last.period.to === span.period.from && alike(last, span))
      joined[joined.length - 1] = { ...last, period: { from: last.period.from, to: span.period.to } };
    else joined.push(span);
  }
  return joined;
}

const same = (a: readonly Span[], b: readonly Span[]): boolean =>
  a.length === b.length && a.every((span, at) => p.equals(span.period, b[at]!.period) && alike(span, b[at]!));

const clip = (spans: readonly Span[], within: Period): Span[] =>
  spans.flatMap((span) => {
    const period = p.intersection(span.period, within);
    return period ? [{ value: span.value, about: span.about, period }] : [];
  });

/** Lays members over the value that a group had: null clears, absent stays. Members come out in declared order. */
export type Merge = (former: string | null, members: Readonly<Record<string, unknown>>) => string | null;

/** What an assertion makes hold within its period, given what held there. */
function asserted(held: readonly Span[], { period, about, says }: Assertion, merge: Merge): Span[] {
  if (says.kind === 'end') return [];
  if (says.kind === 'set') return [{ period, about, value: says.value }];
  const covered = clip(held, period);
  const gaps = covered.reduce<Period[]>(
    (rest, span) => rest.flatMap((gap) => p.minus(gap, span.period)),
    [period],
  );
  const spans: (Span & { former: string | null })[] = [
    ...covered.map((span) => ({ ...span, about: about ?? span.about, former: span.value })),
    ...gaps.map((gap) => ({ period: gap, about, value: '', former: null })),
  ];
  return coalesce(
    spans.flatMap(({ former, ...span }) => {
      const value = merge(former, says.members);
      return value === null ? [] : [{ ...span, value }];
    }),
  );
}

export interface Difference {
  readonly close: readonly Fact[];
  readonly add: readonly Span[];
}

/**
 * Lays assertions over one slot's timeline (contract §4): the part that each covers is replaced, the parts before and
 * after remain, and one that says what already holds changes nothing. The periods of the assertions do not overlap.
 */
export function overlay(facts: readonly Fact[], assertions: readonly Assertion[], merge: Merge): Difference {
  let held: Held[] = facts.map((fact) => ({ ...fact, origin: fact }));
  for (const assertion of assertions) {
    const fresh = asserted(held, assertion, merge);
    if (same(coalesce(clip(held, assertion.period)), coalesce(fresh))) continue;
    held = held.flatMap((span) =>
      p.overlaps(span.period, assertion.period)
        ? p
            .minus(span.period, assertion.period)
            .map((period) => ({ period, value: span.value, about: span.about }))
        : [span],
    );
    held.push(...fresh);
  }
  const kept = new Set(held.flatMap(({ origin }) => (origin ? [origin] : [])));
  return {
    close: facts.filter((fact) => !kept.has(fact)),
    add: held.filter(({ origin }) => !origin).map(({ period, value, about }) => ({ period, value, about })),
  };
}

/** Makes a timeline exactly this: what is already there, to the letter, stays. */
export function replace(facts: readonly Fact[], wanted: readonly Span[]): Difference {
  const is = (fact: Fact) => (span: Span) => p.equals(fact.period, span.period) && alike(fact, span);
  return {
    close: facts.filter((fact) => !wanted.some(is(fact))),
    add: wanted.filter((span) => !facts.some((fact) => is(fact)(span))),
  };
}
