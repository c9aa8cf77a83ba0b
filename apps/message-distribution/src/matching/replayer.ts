import { Injectable } from '@nestjs/common';
import { COMMON_OWNER } from '@stoettesystemer/access';
import { Database, type Result, type Statement } from '@stoettesystemer/postgres';
import { matches } from '../filter/matches';
import { asReceivedBy } from '../message/rights';
import { ListedValues } from './listed-values';
import { ARRIVED_COLUMNS, type Arrived, arrivedOf } from './match';
import { BATCH, DISTRIBUTING } from './matcher';
import { type Found, placeDeliveries } from './place-deliveries';
import { Registered } from './registered';

interface Replay {
  readonly owner: string;
  readonly mailbox: string;
  readonly number: number;
  readonly reached: number;
  readonly last: number;
}

const first: Statement = {
  name: 'replay-hold',
  text: `select owner, mailbox, number, reached, last from replay where done_at is null
    order by requested_at limit 1 for update skip locked`,
};
const messages = ({ owner, reached, last }: Replay): Statement => ({
  name: 'replay-next',
  text: `with looked as materialized (
      select pos, owner, number from message_feed where pos + 0 > $1::bigint and pos + 0 <= $2::bigint
       order by pos + 0 limit ${BATCH * 4}
    )
    select l.reached, ${ARRIVED_COLUMNS}
      from (select max(pos) as reached from looked) l
      left join (looked f join message m on m.owner = f.owner and m.number = f.number
        and (case when m.recipients is null then f.owner in ($3::int, ${COMMON_OWNER}) else $3::int = any (m.recipients) end))
      on true order by f.pos`,
  values: [reached, last, Number(owner)],
});
const moveTo = ({ owner, mailbox, number, last }: Replay, reached: number, count: number): Statement => ({
  name: 'replay-move',
  text: `update replay set reached = $4::bigint, count = count + $5::bigint,
      done_at = case when $4::bigint >= $6::bigint then clock_timestamp() end
    where owner = $1::int and mailbox = $2::uuid and number = $3::int`,
  values: [Number(owner), mailbox, number, reached, count, last],
});

/**
 * Gives a dueslag messages again, in their order, after all that it has: those that its subscriptions take as they are
 * now. A batch at a time, each with how far it has come, so that a restart goes on from there.
 */
@Injectable()
export class Replayer {
  constructor(
    private readonly database: Database,
    private readonly registered: Registered,
  ) {}

  /** One batch of one replay. False when there is none to do. */
  async step(): Promise<boolean> {
    return this.database.transaction(DISTRIBUTING, async (tx) => {
      const { rows } = await tx.run(first);
      if (!rows[0]) return false;
      const { owner, ...rest } = rows[0] as unknown as Omit<Replay, 'owner'> & { owner: number };
      const replay: Replay = { ...rest, owner: String(owner).padStart(8, '0') };
      const [{ rows: fed }] = (await tx.batch([messages(replay)])) as [Result];
      // Nothing more that is kept: it has come to its end.
      const reached = fed[0]?.['reached'] === null ? replay.last : Number(fed[0]?.['reached']);
      await this.registered.refresh();
      const arrived = fed.flatMap((row) => (row['pos'] === null ? [] : (arrivedOf(row) ?? [])));
      const lists = new ListedValues();
      for (const { attributes } of arrived) lists.want(replay.owner, attributes);
      if (!lists.isEmpty && this.registered.index.asksLists(replay.owner))
        lists.learn((await tx.run(lists.lookup)).rows, (cvr, list) => this.registered.hasList(cvr, list));
      const found = arrived.flatMap((message) => this.foundFor(replay, message, lists) ?? []);
      await tx.finish([
        ...(found.length > 0 ? [placeDeliveries(found, await matched(tx), replay.number)] : []),
        moveTo(replay, reached, found.length),
      ]);
      return true;
    });
  }

  private foundFor({ owner, mailbox }: Replay, message: Arrived, lists: ListedValues): Found | null {
    const registered = this.registered.mailbox(owner, mailbox);
    if (!registered) return null;
    const { sender, number, position, subject } = message;
    const attributes = asReceivedBy(message.attributes, owner);
    const holds = lists.holdsFor(owner);
    for (const { system, owner: of, filters } of this.registered.index.of(mailbox))
      if (system === registered.system && of === owner && matches(filters, attributes, holds))
        return { owner, mailbox, sender, message: number, position, subject };
    return null;
  }
}

/** What is said beside a notice is how far the messages have been matched. */
async function matched(tx: { run(statement: Statement): Promise<Result> }): Promise<number> {
  const { rows } = await tx.run({ name: 'matching-position', text: 'select position from matching' });
  return Number(rows[0]!['position']);
}
