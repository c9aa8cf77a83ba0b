import { Inject, Injectable } from '@nestjs/common';
import { type Caller } from '@stoettesystemer/access';
import type { Ask } from '@stoettesystemer/engine';
import { invalid, Refusal } from '@stoettesystemer/object';
import { Database, type Statement } from '@stoettesystemer/postgres';
import { type RunningSurroundings, SURROUNDINGS } from '@stoettesystemer/server';
import { byKey, idsIn, type Place, type Settled } from '../delivery/lease-statements';
import { type Claim, type Delivery, type Lease, Leases } from '../delivery/leases';
import { MessageKeys } from '../message/message-keys';
import { asReceivedBy, mayReceive } from '../message/rights';
import { joined, type MessageRow } from '../message/stored-message';
import { commandRow } from './command-row';
import { MailboxPage } from './mailbox-page';
import { Mailboxes } from './mailboxes';
import { Waiting } from './waiting';

export interface Wish {
  readonly limit: number;
  readonly seconds: number;
  /** Seconds to wait for something when there is nothing. */
  readonly wait: number;
}

/** What a consumer says of a lease's messages, by the events' ids. */
export interface Receipt {
  readonly lease: string;
  readonly received: readonly string[];
  readonly rejected: readonly { readonly id: string; readonly reason: string }[];
}

export interface Page {
  readonly deliveries: readonly Pick<Delivery, 'position' | 'event'>[];
  /** To go on from. */
  readonly position: number;
}

/** Milliseconds: how soon a long poll sees what no notice tells of, and that its token has ended. */
const RECHECK = 1_000;

/** Messages that a system fetches itself: leased and acknowledged, or simply read. */
@Injectable()
export class Pull {
  constructor(
    private readonly database: Database,
    private readonly keys: MessageKeys,
    private readonly mailboxes: Mailboxes,
    private readonly leases: Leases,
    private readonly waiting: Waiting,
    @Inject(SURROUNDINGS) private readonly surroundings: RunningSurroundings,
  ) {}

  /** Null: there is nothing for the caller. @throws Refusal 401, 403, 404 */
  async claim(
    ask: Ask,
    uuid: string,
    { limit, seconds, wait }: Wish,
    signal: AbortSignal,
  ): Promise<Lease | null> {
    const { caller } = ask;
    const log = (count: number) => this.logged(ask, 'modtag', uuid, count);
    return this.waited(caller, uuid, wait, signal, async (place): Promise<Claim> => {
      return this.leases.claim(place, caller, { limit, seconds, log });
    });
  }

  /** @throws Refusal 404; 409 when the lease is over; 422 when one of the ids is not in it. */
  async acknowledge(ask: Ask, uuid: string, { lease, received, rejected }: Receipt): Promise<void> {
    const place = await this.mailboxes.open(ask.caller, uuid, 'modtag');
    const positions = await this.positionsOf(place, lease);
    const find = (id: string, sti: string): readonly number[] => positions.get(id) ?? unknown(sti);
    const settled: Settled[] = [
      ...received.flatMap((id, at) =>
        find(id, `/modtaget/${at}`).map((position): Settled => ({ position, state: 'a', tried: true })),
      ),
      ...rejected.flatMap(({ id, reason }, at) =>
        find(id, `/afvist/${at}`).map((position): Settled => ({ position, state: 'f', reason, tried: true })),
      ),
    ];
    const log = [this.logged(ask, 'kvitter', uuid, settled.length)];
    if (!(await this.leases.settle(place, lease, settled, log))) throw over();
  }

  /** Reads on from a position, and changes nothing. @throws Refusal 401, 404, 410 */
  async read(
    ask: Ask,
    uuid: string,
    { after, limit, wait }: { after: number; limit: number; wait: number },
    signal: AbortSignal,
  ): Promise<Page> {
    let reached = after;
    const found = await this.waited(ask.caller, uuid, wait, signal, async (place) => {
      const page = await this.page(ask, place, reached, limit);
      reached = page.position;
      return { lease: page.deliveries.length > 0 ? page : null, matched: page.matched, wait: null };
    });
    return found ?? { deliveries: [], position: reached };
  }

  private async page(ask: Ask, place: Place, after: number, limit: number) {
    const pages = new MailboxPage(place, limit);
    const deliveries: Delivery[] = [];
    for (let position = after; ;) {
      const { rows, matched, isLast, reached } = await pages.after(this.database, position);
      for (const row of rows) {
        const event = joined(row as unknown as MessageRow, this.keys.seal);
        position = Number(row['pos']);
        if (mayReceive(ask.caller, event))
          deliveries.push({ position, attempts: 0, subject: '', event: asReceivedBy(event, place.owner) });
        if (deliveries.length === limit) break;
      }
      if (deliveries.length < limit) position = Math.max(position, reached);
      if (deliveries.length > 0 || isLast) {
        if (deliveries.length > 0)
          await this.database.run(
            { owner: place.owner },
            this.logged(ask, 'hent', place.uuid, deliveries.length),
          );
        return { deliveries, position, matched };
      }
    }
  }

  /** Asks until there is something, the time is up, or nobody waits for the answer any more. */
  private async waited<T>(
    caller: Caller,
    uuid: string,
    wait: number,
    signal: AbortSignal,
    look: (place: Place) => Promise<{ lease: T | null; matched: number; wait: number | null }>,
  ): Promise<T | null> {
    const deadline = performance.now() + wait * 1000;
    for (;;) {
      const mailbox = await this.mailboxes.open(caller, uuid, 'modtag');
      const looked = mailbox.isPaused
        ? { lease: null, matched: Number.MAX_SAFE_INTEGER, wait: null }
        : await look(mailbox);
      const left = deadline - performance.now();
      if (looked.lease !== null || left <= 0 || signal.aborted) return looked.lease;
      const soonest = Math.min(left, RECHECK, looked.wait === null ? Infinity : looked.wait * 1000 + 1);
      await this.waiting.until([uuid], looked.matched, soonest, signal);
      if (!this.surroundings.stillValid(caller))
        throw new Refusal(401, 'token', 'Adgangstokenet gælder ikke længere.');
    }
  }

  /** Of a lease's messages, by the events' ids: two senders may have used the same. */
  private async positionsOf(place: Place, lease: string): Promise<ReadonlyMap<string, readonly number[]>> {
    const results = await this.database.batch({ owner: place.owner }, [byKey, idsIn(place, lease)]);
    const { rows } = results[1]!;
    if (rows.length === 0) throw over();
    const found = new Map<string, number[]>();
    for (const { pos, id } of rows)
      found.set(id as string, [...(found.get(id as string) ?? []), Number(pos)]);
    return found;
  }

  private logged(ask: Ask, operation: string, uuid: string, count: number): Statement {
    return commandRow(ask, { operation, uuid, count }, this.surroundings.pseudonymKey);
  }
}

const over = (): Refusal =>
  new Refusal(
    409,
    'krav_udloebet',
    'Kravet er slut. Beskederne er givet tilbage og kan være krævet af en anden.',
  );
const unknown = (sti: string): never => {
  throw invalid('ukendt', sti, 'Beskeden er ikke i kravet.');
};
