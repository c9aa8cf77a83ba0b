import type { Statement } from '@stoettesystemer/postgres';

/** One message that is for one dueslag. */
export interface Found {
  /** CVR of the dueslag. */
  readonly owner: string;
  readonly mailbox: string;
  /** CVR as a number, and the message's number and position. */
  readonly sender: number;
  readonly message: number;
  readonly position: number;
  /** Its order key, as text. */
  readonly subject: string;
}

/**
 * Gives each its place in its dueslag, in the order of the messages, and tells whoever waits there. Only whoever holds the
 * row of `matching` or of a replay runs it, so places are dense; that nothing is placed twice the table says too.
 */
export function placeDeliveries(found: readonly Found[], reached: number, replay = 0): Statement {
  const column = <T>(read: (each: Found) => T): T[] => found.map(read);
  return {
    name: 'delivery-place',
    text: `
      with given as (
        select * from unnest($1::int[], $2::uuid[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[])
          as g (owner, mailbox, sender, message, message_pos, subject)
      ), counted as (
        select owner, mailbox, count(*) as count from given group by owner, mailbox
      ), moved as (
        insert into mailbox (owner, id, last_pos)
        select owner, mailbox, count from counted order by owner, mailbox
        on conflict (owner, id) do update set last_pos = mailbox.last_pos + excluded.last_pos
        returning owner, id, last_pos
      ), placed as (
        insert into delivery (owner, mailbox, pos, sender, message, message_pos, replay, subject)
        select g.owner, g.mailbox,
               b.last_pos - c.count + row_number() over (partition by g.owner, g.mailbox order by g.message_pos),
               g.sender, g.message, g.message_pos, $8::int, g.subject
          from given g
          join counted c on c.owner = g.owner and c.mailbox = g.mailbox
          join moved b on b.owner = g.owner and b.id = g.mailbox
      ), told as (
        select string_agg(mailbox::text, ' ') as mailboxes from counted
      )
      select pg_notify('delivery', $7::bigint || ' ' || case when length(mailboxes) < 7000 then mailboxes else '*' end)
        from told where mailboxes is not null`,
    values: [
      column(({ owner }) => Number(owner)),
      column(({ mailbox }) => mailbox),
      column(({ sender }) => sender),
      column(({ message }) => message),
      column(({ position }) => position),
      column(({ subject }) => subject),
      reached,
      replay,
    ],
  };
}
