import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../spec/receiver';

/** What a sender has had acknowledged, as it sent it. `data.nummer` rises in each subject. */
export type Sent = Json & {
  readonly source: string;
  readonly id: string;
  readonly subject: string;
  readonly ansvarligmyndighed: string;
  readonly tilladtmodtager?: string;
  readonly data: { readonly nummer: number };
};

export interface ReceiverWish {
  readonly name: string;
  /** The municipality that it receives for. */
  readonly town: string;
  /** Whether its system's agreement gives it. */
  readonly mayHave: (event: Sent) => boolean;
}

/** What became of all that was sent, at one receiver. All but the first three are to be 0. */
export interface Verdict {
  readonly receiver: string;
  readonly expected: number;
  readonly received: number;
  readonly repeated: number;
  readonly lost: number;
  readonly unauthorised: number;
  readonly disordered: number;
  readonly altered: number;
}

const keyOf = ({ source, id }: { source: string; id: string }): string => `${source} ${id}`;

/** What one receiver has got, in the order that it got it. */
export class Journal {
  /** What it has made its own. */
  private readonly received: Sent[] = [];
  /** What it has been shown, also when it then failed. */
  private readonly shown = new Set<string>();
  private readonly known = new Set<string>();

  constructor(readonly wish: ReceiverWish) {}

  show(event: Json): void {
    this.shown.add(keyOf(event as Sent));
  }

  take(event: Json): void {
    this.show(event);
    this.known.add(keyOf(event as Sent));
    this.received.push(event as Sent);
  }

  has(all: readonly Sent[]): boolean {
    return all.every((event) => !this.isFor(event) || this.known.has(keyOf(event)));
  }

  judge(all: readonly Sent[]): Verdict {
    const expected = new Map(all.filter((event) => this.isFor(event)).map((event) => [keyOf(event), event]));
    const first = new Map<string, Sent>();
    let altered = 0;
    for (const event of this.received) {
      if (!first.has(keyOf(event))) first.set(keyOf(event), event);
      const wanted = expected.get(keyOf(event));
      if (wanted && !isDeepStrictEqual(event, this.asReceived(wanted))) altered++;
    }
    return {
      receiver: this.wish.name,
      expected: expected.size,
      received: first.size,
      repeated: this.received.length - first.size,
      lost: [...expected.keys()].filter((key) => !first.has(key)).length,
      unauthorised: [...this.shown].filter((key) => !expected.has(key)).length,
      disordered: disorderIn([...first.values()]),
      altered,
    };
  }

  private isFor(event: Sent): boolean {
    const { tilladtmodtager, ansvarligmyndighed } = event;
    const towns = tilladtmodtager?.split(',') ?? [ansvarligmyndighed];
    return towns.includes(this.wish.town) && this.wish.mayHave(event);
  }

  /** It is told of no other receiver. */
  private asReceived(event: Sent): Json {
    return event.tilladtmodtager === undefined ? event : { ...event, tilladtmodtager: this.wish.town };
  }
}

/** How many came after a later one of the same subject. */
function disorderIn(events: readonly Sent[]): number {
  const reached = new Map<string, number>();
  let count = 0;
  for (const { subject, data } of events) {
    if (data.nummer < (reached.get(subject) ?? 0)) count++;
    reached.set(subject, Math.max(data.nummer, reached.get(subject) ?? 0));
  }
  return count;
}
