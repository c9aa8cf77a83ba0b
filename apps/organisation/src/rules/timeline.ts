import type { Change, FacetItem, FacetItems } from '@stoettesystemer/engine';
import {
  type Instant,
  keyOf,
  parseInstant,
  period as p,
  type Period,
  type Reference,
} from '@stoettesystemer/object';

interface Said {
  readonly period: Period;
  readonly item: FacetItem;
  readonly text: string;
}

const saidOf = (item: FacetItem): Said => {
  const { virkning, ...members } = item;
  const period = { from: parseInstant(virkning.fra)!, to: virkning.til ? parseInstant(virkning.til) : null };
  return { period, item, text: JSON.stringify(members) };
};

/** The UUID or the URN that a relation's item points at. */
export const targetOf = (item: FacetItem): string => keyOf(item['reference'] as Reference);

/** What an object says, moment by moment. */
export class Timeline {
  private readonly facets: ReadonlyMap<string, readonly Said[]>;
  /** The moments at which it begins or ceases to say something. */
  readonly edges: readonly Instant[];

  constructor(items: FacetItems) {
    const facets = Object.entries(items).map(([facet, list]) => [facet, list.map(saidOf)] as const);
    this.facets = new Map(facets);
    this.edges = facets.flatMap(([, said]) =>
      said.flatMap(({ period: { from, to } }) => (to === null ? [from] : [from, to])),
    );
  }

  periods(facet: string): readonly Period[] {
    return (this.facets.get(facet) ?? []).map(({ period }) => period);
  }

  at(moment: Instant, facet: string): readonly FacetItem[] {
    return this.holding(moment, facet).map(({ item }) => item);
  }

  targets(moment: Instant, facet: string): string[] {
    return this.at(moment, facet).map(targetOf);
  }

  /** Of a relation that points at one. */
  target(moment: Instant, facet: string): string | null {
    return this.targets(moment, facet)[0] ?? null;
  }

  /** What is not said to be inactive is active as long as it has its properties. */
  isActive(moment: Instant): boolean {
    return this.at(moment, 'egenskaber').length > 0 && !this.isInactive(moment);
  }

  isInactive(moment: Instant): boolean {
    return this.at(moment, 'gyldighed').some(({ vaerdi }) => vaerdi === 'Inaktiv');
  }

  /** Equal when the same is said. */
  text(moment: Instant): string {
    return [...this.facets]
      .flatMap(([facet]) => this.holding(moment, facet).map(({ text }) => `${facet} ${text}`))
      .sort()
      .join('\n');
  }

  private holding(moment: Instant, facet: string): readonly Said[] {
    return (this.facets.get(facet) ?? []).filter(({ period }) => p.contains(period, moment));
  }
}

/** The facets that tell whether an object is active. */
export const LIFE = ['egenskaber', 'gyldighed'] as const;

/** Every moment from which one of them may say something else; between two of them nothing changes. */
export const momentsOf = (...timelines: readonly Timeline[]): Instant[] =>
  [...new Set(timelines.flatMap(({ edges }) => edges))].sort((a, b) => (a < b ? -1 : 1));

/** A change, as far as a rule looks at it. What was wrong already and is not touched is nobody's fault now. */
export class Turn {
  readonly before: Timeline;
  readonly after: Timeline;

  constructor(private readonly change: Change) {
    this.before = new Timeline(change.before);
    this.after = new Timeline(change.after);
  }

  /** An import answers for all that it says, for it may revive what was ended. */
  isTouched(moment: Instant): boolean {
    return this.change.action !== 'ret' || this.before.text(moment) !== this.after.text(moment);
  }

  /** Those at which something else is said than before, also where only the others change. */
  moments(...others: readonly Timeline[]): Instant[] {
    return momentsOf(this.before, this.after, ...others).filter((moment) => this.isTouched(moment));
  }
}

export const isEnding = ({ action }: Change): boolean => action === 'passiver' || action === 'slet';
