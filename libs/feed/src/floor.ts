import type { Move } from './move';

/**
 * The outbox number up to which nothing more can come, so that a move need not look there. Without it every move wades
 * through all rows that were moved since the oldest snapshot somebody still holds (a backup's, for hours): until that
 * one ends, vacuum cannot take them away.
 *
 * It waits for every transaction that could hold a number: at some move the last number given out is noted; a later
 * move has a transaction number of its own, so each transaction that had taken an outbox number by then has a lower one
 * (a row gets its number after its transaction has its own); and a move that begins when all of those have ended sees
 * whatever they wrote up to the noted number, and moves it from the lowest on, as far as its batch goes. The end of a
 * snapshot would not do instead: it says only which transactions had ended, and one under way may lie beyond it.
 */
export class Floor {
  private settled = 0;
  private noted: { readonly number: number; xact?: bigint } | undefined;

  get value(): number {
    return this.settled;
  }

  /** Learns from a move that looked above `value` for at most `batch` rows. */
  learn({ looked, highest, latest, xmin, xact }: Move, batch: number): void {
    if (this.noted) {
      const { number } = this.noted;
      if (this.noted.xact !== undefined && xmin > this.noted.xact)
        this.settled = looked < batch || highest === null ? number : Math.min(number, highest);
      else if (xact !== null) this.noted.xact ??= xact;
      if (this.settled < number) return;
    }
    this.noted = { number: latest };
  }
}
