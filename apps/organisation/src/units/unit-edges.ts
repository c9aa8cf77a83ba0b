import { type Instant, type Period, period as p } from '@stoettesystemer/object';

/** A unit's place under another, over one period. */
export interface UnitEdge {
  readonly unit: string;
  readonly parent: string;
  readonly period: Period;
}

/** What is under what at one moment, and when that may next be otherwise without anybody changing it. */
export interface UnitsAt {
  /** Which unit is right under which, by the unit. */
  readonly places: readonly Pick<UnitEdge, 'unit' | 'parent'>[];
  readonly under: (unit: string) => readonly string[];
  readonly until: Instant | null;
}

export function unitsAt(edges: readonly UnitEdge[], moment: Instant): UnitsAt {
  const children = new Map<string, string[]>();
  const places: Pick<UnitEdge, 'unit' | 'parent'>[] = [];
  let until: Instant | null = null;
  for (const { unit, parent, period } of edges) {
    for (const edge of [period.from, period.to])
      if (edge !== null && edge > moment && (until === null || edge < until)) until = edge;
    if (!p.contains(period, moment)) continue;
    places.push({ unit, parent });
    const siblings = children.get(parent);
    if (siblings) siblings.push(unit);
    else children.set(parent, [unit]);
  }
  const under = (root: string): string[] => {
    const found = new Set([root]);
    // A set is walked in the order of its growth, and a ring that came in with tolerant data ends where it began.
    for (const unit of found) for (const child of children.get(unit) ?? []) found.add(child);
    return [...found];
  };
  places.sort((a, b) => (a.unit < b.unit ? -1 : 1));
  return { places, under, until };
}
