import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { Child } from './child';
import type { DatabaseCpu } from './database-cpu';
import type { Drained } from './drain';
import type { LoadCalls } from './load-generator';
import type { EventKind } from './made-up-event';
import { mailboxUuid } from './made-up-event';
import type { Contestant, Server } from './rounds';
import { sendLines } from './send-lines';

const PREFIX = 'beskedfordeler';
const ROOT = `/${PREFIX}/v1`;
export const BATCH = 100;
const CONNECTIONS = 4;
const LONGEST = 600;
/** Milliseconds between two looks at how far it has come. */
const LOOK = 10;

const REACHED = `select s.last_pos::int as placed, m.position::int as matched,
    exists (select from message_outbox) as waits from message_state s, matching m`;
/** As another process that is at it holds it; then this one stands by. */
const HOLD = 'begin; select position from matching for update';

interface Surroundings {
  readonly databaseUrl: string;
  readonly generator: Child<LoadCalls>;
  readonly databaseCpu: DatabaseCpu;
}

/** Microseconds of processor time a message, and milliseconds. */
export interface Cost {
  readonly server: number;
  readonly database: number;
  readonly ms: number;
}

/** A Beskedfordeler, as an it-system uses it by HTTP; how far it has come is read in its database. */
export class Distributor {
  private constructor(
    readonly server: Server,
    private readonly parts: Surroundings,
    private readonly observer: Client,
    private readonly holder: Client,
  ) {}

  static async open(server: Server, parts: Surroundings): Promise<Distributor> {
    const [observer, holder] = [0, 1].map(() => new Client({ connectionString: parts.databaseUrl }));
    for (const client of [observer!, holder!]) {
      client.on('error', () => undefined);
      await client.connect();
    }
    return new Distributor(server, parts, observer!, holder!);
  }

  async end(): Promise<void> {
    await this.server.end();
    await Promise.all([this.observer.end(), this.holder.end()]);
  }

  /** Dueslag, subscriptions and lists, by the import that anybody may use. Dueslag come before what is to them. */
  async register(...groups: readonly Iterable<string>[]): Promise<void> {
    for (const lines of groups) await sendLines(this.server, lines, PREFIX);
  }

  async post(path: string, body: unknown, type = 'application/json'): Promise<void> {
    const answer = await fetch(`http://127.0.0.1:${this.server.port}${ROOT}${path}`, {
      method: 'POST',
      headers: { 'content-type': type, authorization: `Bearer ${(await this.server.token())!}` },
      body: JSON.stringify(body),
    });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${said}`);
  }

  /** Sends events in batches, for as long as whoever runs it says. */
  sending(name: string, events: EventKind): Contestant {
    const workload = { kind: 'send', path: `${ROOT}/beskeder`, batch: BATCH, events } as const;
    return { name, server: this.server, workload, connections: CONNECTIONS };
  }

  /** Sends so many. */
  async send(count: number, events: EventKind): Promise<void> {
    const { workload, connections = CONNECTIONS } = this.sending('', events);
    const { port } = this.server;
    const most = Math.ceil(count / BATCH);
    const token = await this.server.token();
    await this.parts.generator.call('load', { port, token, workload, connections, seconds: LONGEST, most });
  }

  /** Until all that was sent has been held against the subscriptions. How many there have been. */
  async settled(): Promise<number> {
    for (;;) {
      const { placed, matched, waits } = await this.reached();
      if (!waits && placed === matched) return matched;
      await pause(LOOK);
    }
  }

  /** Takes so many messages out of a dueslag. */
  async drain(mailbox: number, limit: number, count: number): Promise<Drained> {
    const token = (await this.server.token())!;
    const path = `${ROOT}/dueslag/${mailboxUuid(mailbox)}`;
    const job = { port: this.server.port, token, path, connections: CONNECTIONS, limit, count };
    return this.parts.generator.call('drain', job);
  }

  /** What it costs to hold so many waiting messages against the subscriptions, and nothing else. */
  async costOfMatching(count: number, events: EventKind): Promise<Cost> {
    await this.settled();
    await this.holder.query(HOLD);
    try {
      await this.send(count, events);
      while ((await this.reached()).waits) await pause(LOOK);
    } catch (cause) {
      await this.holder.query('rollback');
      throw cause;
    }
    const { placed, matched: from } = await this.reached();
    const stop = await this.meter();
    await this.holder.query('rollback');
    // It is standing by when they are let go, and looks again in a while.
    const first = await this.matchedBeyond(from);
    const begin = performance.now();
    await this.matchedBeyond(placed - 1);
    const ms = (performance.now() - begin) / (placed - first);
    const cost = await stop(placed - from);
    return { ...cost, ms };
  }

  /** Begins to measure; what it gives ends it, and tells what each of so many cost. */
  async meter(): Promise<(count: number) => Promise<Omit<Cost, 'ms'>>> {
    const { databaseCpu } = this.parts;
    const [{ cpu }, database] = [await this.server.usage(), databaseCpu.now()];
    return async (count) => ({
      server: ((await this.server.usage()).cpu - cpu) / count,
      database: (databaseCpu.now() - database) / count,
    });
  }

  private async matchedBeyond(position: number): Promise<number> {
    for (;;) {
      const { matched } = await this.reached();
      if (matched > position) return matched;
      await pause(LOOK);
    }
  }

  private async reached(): Promise<{ placed: number; matched: number; waits: boolean }> {
    const { rows } = await this.observer.query<{ placed: number; matched: number; waits: boolean }>(REACHED);
    return rows[0]!;
  }
}
