import { createHash } from 'node:crypto';
import { type Database, ROLES, type Row } from '@stoettesystemer/postgres';
import type { OutgoingMailbox } from '../delivery/outgoing';
import type { Mailbox } from '../matching/registered-objects';
import type { Consent } from './handshake';

const FEED = { owner: null, role: ROLES.feed } as const;
/** Seconds that a receiver is one process's to ask. */
const MINE = 60;

export const addressOf = (receiver: string): Buffer => createHash('sha256').update(receiver).digest();

/** A receiver that is to be asked now, by us. */
export interface Due {
  readonly mailbox: Mailbox;
  /** How many times it has been asked before. */
  readonly attempts: number;
}

/** Which receivers have allowed that messages are sent to them: of each dueslag, the address that it has now. */
export class Receivers {
  /** Address by dueslag. What has once been allowed stays so for as long as the address is the same. */
  private readonly allowed = new Map<string, string>();

  constructor(private readonly database: Database) {}

  readonly isAllowed = ({ uuid, receiver }: OutgoingMailbox): boolean =>
    receiver !== null && this.allowed.get(uuid) === receiver;

  /** Takes up what has been allowed since, and takes those that are to be asked now, at most `limit`. */
  async take(mailboxes: readonly Mailbox[], limit: number): Promise<readonly Due[]> {
    const open = mailboxes.filter((mailbox) => !this.isAllowed(mailbox));
    if (open.length === 0) return [];
    // What another address said is not remembered for when it comes back.
    for (const { uuid } of open) this.allowed.delete(uuid);
    const known = new Map(open.map((mailbox) => [mailbox.uuid, mailbox]));
    const seen = [
      open.map(({ owner }) => Number(owner)),
      open.map(({ uuid }) => uuid),
      open.map(({ receiver }) => addressOf(receiver ?? '')),
      open.map(({ registration }) => registration),
    ];
    const [, state, due] = await this.database.batch(FEED, [
      { ...SEE, values: seen },
      { ...STATE, values: seen.slice(0, 3) },
      { ...TAKE, values: [...seen.slice(0, 2), limit, MINE] },
    ]);
    for (const { mailbox } of state!.rows) {
      const { uuid, receiver } = known.get(mailbox as string)!;
      if (receiver !== null) this.allowed.set(uuid, receiver);
    }
    return due!.rows.map(({ mailbox, attempts }: Row) => ({
      mailbox: known.get(mailbox as string)!,
      attempts: Number(attempts),
    }));
  }

  /** Writes down what one answered. It is not asked again before `after` milliseconds, unless it is registered anew. */
  async record(
    { owner, uuid, receiver }: Mailbox,
    { isAllowed, reason }: Consent,
    after: number,
  ): Promise<void> {
    const state = isAllowed === null ? 'v' : isAllowed ? 't' : 'a';
    const values = [Number(owner), uuid, addressOf(receiver ?? ''), state, reason, after / 1000];
    const { count } = await this.database.run(FEED, { ...RECORD, values });
    if (isAllowed && count === 1 && receiver !== null) this.allowed.set(uuid, receiver);
  }
}

/** An address that is another than before is asked anew; so is one that had not said yes, when somebody registers it again. */
const SEE = {
  name: 'push-see',
  text: `insert into push_receiver as r (owner, mailbox, address, registration)
      select * from unnest($1::int[], $2::uuid[], $3::bytea[], $4::int[])
      on conflict (owner, mailbox) do update
         set address = excluded.address, registration = excluded.registration, state = 'v', reason = null, attempts = 0,
             tried_at = null, next_at = clock_timestamp()
       where r.registration <= excluded.registration
         and (r.address <> excluded.address or r.state <> 't' and r.registration <> excluded.registration)`,
};
const STATE = {
  name: 'push-state',
  text: `select r.mailbox from unnest($1::int[], $2::uuid[], $3::bytea[]) g (owner, mailbox, address)
      join push_receiver r using (owner, mailbox, address) where r.state = 't'`,
};
const TAKE = {
  name: 'push-take',
  text: `update push_receiver set next_at = clock_timestamp() + make_interval(secs => $4::int)
     where (owner, mailbox) in (
       select r.owner, r.mailbox from unnest($1::int[], $2::uuid[]) g (owner, mailbox)
         join push_receiver r using (owner, mailbox)
        where r.state <> 't' and r.next_at <= clock_timestamp() order by r.next_at limit $3::int
          for update of r skip locked)
    returning mailbox, attempts`,
};
const RECORD = {
  name: 'push-record',
  text: `update push_receiver
       set state = $4::"char", reason = $5, attempts = attempts + 1, tried_at = clock_timestamp(),
           next_at = clock_timestamp() + make_interval(secs => $6::float8)
     where owner = $1::int and mailbox = $2::uuid and address = $3::bytea`,
};
