/** Works on so many at a time, in the order that they came. */
export class Runs<T> {
  private readonly waiting: T[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private isWell = true;
  private failure: { readonly cause: unknown } | null = null;

  constructor(
    private readonly most: number,
    /** Says whether it went well. */
    private readonly work: (each: T) => Promise<boolean>,
  ) {}

  /** @throws whatever one of them threw */
  get areWell(): boolean {
    if (this.failure) throw this.failure.cause;
    return this.isWell;
  }

  get areDone(): boolean {
    return this.underWay.size === 0;
  }

  add(more: readonly T[]): void {
    this.waiting.push(...more);
    this.begin();
  }

  /** Until one has ended; at once when none is under way. */
  async next(): Promise<void> {
    if (!this.areDone) await Promise.race(this.underWay);
  }

  /** Until one more would begin at once. */
  async room(): Promise<void> {
    while (this.underWay.size >= this.most) await this.next();
  }

  /** Until all have ended, those that wait too. */
  async end(): Promise<void> {
    while (!this.areDone) await this.next();
  }

  private begin(): void {
    while (this.underWay.size < this.most) {
      const each = this.waiting.shift();
      if (each === undefined) return;
      const run: Promise<void> = this.work(each)
        .then(
          (isWell) => {
            this.isWell &&= isWell;
          },
          (cause: unknown) => {
            this.failure ??= { cause };
          },
        )
        .finally(() => {
          this.underWay.delete(run);
          this.begin();
        });
      this.underWay.add(run);
    }
  }
}
