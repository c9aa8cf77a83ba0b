import { Injectable } from '@nestjs/common';
import type { Caller } from '@stoettesystemer/access';
import { Database, type Result, type Row, type Statement, type Transaction } from '@stoettesystemer/postgres';
import type { CloudEvent } from '../envelope/cloud-event/cloud-event';
import { MessageKeys } from '../message/message-keys';
import { asReceivedBy, mayReceive } from '../message/rights';
import { joined, type MessageRow } from '../message/stored-message';
import {
  byKey,
  freeIn,
  giveBack,
  holdLease,
  holdMailbox,
  keepOnly,
  type Place,
  settle,
  type Settled,
  takeLease,
} from './lease-statements';

export interface Delivery {
  readonly position: number;
  readonly attempts: number;
  /** Order key. */
  readonly subject: string;
  readonly event: CloudEvent;
}

export interface Lease {
  readonly id: string;
  /** RFC 3339. */
  readonly until: string;
  readonly deliveries: readonly Delivery[];
}

export interface Claim {
  /** Null: nothing is free. */
  readonly lease: Lease | null;
  /** How far messages had been matched, at the least, when nothing was found. */
  readonly matched: number;
  /** Seconds until something that waits may be free; null when there is nothing. */
  readonly wait: number | null;
  /** Nothing else was waiting at all: there is nothing to ask for again until there is news. */
  readonly isAll: boolean;
}

export interface ClaimWish {
  readonly limit: number;
  readonly seconds: number;
  /** For the security log, in the same transaction. */
  readonly log?: (count: number) => Statement;
}

/** Waiting ones that are looked through at a time: first few, then many, since blocked ones may stand in front. */
const WINDOWS = [4, 40];
const SMALLEST = 500;

const matchedSoFar: Statement = { name: 'matching-position', text: 'select position from matching' };

/**
 * What is taken out of a dueslag and given back. A lease holds deliveries of subjects that no other lease holds, each
 * subject's in order; what may not be had by the agreement of this moment is withheld and passed over.
 */
@Injectable()
export class Leases {
  constructor(
    private readonly database: Database,
    private readonly keys: MessageKeys,
  ) {}

  /** Leases what is free and may be had, at most `limit`. */
  claim(place: Place, caller: Caller, wish: ClaimWish): Promise<Claim> {
    return this.database.transaction({ owner: place.owner }, (tx) => this.look(tx, place, caller, wish));
  }

  private async look(
    tx: Transaction,
    place: Place,
    caller: Caller,
    { limit, seconds, log }: ClaimWish,
  ): Promise<Claim> {
    const found: Delivery[] = [];
    const withheld: number[] = [];
    const blocked = new Set<string>();
    const [, , , position] = (await tx.batch([
      holdMailbox(place),
      byKey,
      giveBack(place),
      matchedSoFar,
    ])) as Result[];
    let wait: number | null = null;
    let isAll = false;
    for (let turn = 0, after = 0; found.length < limit; turn++) {
      const window = Math.max(SMALLEST, WINDOWS[Math.min(turn, WINDOWS.length - 1)]! * limit);
      const ask = { after, window, blocked: [...blocked], limit: limit - found.length };
      const { rows } = await tx.run(freeIn(place, ask));
      const [{ looked, reached, free, blocked: more, wait: next }] = rows as unknown as [Looked];
      if (next !== null) wait = Math.min(wait ?? Infinity, Math.max(0, Number(next)));
      const read = rows.filter(({ pos }) => pos !== null);
      for (const row of read) {
        const delivery = this.deliveryOf(row, place.owner);
        if (delivery && mayReceive(caller, delivery.event)) found.push(delivery);
        else withheld.push(Number(row['pos']));
      }
      for (const subject of JSON.parse(more ?? '[]') as string[]) blocked.add(subject);
      const isFull = read.length < free;
      // Full of content rather than of messages.
      if (isFull && found.length > 0) break;
      const isLast = free < ask.limit && looked < window;
      if (isLast && !isFull) {
        isAll = wait === null;
        break;
      }
      after = isFull || free === ask.limit ? Number(read.at(-1)!['pos']) : Number(reached);
    }
    const ended = withheld.map((each): Settled => ({ position: each, state: 't', reason: 'adgang' }));
    const results = await tx.finish([
      ...settle(place, ended),
      ...(log && found.length > 0 ? [log(found.length)] : []),
      ...(found.length > 0 ? [takeLease(place, { seconds, ...held(found) })] : []),
    ]);
    const row = found.length > 0 ? results.at(-1)!.rows[0]! : null;
    return {
      lease: row && { id: row['id'] as string, until: row['until'] as string, deliveries: found },
      matched: Number(position!.rows[0]!['position']),
      wait,
      isAll,
    };
  }

  /** Writes down what became of some of a lease, and lets them go. False: the lease is over, and nothing was written. */
  settle(
    place: Place,
    lease: string,
    settled: readonly Settled[],
    log: readonly Statement[] = [],
  ): Promise<boolean> {
    return this.database.transaction({ owner: place.owner }, async (tx) => {
      const [, { rows }] = (await tx.batch([byKey, holdLease(place, lease)])) as [Result, Result];
      if (!rows[0]) return false;
      const mine = new Set(JSON.parse(rows[0]['positions'] as string) as number[]);
      const ours = settled.filter(({ position }) => mine.delete(position));
      await tx.finish([...settle(place, ours), keepOnly(place, lease, [...mine]), ...log]);
      return true;
    });
  }

  /** Null where the message is not there, or is not the municipality's to see. */
  private deliveryOf(row: Row, owner: string): Delivery | null {
    if (row['envelope'] === null) return null;
    const event = joined(row as unknown as MessageRow, this.keys.seal);
    return {
      position: Number(row['pos']),
      attempts: Number(row['attempts']),
      subject: row['subject'] as string,
      event: asReceivedBy(event, owner),
    };
  }
}

interface Looked {
  readonly looked: number;
  readonly reached: number | null;
  readonly free: number;
  readonly blocked: string | null;
  readonly wait: string | null;
}

const held = (found: readonly Delivery[]) => ({
  positions: found.map(({ position }) => position),
  subjects: [...new Set(found.map(({ subject }) => subject))],
});
