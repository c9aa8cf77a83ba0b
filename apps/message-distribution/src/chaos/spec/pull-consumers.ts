import { randomInt } from 'node:crypto';
import { type Claimed } from '../../spec/receiver';
import type { FrontDoor } from './front-door';
import type { Journal } from './journal';

export interface PullWish {
  readonly door: FrontDoor;
  readonly token: () => Promise<string>;
  readonly mailbox: string;
  readonly journal: Journal;
}

const WISH = { antal: 50, sekunder: 5, vent: 1 };

interface Held {
  readonly until: number;
  readonly subjects: ReadonlySet<string>;
}

/** Consumers of one dueslag who share it by leases. Now and then one dies with a lease in its hands. */
export class PullConsumers {
  /** Subjects that were given to one while another had them (T84). */
  overlaps = 0;
  /** Leases that were said to be over before their time, to one that had said nothing of them yet. */
  denials = 0;
  deaths = 0;
  private readonly held = new Set<Held>();

  constructor(private readonly wish: PullWish) {}

  async run(count: number, until: () => boolean): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.consume(until)));
  }

  private async consume(until: () => boolean): Promise<void> {
    const { door, token, mailbox } = this.wish;
    while (!until()) {
      const asked = { token: await token(), body: WISH };
      const answer = await door.insist('POST', `/dueslag/${mailbox}/krav`, asked);
      if (answer.status !== 200) throw new Error(`krav: ${answer.status} ${answer.text}`);
      const claimed = JSON.parse(answer.text) as Claimed;
      if (claimed.krav !== null) await this.work(claimed);
    }
  }

  private async work({ krav, udloeber, beskeder }: Claimed): Promise<void> {
    const { door, token, mailbox, journal } = this.wish;
    const held = { until: Date.parse(udloeber!), subjects: new Set(beskeder.map(({ subject }) => subject!)) };
    for (const other of this.held)
      if (other.until > Date.now() && [...other.subjects].some((each) => held.subjects.has(each)))
        this.overlaps++;
    for (const each of beskeder) journal.take(each);
    this.held.add(held);
    if (randomInt(15) === 0) {
      this.deaths++;
      return;
    }
    // From here on it may be given to somebody else.
    this.held.delete(held);
    const body = { krav, modtaget: [...new Set(beskeder.map(({ id }) => id))] };
    for (let isFirst = true; ; isFirst = false) {
      const answer = await door.ask('POST', `/dueslag/${mailbox}/kvitteringer`, {
        token: await token(),
        body,
      });
      if (answer === null) continue;
      if (answer.status === 409) {
        if (isFirst && Date.now() < held.until) this.denials++;
      } else if (answer.status !== 204) throw new Error(`kvitteringer: ${answer.status} ${answer.text}`);
      return;
    }
  }
}
