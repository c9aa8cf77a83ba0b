import { Injectable } from '@nestjs/common';
import { Database, type Result, ROLES, type Statement, type Transaction } from '@stoettesystemer/postgres';
import { ListedValues } from './listed-values';
import { ARRIVED_COLUMNS, type Arrived, arrivedOf, audienceOf, foundFor } from './match';
import { placeDeliveries } from './place-deliveries';
import { Registered } from './registered';

export const DISTRIBUTING = { owner: null, role: ROLES.feed } as const;

/** Messages in one transaction. */
export const BATCH = 500;

/** Locked for as long as the transaction lasts; whoever does not get it is not the one who works. */
const checkpoint: Statement = {
  name: 'matching-hold',
  text: 'select position from matching for update skip locked',
};
const next = (most: number): Statement => ({
  name: 'matching-next',
  text: `select ${ARRIVED_COLUMNS} from message_feed f
    left join message m on m.owner = f.owner and m.number = f.number
    where f.pos + 0 > (select position from matching) order by f.pos + 0 limit $1::int`,
  values: [most],
});
const moveTo = (position: number): Statement => ({
  name: 'matching-move',
  text: 'update matching set position = $1::bigint',
  values: [position],
});

/**
 * Holds messages against the subscriptions, in the order of their positions: what they are for, and how far it has come, is
 * written in one transaction, under the lock of the checkpoint. So a message comes to a dueslag once, whatever stops
 * in between and however many processes try. Subscriptions are looked at after the messages were read: one that was
 * answered before a message was sent has taken effect.
 */
@Injectable()
export class Matcher {
  constructor(
    private readonly database: Database,
    private readonly registered: Registered,
  ) {}

  /** One batch. How many messages there were; null when another process is at it. */
  async step(most = BATCH): Promise<number | null> {
    return this.database.transaction(DISTRIBUTING, async (tx) => {
      const [held, fed] = (await tx.batch([checkpoint, next(most)])) as [Result, Result];
      if (held.count === 0) return null;
      if (fed.count === 0) return 0;
      const reached = Number(fed.rows.at(-1)!['pos']);
      await this.registered.refresh();
      const found = await this.match(
        tx,
        fed.rows.flatMap((row) => arrivedOf(row) ?? []),
      );
      await tx.finish([...(found.length > 0 ? [placeDeliveries(found, reached)] : []), moveTo(reached)]);
      return fed.count;
    });
  }

  private async match(tx: Transaction, messages: readonly Arrived[]) {
    const audiences = messages.map(
      (message) => [message, [...audienceOf(message, this.registered.index.municipalities)]] as const,
    );
    const lists = new ListedValues();
    for (const [{ attributes }, owners] of audiences)
      for (const owner of owners) if (this.registered.index.asksLists(owner)) lists.want(owner, attributes);
    if (!lists.isEmpty)
      lists.learn((await tx.run(lists.lookup)).rows, (owner, list) => this.registered.hasList(owner, list));
    return audiences.flatMap(([message, owners]) =>
      owners.flatMap((owner) => foundFor(message, owner, this.registered, lists)),
    );
  }
}
