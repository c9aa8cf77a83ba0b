import { Inject, Injectable } from '@nestjs/common';
import type { Ask } from '@stoettesystemer/engine';
import { invalid } from '@stoettesystemer/object';
import { Database, type Result } from '@stoettesystemer/postgres';
import { type RunningSurroundings, SURROUNDINGS } from '@stoettesystemer/server';
import { MatchingRounds } from '../matching/matching-rounds';
import { commandRow } from './command-row';
import { Mailboxes } from './mailboxes';

/** A place in a dueslag, or a moment. */
export type From = number | string;

const SOME = 10;

/** Positions of all messages for a place: those of the delivery there, or of the first message taken in at the moment. */
const MARK = (place: string, which: 'first' | 'last'): string => `
  case when ${place}_pos is not null then coalesce((select ${which === 'first' ? 'min' : 'max'}(message_pos) from (
         select message_pos from delivery where owner = $1::int and mailbox = $2::uuid
            and pos ${which === 'first' ? '>=' : '<='} ${place}_pos order by pos ${which === 'first' ? '' : 'desc'} limit 1) d),
         ${which === 'first' ? 's.matched + 1' : '0'})
       when ${place}_at is not null then ${
         which === 'first'
           ? `coalesce(messages_since(${place}_at), s.matched + 1)`
           : `coalesce(messages_before(${place}_at), 0)`
       }
       else s.matched end`;

/** Genafspil: a dueslag is given again what it had, and what its subscriptions take now. */
@Injectable()
export class Replays {
  constructor(
    private readonly database: Database,
    private readonly mailboxes: Mailboxes,
    private readonly rounds: MatchingRounds,
    @Inject(SURROUNDINGS) private readonly surroundings: RunningSurroundings,
  ) {}

  /** Its number. @throws Refusal 404; 422 when too many are under way. */
  async ask(ask: Ask, uuid: string, from: From, to: From | null): Promise<number> {
    const { owner } = await this.mailboxes.open(ask.caller, uuid, 'skriv');
    const number = await this.database.transaction({ owner }, async (tx) => {
      const values = [Number(owner), uuid];
      const [, { rows: open }] = (await tx.batch([
        {
          name: 'replay-mailbox',
          text: 'insert into mailbox (owner, id) values ($1::int, $2::uuid) on conflict (owner, id) do update set id = excluded.id',
          values,
        },
        {
          name: 'replay-count',
          text: `select count(*) filter (where done_at is null)::int as open, coalesce(max(number), 0) + 1 as next from replay
            where owner = $1::int and mailbox = $2::uuid`,
          values,
        },
      ])) as [Result, Result];
      if (Number(open[0]!['open']) >= SOME)
        throw invalid('antal', '', `Der må højst være ${SOME} genafspilninger i gang ad gangen.`);
      const [added] = (await tx.finish([
        {
          name: 'replay-add',
          text: `
            insert into replay (owner, mailbox, number, reached, last)
            select $1::int, $2::uuid, $3::int, m.first - 1, m.last from (
              select ${MARK('from', 'first')} as first, ${MARK('to', 'last')} as last
                from (select $4::bigint as from_pos, $5::timestamptz as from_at, $6::bigint as to_pos,
                             $7::timestamptz as to_at, position as matched from matching) s) m
            returning number`,
          values: [...values, open[0]!['next'], ...columnsOf(from), ...columnsOf(to)],
        },
        commandRow(ask, { operation: 'genafspil', uuid }, this.surroundings.pseudonymKey),
      ])) as [Result];
      return Number(added.rows[0]!['number']);
    });
    this.rounds.wake();
    return number;
  }
}

const columnsOf = (place: From | null): [number | null, string | null] =>
  typeof place === 'number' ? [place, null] : [null, place];
