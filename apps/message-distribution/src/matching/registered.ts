import { Injectable } from '@nestjs/common';
import { Abonnement, Dueslag, Vaerdiliste } from '@stoettesystemer/model';
import { type Instant, now, type Period, period as p } from '@stoettesystemer/object';
import { Database, ROLES, type Row } from '@stoettesystemer/postgres';
import { type Mailbox, mailboxOf, type Subscription, subscriptionOf } from './registered-objects';
import { SubscriptionIndex } from './subscription-index';

/** One facet's value over one period, of a type in which no facet has two at once. */
interface Fact {
  readonly facet: string;
  readonly value: string;
  readonly period: Period;
}
interface Known {
  readonly owner: string;
  readonly type: string;
  readonly number: number;
  readonly facts: readonly Fact[];
  /** When what holds will be another without anybody registering anything. */
  readonly until: Instant | null;
}

const TYPES = [Dueslag, Abonnement, Vaerdiliste].map(({ name }) => name);
const LOOK = { owner: null, role: ROLES.lookup } as const;
/** Objects read in one go. */
const MOST = 2000;

const CHANGED = {
  name: 'registered-changed',
  text: `select s.last_pos, c.object_id from feed_state s left join (
      select object_id from feed where pos + 0 > $1::bigint and type = any($2::text[])
      union select object_id from outbox where type = any($2::text[])) c on true`,
};
const ALL = {
  name: 'registered-all',
  text: `select s.last_pos, o.id as object_id from feed_state s left join object o on o.type = any($1::text[])`,
};
const FACTS = {
  name: 'registered-facts',
  text: `select o.id, o.owner, o.type, o.number, f.facet, f.value::text, f.valid::text from object o
      left join fact f on f.owner = o.owner and f.object_id = o.id and upper_inf(f.recorded)
      where o.id = any($1::uuid[]) and o.type = any($2::text[]) and o.lifecycle not in ('Passiveret', 'Slettet')`,
};

/**
 * Every municipality's dueslag and subscriptions as they are registered at this moment, in the memory of a process.
 * `refresh` sees all that was committed before it was called: what has its place in the feed since the last time, and what
 * waits in the outbox to get one.
 */
@Injectable()
export class Registered {
  readonly index = new SubscriptionIndex();
  private readonly known = new Map<string, Known>();
  private readonly mailboxes = new Map<string, Mailbox>();
  private readonly lists = new Set<string>();
  private position: number | null = null;
  private until: Instant | null = null;
  private refreshing: Promise<void> | null = null;
  private next: Promise<void> | null = null;

  constructor(private readonly database: Database) {}

  mailbox(owner: string, uuid: string): Mailbox | undefined {
    const found = this.mailboxes.get(uuid);
    return found?.owner === owner ? found : undefined;
  }

  all(): Iterable<Mailbox> {
    return this.mailboxes.values();
  }

  /** Whether the list is there, and the municipality's own. */
  hasList(owner: string, uuid: string): boolean {
    return this.lists.has(`${owner} ${uuid}`);
  }

  /** One at a time; whoever asks while one is under way waits for the one after it, which sees what was committed since. */
  refresh(): Promise<void> {
    if (!this.refreshing) return (this.refreshing = this.once());
    return (this.next ??= this.refreshing.then(
      () => this.again(),
      () => this.again(),
    ));
  }

  private again(): Promise<void> {
    this.next = null;
    return (this.refreshing = this.once());
  }

  private async once(): Promise<void> {
    try {
      const { rows } = await this.database.run(
        LOOK,
        this.position === null ? { ...ALL, values: [TYPES] } : { ...CHANGED, values: [this.position, TYPES] },
      );
      const uuids = rows.flatMap(({ object_id: uuid }) => (uuid === null ? [] : [uuid as string]));
      for (let at = 0; at < uuids.length; at += MOST) await this.read(uuids.slice(at, at + MOST));
      this.position = Number(rows[0]!['last_pos']);
      this.passTime();
    } finally {
      this.refreshing = null;
    }
  }

  private async read(uuids: readonly string[]): Promise<void> {
    const { rows } = await this.database.run(LOOK, { ...FACTS, values: [uuids, TYPES] });
    const facts = new Map<string, Row[]>();
    for (const row of rows) facts.set(row['id'] as string, [...(facts.get(row['id'] as string) ?? []), row]);
    for (const uuid of uuids) {
      const of = facts.get(uuid);
      if (!of) this.forget(uuid);
      else this.remember(uuid, of);
    }
  }

  private remember(uuid: string, rows: readonly Row[]): void {
    const [first] = rows;
    const facts = rows.flatMap(({ facet, value, valid }) =>
      facet === null
        ? []
        : [{ facet: facet as string, value: value as string, period: p.fromRange(valid as string) }],
    );
    const owner = String(first!['owner']).padStart(8, '0');
    this.hold(uuid, { owner, type: first!['type'] as string, number: Number(first!['number']), facts });
  }

  private hold(uuid: string, { owner, type, number, facts }: Omit<Known, 'until'>): void {
    const moment = now();
    const edges = facts
      .flatMap(({ period: { from, to } }) => (to === null ? [from] : [from, to]))
      .filter((edge) => edge > moment);
    const until = edges.length === 0 ? null : edges.reduce((a, b) => (a < b ? a : b));
    this.known.set(uuid, { owner, type, number, facts, until });
    if (until !== null && (this.until === null || until < this.until)) this.until = until;
    const holding = Object.fromEntries(
      facts.filter(({ period }) => p.contains(period, moment)).map(({ facet, value }) => [facet, value]),
    );
    if (type === Dueslag.name) this.setMailbox(uuid, mailboxOf(owner, uuid, number, holding));
    else if (type === Abonnement.name) this.setSubscription(uuid, subscriptionOf(owner, uuid, holding));
    else this.lists.add(`${owner} ${uuid}`);
  }

  private setMailbox(uuid: string, mailbox: Mailbox | null): void {
    if (mailbox) this.mailboxes.set(uuid, mailbox);
    else this.mailboxes.delete(uuid);
  }

  private setSubscription(uuid: string, subscription: Subscription | null): void {
    this.index.remove(uuid);
    if (subscription) this.index.add(subscription);
  }

  private forget(uuid: string): void {
    const known = this.known.get(uuid);
    if (!known) return;
    this.known.delete(uuid);
    this.mailboxes.delete(uuid);
    this.index.remove(uuid);
    this.lists.delete(`${known.owner} ${uuid}`);
  }

  /** What was said to hold from a moment on holds from that moment on. */
  private passTime(): void {
    if (this.until === null || this.until > now()) return;
    const due = [...this.known].filter(([, { until }]) => until !== null);
    this.until = null;
    for (const [uuid, known] of due) this.hold(uuid, known);
  }
}
