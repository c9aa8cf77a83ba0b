import { type Instant, parseInstant } from '@stoettesystemer/object';

interface Held {
  readonly virkning: { readonly fra: string; readonly til?: string | null };
}

/** A point in virkning time, and the first one after it at which anything that was looked at changes. */
export class Moment {
  private next: Instant | null = null;

  constructor(readonly at: Instant) {}

  /** The items that hold now. */
  of<T extends Held>(items: readonly T[] | undefined): T[] {
    return (items ?? []).filter(({ virkning }) => {
      const from = parseInstant(virkning.fra)!;
      const to = virkning.til ? parseInstant(virkning.til) : null;
      this.note(from);
      if (to !== null) this.note(to);
      return from <= this.at && (to === null || this.at < to);
    });
  }

  /** The one that holds now of those of which only one can. */
  one<T extends Held>(items: readonly T[] | undefined): T | null {
    return this.of(items)[0] ?? null;
  }

  /** Null: nothing that was looked at ends or begins. */
  get until(): Instant | null {
    return this.next;
  }

  private note(edge: Instant): void {
    if (edge > this.at && (this.next === null || edge < this.next)) this.next = edge;
  }
}
