const WIDTH = 30;
/** Milliseconds between two drawings. */
const PACE = 100;

/** A line on stderr that is drawn over: on a terminal a bar, elsewhere a line now and then. */
export class ProgressBar {
  private last = 0;
  private shown = -1;

  constructor(
    private readonly what: string,
    private readonly out: NodeJS.WriteStream = process.stderr,
  ) {}

  show(done: number, total: number): void {
    const share = total > 0 ? Math.min(1, done / total) : 0;
    const isDone = done >= total;
    if (this.out.isTTY) {
      if (!isDone && Date.now() - this.last < PACE) return;
      this.last = Date.now();
      const full = Math.round(share * WIDTH);
      this.out.write(
        `\r${this.what} [${'█'.repeat(full)}${' '.repeat(WIDTH - full)}] ${done}/${total}${isDone ? '\n' : ''}`,
      );
      return;
    }
    const tenth = Math.floor(share * 10);
    if (tenth === this.shown) return;
    this.shown = tenth;
    this.out.write(`${this.what}: ${done}/${total}\n`);
  }
}
