import { randomInt } from 'node:crypto';
import { BATCH_TYPE } from '../../envelope/cloud-event/cloud-event';
import { event } from '../../spec/receiver';
import type { FrontDoor } from './front-door';
import type { Sent } from './journal';

export interface SenderWish {
  readonly door: FrontDoor;
  readonly token: () => Promise<string>;
  /** Municipality that it sends for, and those that it names as receivers. */
  readonly town: string;
  readonly towns: readonly string[];
  /** Milliseconds between two batches. */
  readonly rest: number;
}

const SUBJECTS = 40;
const MOST = 30;
const SUBJECT_NUMBERS = ['27.18.02', '27.03.00', '32.30.04'];
const LEVELS = ['IKKE_FORTROLIGE_DATA', 'FORTROLIGE_PERSONOPLYSNINGER', 'FOELSOMME_PERSONOPLYSNINGER'];
const oneOf = <T>(list: readonly T[]): T => list[randomInt(list.length)]!;

/** Sends batches one after the other, each again with the same ids until it is acknowledged: order is the sender's to keep. */
export class Sender {
  /** Acknowledged. */
  readonly sent: Sent[] = [];
  /** Batches that were sent once more. */
  repetitions = 0;
  private number = 0;

  constructor(private readonly wish: SenderWish) {}

  /** @throws Error when one is answered otherwise than taken in, or to come again. */
  async run(until: () => boolean): Promise<void> {
    const { door, token, rest } = this.wish;
    while (!until()) {
      const batch = Array.from({ length: 1 + randomInt(MOST) }, () => this.next());
      const asked = { body: batch, type: `${BATCH_TYPE}; charset=utf-8` };
      let answer = await door.ask('POST', '/beskeder', { ...asked, token: await token() });
      while (answer === null) {
        this.repetitions++;
        answer = await door.ask('POST', '/beskeder', { ...asked, token: await token() });
      }
      if (answer.status !== 202) throw new Error(`beskeder: ${answer.status} ${answer.text}`);
      this.sent.push(...batch);
      await new Promise((resolve) => setTimeout(resolve, rest));
    }
  }

  private next(): Sent {
    const { town, towns } = this.wish;
    const nummer = ++this.number;
    const named = towns.filter(() => randomInt(2) === 0);
    return event({
      // Another sender uses the same ids.
      id: `haendelse-${nummer}`,
      source: `/kaos/${town}`,
      subject: `${town}-${randomInt(SUBJECTS)}`,
      ansvarligmyndighed: town,
      foelsomhed: oneOf(LEVELS),
      opgaveemne: oneOf(SUBJECT_NUMBERS),
      ...(named.length > 0 ? { tilladtmodtager: named.join(',') } : {}),
      data: { nummer },
    }) as unknown as Sent;
  }
}
