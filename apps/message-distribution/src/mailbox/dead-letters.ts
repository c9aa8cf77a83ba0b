import { Inject, Injectable } from '@nestjs/common';
import type { Ask } from '@stoettesystemer/engine';
import { Database, type Statement } from '@stoettesystemer/postgres';
import { type RunningSurroundings, SURROUNDINGS } from '@stoettesystemer/server';
import type { CloudEvent } from '../envelope/cloud-event/cloud-event';
import { asReceivedBy, mayReceive } from '../message/rights';
import { commandRow } from './command-row';
import { Mailboxes } from './mailboxes';

/** A message that was given up, without its content. */
export interface DeadLetter {
  readonly position: number;
  readonly aarsag: string | null;
  readonly forsoeg: number;
  readonly opgivet: string;
  /** Its attributes; null when the agreement does not give it any more. */
  readonly besked: CloudEvent | null;
}

/** Fejlkø: what was given up, until somebody sends it again or throws it away. */
@Injectable()
export class DeadLetters {
  constructor(
    private readonly database: Database,
    private readonly mailboxes: Mailboxes,
    @Inject(SURROUNDINGS) private readonly surroundings: RunningSurroundings,
  ) {}

  /** In the order of the dueslag. @throws Refusal 404 */
  async list(
    { caller }: Ask,
    uuid: string,
    { after, limit }: { after: number; limit: number },
  ): Promise<{ letters: DeadLetter[]; next: number | null }> {
    const { owner } = await this.mailboxes.open(caller, uuid, 'laes');
    const { rows } = await this.database.look(
      { owner },
      {
        name: 'dead-list',
        text: `select d.pos, d.reason, d.attempts, instant(d.settled_at) as given_up, m.envelope from (
            select * from delivery where owner = $1::int and mailbox = $2::uuid and state = 'f' and pos > $3::bigint
             order by pos limit $4::int) d
          join message m on m.owner = d.sender and m.number = d.message order by d.pos`,
        values: [Number(owner), uuid, after, limit + 1],
      },
    );
    const shown = rows.slice(0, limit);
    return {
      letters: shown.map((row) => {
        const event = JSON.parse(row['envelope'] as string) as CloudEvent;
        return {
          position: Number(row['pos']),
          aarsag: row['reason'] as string | null,
          forsoeg: Number(row['attempts']),
          opgivet: row['given_up'] as string,
          besked: mayReceive(caller, event) ? asReceivedBy(event, owner) : null,
        };
      }),
      next: rows.length > limit ? Number(shown.at(-1)!['pos']) : null,
    };
  }

  /** Sends them again, from the first try; in their old places. Null: all of them. How many there were. */
  resend(ask: Ask, uuid: string, positions: readonly number[] | null): Promise<number> {
    return this.end(
      ask,
      uuid,
      positions,
      'gensend',
      `state = 'w', attempts = 0, reason = null, next_at = null,
      settled_at = null`,
    );
  }

  /** They are not delivered. */
  discard(ask: Ask, uuid: string, positions: readonly number[] | null): Promise<number> {
    return this.end(ask, uuid, positions, 'kasser', `state = 'k', settled_at = clock_timestamp()`);
  }

  private async end(
    ask: Ask,
    uuid: string,
    positions: readonly number[] | null,
    operation: 'gensend' | 'kasser',
    change: string,
  ): Promise<number> {
    const { owner } = await this.mailboxes.open(ask.caller, uuid, 'skriv');
    return this.database.transaction({ owner }, async (tx) => {
      const { count } = await tx.run({
        name: `dead-${operation}`,
        text: `update delivery set ${change}
          where owner = $1::int and mailbox = $2::uuid and state = 'f' and ($3::bigint[] is null or pos = any ($3::bigint[]))`,
        values: [Number(owner), uuid, positions],
      });
      await tx.finish([this.logged(ask, operation, uuid, count)]);
      return count;
    });
  }

  private logged(ask: Ask, operation: string, uuid: string, count: number): Statement {
    return commandRow(ask, { operation, uuid, count }, this.surroundings.pseudonymKey);
  }
}
