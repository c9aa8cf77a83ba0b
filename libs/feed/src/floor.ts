import type { Move } from './move';

/**
 * The outbox number up to which nothing more can come, so that a move need not look there. Without it a move wades
 * through every row moved since the oldest snapshot that anybody still holds (a backup's, for hours), for as long as
 * that is open vacuum cannot take them away.
 *
 * It waits for every transaction that could hold a number: at some move the last number given out is noted; the next
 * move's snapshot is younger, so each transaction that had taken a number by then is older than that snapshot's `xmax`
 * (a row gets its number after its transaction has its own); and when a later move sees that all of those have ended,
 * what they wrote was to be seen, and it has moved it, or the rest of it is left to be moved and it says so.
 */
export class Floor {
  private settled = 0;
  private noted: { readonly number: number; xmax?: bigint } | undefined;

  get value(): number {
    return this.settled;
  }

  /** Learns from a move that looked above `value` for at most `batch` rows. */
  learn({ count, highest, latest, xmin, xmax }: Move, batch: number): void {
    if (this.noted) {
      this.noted.xmax ??= xmax;
      const haveEnded = xmin >= this.noted.xmax;
      const isMoved = count < batch || (highest ?? 0) >= this.noted.number;
      if (!haveEnded || !isMoved) return;
      this.settled = this.noted.number;
    }
    this.noted = { number: latest };
  }
}
