import { Injectable } from '@nestjs/common';
import { Dueslag, Vaerdiliste } from '@stoettesystemer/model';
import { Database, ROLES, type Statement } from '@stoettesystemer/postgres';
import { DISTRIBUTING } from '../matching/matcher';

const LOOK = { owner: null, role: ROLES.lookup } as const;
/** Messages, and rows of what is deleted, in one transaction. */
const BATCH = 2_000;

/**
 * The oldest messages up to a moment, and all that was made of them: nothing of a message stands longer than the message.
 * Only what has been matched. A dueslag's first position is what is left.
 */
const removal = (olderThan: Date): Statement => ({
  name: 'message-remove',
  text: `
    with old as materialized (
      select pos, owner, number from message_feed
       where pos + 0 between (select first_pos from message_state) and (select position from matching)
         and placed_at < $1::timestamptz order by pos + 0 limit ${BATCH}
    ), undone as (
      delete from delivery d using old where d.message_pos = old.pos returning d.owner, d.mailbox, d.pos, d.state
    ), moved as (
      update mailbox b set first_pos = coalesce((select min(d.pos) from delivery d where d.owner = b.owner and d.mailbox = b.id
               and not exists (select from undone u where u.owner = d.owner and u.mailbox = d.mailbox and u.pos = d.pos)),
             b.last_pos + 1)
        from (select distinct owner, mailbox from undone) t where b.owner = t.owner and b.id = t.mailbox
    ), gone as (
      delete from message m using old where m.owner = old.owner and m.number = old.number
    ), places as (
      delete from message_feed f using old where f.owner = old.owner and f.pos = old.pos
    ), state as (
      update message_state set first_pos = greatest(first_pos, (select max(pos) + 1 from old)) where exists (select from old)
    )
    select (select count(*) from old) as messages, (select count(*) from undone where state in ('w', 'f')) as undelivered`,
  values: [olderThan.toISOString()],
});

const deleted = (type: string, table: string, column: string): Statement => ({
  name: `deleted-${table}`,
  text: `select o.id from object o where o.type = $1::text and o.lifecycle = 'Slettet'
    and exists (select from ${table} t where t.owner = o.owner and t.${column} = o.id)`,
  values: [type],
});

/** Takes away what is no longer to be kept: old messages, and what is in dueslag and lists that have been deleted. */
@Injectable()
export class MessageRetention {
  constructor(private readonly database: Database) {}

  /** What was taken in before. How many messages, and how many of their deliveries nobody had got. */
  async removeOlder(than: Date, signal?: AbortSignal): Promise<{ messages: number; undelivered: number }> {
    const total = { messages: 0, undelivered: 0 };
    while (!signal?.aborted) {
      const { rows } = await this.database.run(DISTRIBUTING, removal(than));
      const { messages, undelivered } = rows[0] as unknown as typeof total;
      total.messages += messages;
      total.undelivered += undelivered;
      if (messages < BATCH) break;
    }
    return total;
  }

  async removeDeleted(signal?: AbortSignal): Promise<void> {
    await this.empty(deleted(Dueslag.name, 'delivery', 'mailbox'), 'delivery', 'mailbox', signal);
    await this.empty(deleted(Dueslag.name, 'replay', 'mailbox'), 'replay', 'mailbox', signal);
    await this.empty(deleted(Vaerdiliste.name, 'list_value', 'list'), 'list_value', 'list', signal);
  }

  private async empty(
    find: Statement,
    table: string,
    column: string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { rows } = await this.database.run(LOOK, find);
    for (const { id } of rows)
      for (let count = BATCH; count === BATCH && !signal?.aborted;)
        ({ count } = await this.database.run(DISTRIBUTING, {
          name: `remove-${table}`,
          text: `delete from ${table} where ctid = any (array(select ctid from ${table} where ${column} = $1::uuid limit ${BATCH}))`,
          values: [id],
        }));
  }
}
