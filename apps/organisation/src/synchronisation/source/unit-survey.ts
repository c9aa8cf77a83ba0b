import { type Instant, parseInstant, period as p, type Period } from '@stoettesystemer/object';
import type { Sections } from '../differ/difference';
import type { Item } from './lora-object';

interface Edge {
  readonly parent: string;
  readonly period: Period;
}

const targetOf = (item: Item): string =>
  (item['reference'] as { uuid?: string } | undefined)?.uuid?.toLowerCase() ?? '';

function periodOf(item: Item): Period | null {
  const { fra, til } = (item['virkning'] ?? {}) as { fra?: unknown; til?: unknown };
  const from = typeof fra === 'string' ? parseInstant(fra) : null;
  const to = typeof til === 'string' ? parseInstant(til) : null;
  return from === null ? null : { from, to };
}

const at = (items: readonly Item[] = [], moment: Instant): Item | undefined =>
  items.find((item) => {
    const period = periodOf(item);
    return period !== null && p.contains(period, moment);
  });

/** The tree of the units that a source has, over all of its time. */
export class UnitSurvey {
  private readonly edges = new Map<string, Edge[]>();
  private readonly roots = new Map<string, number>();

  /** @param moment at which roots are counted. */
  constructor(private readonly moment: Instant) {}

  add(uuid: string, { relationer = {}, tilstande = {} }: Sections): void {
    const above = relationer['overordnet'] ?? [];
    this.edges.set(
      uuid,
      above.flatMap((item) => {
        const [parent, period] = [targetOf(item), periodOf(item)];
        return parent === '' || period === null ? [] : [{ parent, period }];
      }),
    );
    if (at(tilstande['gyldighed'], this.moment)?.['vaerdi'] !== 'Aktiv' || at(above, this.moment)) return;
    const organisation = targetOf(at(relationer['tilhoerer'], this.moment) ?? {});
    this.roots.set(organisation, (this.roots.get(organisation) ?? 0) + 1);
  }

  has(uuid: string): boolean {
    return this.edges.has(uuid);
  }

  /** The most that one organisation has. */
  get mostRoots(): number {
    return Math.max(0, ...this.roots.values());
  }

  /** Units that are under themselves at some time. */
  circles(): string[] {
    return [...this.edges.keys()].filter((unit) => this.isUnderItself(unit));
  }

  /** Units with a unit above them, at some time, that the source does not have. */
  orphans(): string[] {
    return [...this.edges]
      .filter(([, above]) => above.some(({ parent }) => !this.edges.has(parent)))
      .map(([unit]) => unit);
  }

  /** Units that are under one of these at some time. */
  under(units: readonly string[]): string[] {
    const children = new Map<string, string[]>();
    for (const [unit, above] of this.edges)
      for (const { parent } of above) children.set(parent, [...(children.get(parent) ?? []), unit]);
    const found = new Set<string>(units);
    for (const unit of found) for (const child of children.get(unit) ?? []) found.add(child);
    return [...found].filter((unit) => !units.includes(unit));
  }

  /** A place for each: that of a unit is after those of all that it is ever under. */
  places(): ReadonlyMap<string, number> {
    const places = new Map<string, number>();
    for (const start of this.edges.keys()) {
      const waiting = [start];
      const opened = new Set<string>();
      for (let unit = waiting.at(-1); unit !== undefined; unit = waiting.at(-1)) {
        const above = (this.edges.get(unit) ?? []).map(({ parent }) => parent);
        const next = above.filter(
          (parent) => this.edges.has(parent) && !places.has(parent) && !opened.has(parent),
        );
        if (!opened.has(unit) && next.length > 0) {
          opened.add(unit);
          waiting.push(...next);
          continue;
        }
        waiting.pop();
        if (!places.has(unit)) places.set(unit, places.size);
      }
    }
    return places;
  }

  private isUnderItself(unit: string): boolean {
    const waiting = (this.edges.get(unit) ?? []).map((edge) => ({ ...edge, passed: [unit] }));
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { parent, period, passed } = next;
      if (parent === unit) return true;
      // A ring that it only leads into is another's.
      if (passed.includes(parent)) continue;
      for (const edge of this.edges.get(parent) ?? []) {
        const shared = p.intersection(period, edge.period);
        if (shared) waiting.push({ parent: edge.parent, period: shared, passed: [...passed, parent] });
      }
    }
    return false;
  }
}
