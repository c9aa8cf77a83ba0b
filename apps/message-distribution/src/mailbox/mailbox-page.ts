import type { Database, Row } from '@stoettesystemer/postgres';
import { Refusal } from '@stoettesystemer/object';
import type { Place } from '../delivery/lease-statements';
import { MESSAGE_COLUMNS } from '../message/stored-message';

/** Bytes of sealed content in one page, beside the first message's. */
const MOST_BYTES = 4 * 1024 * 1024;

/** A dueslag's deliveries after a position, whatever has become of them but being discarded. */
export class MailboxPage {
  constructor(
    private readonly place: Place,
    private readonly limit: number,
  ) {}

  /** @throws Refusal 410 when what came after the position is not kept any more. */
  async after(
    database: Database,
    position: number,
  ): Promise<{ rows: Row[]; matched: number; isLast: boolean; reached: number }> {
    const { rows } = await database.look(
      { owner: this.place.owner },
      {
        name: 'mailbox-page',
        text: `
          with looked as materialized (
            select * from delivery where owner = $1::int and mailbox = $2::uuid and pos > $3::bigint
             order by pos limit $4::int
          ), read as (
            select l.pos, ${MESSAGE_COLUMNS},
                   coalesce(sum(octet_length(m.data)) over (order by l.pos rows between unbounded preceding and 1 preceding), 0)
                     as before
              from looked l join message m on m.owner = l.sender and m.number = l.message where l.state <> 'k'
          )
          select s.position as matched, t.looked, t.reached, b.first_pos, (select count(*)::int from read) as whole, r.*
            from matching s
            cross join (select count(*)::int as looked, max(pos) as reached from looked) t
            left join mailbox b on b.owner = $1::int and b.id = $2::uuid
            left join (select * from read where before < ${MOST_BYTES}) r on true
           order by r.pos`,
        values: [Number(this.place.owner), this.place.uuid, position, this.limit],
      },
    );
    const first = rows[0]!;
    const kept = Number(first['first_pos'] ?? 1);
    if (position < kept - 1) throw tooOld(kept);
    const read = rows.filter(({ pos }) => pos !== null);
    const isCut = read.length < Number(first['whole']);
    return {
      rows: read,
      matched: Number(first['matched']),
      isLast: !isCut && Number(first['looked']) < this.limit,
      reached: isCut ? 0 : Number(first['reached'] ?? 0),
    };
  }
}

const tooOld = (first: number): Refusal =>
  new Refusal(
    410,
    'position_udloebet',
    `Beskederne efter positionen gemmes ikke længere. Den tidligste position er ${first}: læs videre med efter=${first - 1}.`,
    { fejl: [{ sti: '?efter', kode: 'foerste', besked: `${first}` }] },
  );
