import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Json } from '../../spec/receiver';
import { type Fault, Faults } from './faults';
import { Journal, type Sent, type Verdict } from './journal';
import { type Landscape, openLandscape } from './landscape';
import { PullConsumers } from './pull-consumers';
import { type Receiving, RECEIVERS, SYSTEMS, TOWNS } from './receivers';
import { Sender } from './sender';

export interface StormWish {
  /** Of load, at the least: it goes on until the last fault has been met. */
  readonly seconds: number;
  readonly faults: readonly Fault[];
  /** Whether webhooks also keep silent until their time is up, which takes its time. */
  readonly isSilent: boolean;
}

export interface Outcome {
  readonly verdicts: readonly Verdict[];
  readonly sent: number;
  /** Of messages with their positions, and of what was left: all are to be as many as were sent, or none. */
  readonly stored: Record<'messages' | 'placed' | 'last' | 'waiting' | 'dead' | 'gaps', number>;
  readonly overlaps: number;
  readonly denials: number;
  readonly faults: Faults['count'];
  /** Shares of the calls that a receiver failed. */
  readonly failing: number;
  /** Of batches, and deaths of consumers with a lease: how much there was of what the spec is about. */
  readonly repetitions: number;
  readonly deaths: number;
  /** Seconds of load, and from then until nothing waited. */
  readonly took: readonly [load: number, drain: number];
  readonly statuses: ReadonlyMap<string, number>;
  readonly warnings: readonly string[];
}

const DATABASE = 'beskedfordeler';
const FROM = { fra: '2000-01-01T00:00:00Z' };
/** Milliseconds. */
const WAITS = { send: 60, look: 200, settle: 15_000, drain: 240_000 };
/** Acknowledged since the last fault, so that each is met under load. */
const MEANWHILE = 30;

/** The schedule of webhooks is days long: here, time passes faster for those that wait to be tried again. */
const HURRY = `
  create function spec_hurry() returns trigger language plpgsql as $$
    begin
      new.next_at := clock_timestamp() + (new.next_at - clock_timestamp()) / 5000;
      return new;
    end $$;
  create trigger spec_hurry before update on delivery for each row when (new.next_at is distinct from old.next_at)
    execute function spec_hurry()`;

const STORED = `
  select (select count(*) from message)::int as messages, (select count(*) from message_feed)::int as placed,
         (select last_pos from message_state)::int as last,
         ((select count(*) from message_outbox) + (select count(*) from delivery where state = 'w')
           + (select s.last_pos - m.position from message_state s, matching m))::int as waiting,
         (select count(*) from delivery where state = 'f')::int as dead,
         (select count(*) from (select from mailbox b left join delivery d on d.owner = b.owner and d.mailbox = b.id
           group by b.owner, b.id, b.last_pos having count(*) <> b.last_pos or max(d.pos) <> b.last_pos) g)::int as gaps`;

interface Standing {
  readonly receiving: Receiving;
  readonly mailbox: string;
  readonly journal: Journal;
  readonly pull: PullConsumers | null;
}

/** Sends under faults, waits until nothing waits, and tells what became of it. */
export async function storm(wish: StormWish): Promise<Outcome> {
  const landscape = await openLandscape();
  try {
    await landscape.postgres.ask(DATABASE, HURRY);
    landscape.webhooks.isSilent = wish.isSilent;
    const standing: Standing[] = [];
    for (const each of RECEIVERS) standing.push(await stand(landscape, each));
    return await new Storm(landscape, standing).rage(wish);
  } finally {
    await landscape.close();
  }
}

/** A receiver with a dueslag that has all that its municipality may have. */
async function stand(
  { authority, door, webhooks, queues }: Landscape,
  receiving: Receiving,
): Promise<Standing> {
  const { system, town, way } = receiving;
  const journal = new Journal(receiving);
  const token = () => authority.token(system, town);
  const make = async (path: string, body: Json): Promise<string> => {
    const { status, text } = await door.insist('POST', path, { token: await token(), body });
    if (status !== 201) throw new Error(`${path}: ${status} ${text}`);
    return (JSON.parse(text) as { uuid: string }).uuid;
  };
  const receiver = way === 'push' ? { modtager: webhooks.add(journal) } : {};
  const named = { virkning: FROM, brugervendtNoegle: randomUUID() };
  const mailbox = await make('/dueslag', {
    attributter: { egenskaber: [{ ...named, levering: way, ...receiver }] },
  });
  await make('/abonnementer', {
    attributter: { egenskaber: [{ ...named, filtre: [] }] },
    relationer: { dueslag: [{ virkning: FROM, reference: { uuid: mailbox } }] },
  });
  if (way === 'amqp') queues.add(mailbox, journal);
  return {
    receiving,
    mailbox,
    journal,
    pull: way === 'hent' ? new PullConsumers({ door, token, mailbox, journal }) : null,
  };
}

class Storm {
  private readonly senders: readonly Sender[];

  constructor(
    private readonly landscape: Landscape,
    private readonly standing: readonly Standing[],
  ) {
    const { door, authority } = landscape;
    this.senders = TOWNS.map((town) => {
      const token = () => authority.token(SYSTEMS.sender, town);
      return new Sender({ door, token, town, towns: TOWNS, rest: WAITS.send });
    });
  }

  async rage({ seconds, faults: all }: StormWish): Promise<Outcome> {
    const carried = this.standing.filter(({ pull }) => pull === null).map(({ mailbox }) => mailbox);
    const faults = new Faults(this.landscape, carried);
    let [isSending, isReceiving] = [true, true];
    const begun = performance.now();
    let loaded: number;
    const sending = Promise.all(this.senders.map((sender) => sender.run(() => !isSending)));
    const receiving = Promise.all(this.standing.map(({ pull }) => pull?.run(2, () => !isReceiving)));
    const failing = Promise.race([sending, receiving]).then(() => undefined);
    try {
      await Promise.race([this.strikeAll(faults, all, seconds), failing]);
      isSending = false;
      await sending;
      loaded = performance.now();
      await Promise.race([Promise.all([faults.over(), this.drained()]), receiving]);
    } finally {
      isSending = isReceiving = false;
      await Promise.allSettled([sending, receiving]);
    }
    await receiving;
    const took = [loaded - begun, performance.now() - loaded].map((ms) => Math.round(ms / 1000));
    return this.outcome(faults, took as [number, number]);
  }

  /** Spread over the load, and each when something has been acknowledged since the one before. */
  private async strikeAll(faults: Faults, all: readonly Fault[], seconds: number): Promise<void> {
    const begun = performance.now();
    const spread = (seconds * 1000) / (all.length + 1);
    for (const [at, fault] of all.entries()) {
      const reached = this.sent().length + MEANWHILE;
      while (performance.now() - begun < spread * (at + 1) || this.sent().length < reached) await pause(20);
      await faults.strike(fault);
    }
    while (performance.now() - begun < seconds * 1000) await pause(20);
  }

  private sent(): Sent[] {
    return this.senders.flatMap(({ sent }) => sent);
  }

  /** Until nothing waits anywhere, and all have what they are to have, or nothing more can be expected. */
  private async drained(): Promise<void> {
    const sent = this.sent();
    const begun = performance.now();
    let emptySince: number | null = null;
    while (performance.now() - begun < WAITS.drain) {
      const isEmpty = await this.isEmpty();
      if (isEmpty && this.standing.every(({ journal }) => journal.has(sent))) return;
      emptySince = isEmpty ? (emptySince ?? performance.now()) : null;
      if (emptySince !== null && performance.now() - emptySince > WAITS.settle) return;
      await pause(WAITS.look);
    }
  }

  private async isEmpty(): Promise<boolean> {
    const queues = this.standing.filter(({ receiving }) => receiving.way === 'amqp');
    const depths = () => Promise.all(queues.map(({ mailbox }) => this.landscape.queues.depth(mailbox)));
    // A queue that is filled again is not there, or something waits, before it is full.
    const before = await depths();
    const { waiting } = await this.stored();
    return waiting === 0 && [...before, ...(await depths())].every((depth) => depth === 0);
  }

  private async stored(): Promise<Outcome['stored']> {
    return (await this.landscape.postgres.ask<Outcome['stored']>(DATABASE, STORED))[0]!;
  }

  private async outcome(faults: Faults, took: Outcome['took']): Promise<Outcome> {
    const { webhooks, door, distributors } = this.landscape;
    const sent = this.sent();
    const total = (read: (pull: PullConsumers) => number): number =>
      this.standing.reduce((sum, { pull }) => sum + (pull ? read(pull) : 0), 0);
    return {
      verdicts: this.standing.map(({ journal }) => journal.judge(sent)),
      sent: sent.length,
      stored: await this.stored(),
      overlaps: total((pull) => pull.overlaps),
      denials: total((pull) => pull.denials),
      deaths: total((pull) => pull.deaths),
      took,
      faults: faults.count,
      failing: webhooks.failures / webhooks.calls,
      repetitions: this.senders.reduce((sum, { repetitions }) => sum + repetitions, 0),
      statuses: door.statuses,
      warnings: distributors.flatMap(({ warnings }) => warnings),
    };
  }
}
