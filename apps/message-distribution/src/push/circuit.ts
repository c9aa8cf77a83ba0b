const SECOND = 1000;

/** What it takes for a receiver to be taken as down, and how often it is then tried. */
export const CIRCUIT = {
  /** Subjects that have failed since something last went well. One that always fails says nothing of the receiver. */
  subjects: 8,
  /** Milliseconds until the first try, and at the most; twice as long each time. */
  first: 1 * SECOND,
  longest: 60 * SECOND,
  jitter: 0.2,
} as const;

export interface CircuitOptions {
  /** Milliseconds. */
  readonly now?: () => number;
  readonly random?: () => number;
}

/**
 * Whether a receiver is called at all. One that is down is tried with one message at a time, seldom, and whatever else is
 * for it waits as it is, without its tries being used up.
 */
export class Circuit {
  private readonly failing = new Set<string>();
  private isOpen = false;
  private isProbing = false;
  private until = -Infinity;
  private wait = 0;
  private readonly now: () => number;
  private readonly random: () => number;

  constructor({ now = () => performance.now(), random = Math.random }: CircuitOptions = {}) {
    this.now = now;
    this.random = random;
  }

  /** Whether the receiver is left alone just now, but for single tries. */
  get isDown(): boolean {
    return this.isOpen;
  }

  /** How many may call at the same time, of those who would. */
  room(most: number): number {
    if (this.now() < this.until) return 0;
    if (!this.isOpen) return most;
    return this.isProbing ? 0 : 1;
  }

  /** To be asked before each call. What it gives is to be told how the call went; null: not now. */
  enter(): Passage | null {
    if (this.room(1) === 0) return null;
    const isProbe = this.isOpen;
    if (isProbe) this.isProbing = true;
    const leave = (): void => {
      if (isProbe) this.isProbing = false;
    };
    return {
      succeeded: () => {
        leave();
        this.succeeded();
      },
      failed: (subject, putOff) => {
        leave();
        this.failed(subject, putOff);
      },
      cutOff: leave,
    };
  }

  private succeeded(): void {
    this.failing.clear();
    // Others were under way when it was put off: that one of them went well does not take it back.
    if (this.now() < this.until) return;
    this.isOpen = false;
    this.wait = 0;
  }

  private failed(subject: string, putOff: number | null): void {
    const moment = this.now();
    this.failing.add(subject);
    if (putOff !== null) {
      this.isOpen = true;
      this.until = Math.max(this.until, moment + putOff);
    } else if (moment >= this.until && (this.isOpen || this.failing.size >= CIRCUIT.subjects)) {
      this.isOpen = true;
      this.wait = Math.min(Math.max(CIRCUIT.first, 2 * this.wait), CIRCUIT.longest);
      this.until = moment + this.wait * (1 + CIRCUIT.jitter * (2 * this.random() - 1));
    }
  }
}

/** One call's way through. */
export interface Passage {
  succeeded(): void;
  /** @param putOff milliseconds that the receiver asked to be left alone */
  failed(subject: string, putOff: number | null): void;
  /** We ended it ourselves, and know nothing. */
  cutOff(): void;
}
