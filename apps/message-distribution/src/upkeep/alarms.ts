import { Injectable } from '@nestjs/common';
import { Database, ROLES } from '@stoettesystemer/postgres';
import { Registered } from '../matching/registered';
import { DISTRIBUTING } from '../matching/matcher';

export interface Backlog {
  /** Dueslag that hold something older than they allow. */
  readonly alarms: number;
  /** Seconds: the oldest that waits in any dueslag that is not on pause. */
  readonly oldest: number;
  readonly waiting: number;
  readonly dead: number;
  /** Messages that have not been matched yet. */
  readonly lag: number;
}

/** Which dueslag hold something for longer than they are to. */
@Injectable()
export class Alarms {
  constructor(
    private readonly database: Database,
    private readonly registered: Registered,
  ) {}

  /** Raises those that are due, and ends those that are over. The dueslag of each raised now. */
  async look(): Promise<readonly { owner: string; uuid: string }[]> {
    await this.registered.refresh();
    const watched = [...this.registered.all()].filter(({ alarmAfter }) => alarmAfter !== null);
    const { rows } = await this.database.run(DISTRIBUTING, {
      name: 'alarm-look',
      text: `
        with watched as (
          select b.owner, b.id, b.alarmed_at, exists (select from (select created_at from delivery d
                   where d.owner = b.owner and d.mailbox = b.id and d.state = 'w' order by d.pos limit 1) o
                   where o.created_at < clock_timestamp() - make_interval(mins => w.minutes)) as late
            from mailbox b
            left join unnest($1::int[], $2::uuid[], $3::int[]) w (owner, id, minutes) on w.owner = b.owner and w.id = b.id
           where w.id is not null or b.alarmed_at is not null
        )
        update mailbox b set alarmed_at = case when w.late then clock_timestamp() end
          from watched w
         where b.owner = w.owner and b.id = w.id and w.late <> (w.alarmed_at is not null)
        returning b.owner, b.id, b.alarmed_at is not null as raised`,
      values: [
        watched.map(({ owner }) => Number(owner)),
        watched.map(({ uuid }) => uuid),
        watched.map(({ alarmAfter }) => alarmAfter),
      ],
    });
    return rows
      .filter(({ raised }) => raised)
      .map(({ owner, id }) => ({ owner: String(owner).padStart(8, '0'), uuid: id as string }));
  }

  /** All dueslag together, for the operator. */
  async backlog(): Promise<Backlog> {
    const { rows } = await this.database.run(
      { owner: null, role: ROLES.feed },
      {
        name: 'alarm-backlog',
        text: `select (select count(*) from mailbox where alarmed_at is not null)::int as alarms,
            coalesce(extract(epoch from clock_timestamp() - (select min(created_at) from delivery where state = 'w')), 0)::int as oldest,
            (select count(*) from delivery where state = 'w') as waiting,
            (select count(*) from delivery where state = 'f') as dead,
            (select s.last_pos - m.position from message_state s, matching m) as lag`,
      },
    );
    return rows[0] as unknown as Backlog;
  }
}
