import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '@stoettesystemer/postgres';
import type { Letter } from './mail-text';

/** A mail that is to be written about something; of each `key` there is one. */
export interface Draft extends Letter {
  readonly key: string;
  /** UUID of what it is about. */
  readonly about: string;
  /** Null: the municipality's own mailbox. */
  readonly recipient: string | null;
}

export interface Claimed {
  readonly id: string;
  readonly recipient: string;
  readonly subject: string;
  readonly body: string;
  readonly attempts: number;
}

export interface Logged extends Letter {
  readonly owner: string;
  readonly id: string;
  readonly about: string;
  readonly recipient: string | null;
  readonly created: string;
  readonly sent: string | null;
}

const cvrOf = (owner: unknown): string => String(owner).padStart(8, '0');
const columns = `owner, id, about, recipient, subject, body, created_at::text as created, sent_at::text as sent`;

/** The mails of all municipalities, each read and written as that municipality. */
@Injectable()
export class MailLog {
  constructor(private readonly database: Database) {}

  /** For a transaction of somebody else's; nothing happens when there is a mail about it already. */
  static write(owner: string, { key, about, recipient, subject, body }: Draft): Statement {
    return {
      name: 'mail-write',
      text: `insert into mail (owner, key, about, recipient, subject, body)
        values ($1::int, $2, $3::uuid, $4, $5, $6) on conflict (owner, key) do nothing`,
      values: [Number(owner), key, about, recipient, subject, body],
    };
  }

  async write(owner: string, drafts: readonly Draft[]): Promise<void> {
    if (drafts.length > 0)
      await this.database.batch(
        { owner },
        drafts.map((draft) => MailLog.write(owner, draft)),
      );
  }

  /** CVR of those who have mail; or only of those for whom it is time to do something. */
  async owners(onlyDue: boolean): Promise<string[]> {
    const { rows } = await this.database.run(
      { owner: null },
      {
        name: 'mail-owners',
        text: 'select mail_owners as owner from mail_owners($1::boolean)',
        values: [onlyDue],
      },
    );
    return rows.map(({ owner }) => cvrOf(owner));
  }

  /**
   * Takes one mail whose time has come; nobody else does so until the time that it would be tried again. That time grows
   * from half a minute to an hour, and no try takes half a minute.
   */
  async claim(owner: string): Promise<Claimed | null> {
    const { rows } = await this.database.run(
      { owner },
      {
        name: 'mail-claim',
        text: `update mail m set attempts = attempts + 1,
            next_at = clock_timestamp() + least(interval '1 hour', interval '30 seconds' * power(2, least(attempts, 10)))
          from (
            select d.id, coalesce(d.recipient, b.address) as address
              from mail d left join municipality_mailbox b on b.owner = d.owner
             where d.owner = $1::int and d.sent_at is null and d.next_at <= clock_timestamp()
               and coalesce(d.recipient, b.address) is not null
             order by d.created_at limit 1 for update of d skip locked
          ) due
          where m.owner = $1::int and m.id = due.id
          returning m.id, due.address, m.subject, m.body, m.attempts`,
        values: [Number(owner)],
      },
    );
    const [row] = rows;
    if (!row) return null;
    const { id, address, subject, body, attempts } = row as Record<string, string>;
    return { id: id!, recipient: address!, subject: subject!, body: body!, attempts: Number(attempts) };
  }

  async sent(owner: string, id: string): Promise<void> {
    await this.database.run(
      { owner },
      {
        name: 'mail-sent',
        text: `update mail set sent_at = clock_timestamp(), failure = null where owner = $1::int and id = $2::uuid`,
        values: [Number(owner), id],
      },
    );
  }

  /** @param code why, without anything of the mail. */
  async failed(owner: string, id: string, code: string): Promise<void> {
    await this.database.run(
      { owner },
      {
        name: 'mail-failed',
        text: 'update mail set failure = $3 where owner = $1::int and id = $2::uuid',
        values: [Number(owner), id, code],
      },
    );
  }

  /** The newest of every municipality: for developers. */
  async newest(most: number): Promise<Logged[]> {
    const found: Logged[] = [];
    for (const owner of await this.owners(false)) {
      const { rows } = await this.database.run(
        { owner },
        {
          name: 'mail-newest',
          text: `select ${columns} from mail where owner = $1::int order by created_at desc limit $2::int`,
          values: [Number(owner), most],
        },
      );
      found.push(...rows.map((row) => ({ ...(row as unknown as Logged), owner })));
    }
    return found.sort((a, b) => (a.created > b.created ? -1 : 1)).slice(0, most);
  }

  async setMailbox(owner: string, address: string): Promise<void> {
    await this.database.run(
      { owner },
      {
        name: 'mailbox-set',
        text: `insert into municipality_mailbox (owner, address) values ($1::int, $2)
          on conflict (owner) do update set address = excluded.address`,
        values: [Number(owner), address],
      },
    );
  }

  async mailbox(owner: string): Promise<string | null> {
    const { rows } = await this.database.run(
      { owner },
      {
        name: 'mailbox-read',
        text: 'select address from municipality_mailbox where owner = $1::int',
        values: [Number(owner)],
      },
    );
    return (rows[0]?.['address'] as string | undefined) ?? null;
  }
}
