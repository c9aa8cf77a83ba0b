import { Injectable } from '@nestjs/common';
import type { Ask } from '@stoettesystemer/engine';
import { Database, type Row } from '@stoettesystemer/postgres';
import { addressOf } from '../push/receivers';
import { Mailboxes } from './mailboxes';

const SHOWN = 20;

const RECEIVER: Readonly<Record<string, string>> = { t: 'tilladt', a: 'afvist' };

/** Whether the receiver of what is pushed has said that it wants messages. */
const receiverState = (row: Row): Record<string, unknown> => ({
  tilstand: RECEIVER[row['push'] as string] ?? 'afventer',
  aarsag: row['push_reason'],
  spurgt: row['push_tried'],
  spoergesIgen: row['push'] === 't' ? null : row['push_next'],
});

/** How a dueslag is doing, for its receiver to look after (contract §8). */
@Injectable()
export class MailboxState {
  constructor(
    private readonly database: Database,
    private readonly mailboxes: Mailboxes,
  ) {}

  /** On the wire as it is. @throws Refusal 404 */
  async read({ caller }: Ask, uuid: string): Promise<Record<string, unknown>> {
    const { owner, isPaused, registration, delivery, receiver } = await this.mailboxes.open(
      caller,
      uuid,
      'laes',
    );
    const { rows } = await this.database.look(
      { owner },
      {
        name: 'mailbox-state',
        text: `
          select coalesce(b.first_pos, 1) as first, coalesce(b.last_pos, 0) as last, b.refused_number, b.refused_reason,
                 instant(b.alarmed_at) as alarmed,
                 p.state as push, p.reason as push_reason, instant(p.tried_at) as push_tried, instant(p.next_at) as push_next,
                 (select count(*) from delivery d where d.owner = $1::int and d.mailbox = $2::uuid and d.state = 'w') as waiting,
                 (select count(*) from delivery d where d.owner = $1::int and d.mailbox = $2::uuid and d.state = 'f') as dead,
                 (select coalesce(sum(cardinality(positions)), 0)::bigint from lease l
                   where l.owner = $1::int and l.mailbox = $2::uuid and l.until > clock_timestamp()) as leased,
                 o.pos, instant(o.created_at) as since,
                 extract(epoch from clock_timestamp() - o.created_at)::int as age,
                 (select s.last_pos - m.position from message_state s, matching m) as lag,
                 (select json_agg(json_build_object('nummer', r.number, 'bedtOm', instant(r.requested_at),
                           'faerdig', instant(r.done_at), 'beskeder', r.count) order by r.number desc)::text
                    from (select * from replay where owner = $1::int and mailbox = $2::uuid
                           order by number desc limit ${SHOWN}) r) as replays
            from (select) n
            left join mailbox b on b.owner = $1::int and b.id = $2::uuid
            left join push_receiver p on p.owner = $1::int and p.mailbox = $2::uuid and p.address = $3::bytea
            left join lateral (select pos, created_at from delivery
                where owner = $1::int and mailbox = $2::uuid and state = 'w' order by pos limit 1) o on true`,
        values: [Number(owner), uuid, addressOf(receiver ?? '')],
      },
    );
    const row = rows[0]!;
    const isClosed = row['refused_number'] !== null && Number(row['refused_number']) === registration;
    return {
      tilstand: isPaused ? 'pauset' : 'aktiv',
      lukket: isClosed ? (row['refused_reason'] ?? '') : null,
      modtager: delivery === 'push' ? receiverState(row) : null,
      foerste: Number(row['first']),
      sidste: Number(row['last']),
      ventende: Number(row['waiting']),
      iKrav: Number(row['leased']),
      fejlede: Number(row['dead']),
      aeldste:
        row['pos'] === null
          ? null
          : { position: Number(row['pos']), siden: row['since'], sekunder: Math.max(0, Number(row['age'])) },
      efterslaeb: Math.max(0, Number(row['lag'])),
      alarmSiden: row['alarmed'],
      genafspilninger: JSON.parse((row['replays'] as string | null) ?? '[]') as unknown,
    };
  }
}
