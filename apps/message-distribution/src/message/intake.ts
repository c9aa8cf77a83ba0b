import { Inject, Injectable } from '@nestjs/common';
import { auditRow } from '@stoettesystemer/access';
import type { Ask } from '@stoettesystemer/engine';
import { type Fault, Refusal } from '@stoettesystemer/object';
import { Database, type Result, type Statement, type Transaction } from '@stoettesystemer/postgres';
import { type RunningSurroundings, SURROUNDINGS } from '@stoettesystemer/server';
import type { CloudEvent } from '../envelope/cloud-event/cloud-event';
import { MessageKeys, subjectKey } from './message-keys';
import { MessageSequencer } from './message-sequencer';
import { namedReceivers, permittedReceivers } from './rights';
import { parted } from './stored-message';

/** What became of one event. */
export interface Taken {
  readonly event: CloudEvent;
  /** Null: it is taken in, now or before. */
  readonly refusal: Refusal | null;
  /** Whether it was not known before. */
  readonly isNew: boolean;
  /** Whom it goes to, where the sender named any: those that the agreement gives. */
  readonly receivers: readonly string[] | null;
}

const refused = (status: number, kode: string, sti: string, besked: string): Refusal => {
  const fejl: readonly Fault[] = [{ sti, kode, besked }];
  return new Refusal(status, kode, besked, { fejl });
};
const of = ({ source, id }: Pick<CloudEvent, 'source' | 'id'>): string => JSON.stringify([source, id]);

/** Takes messages in: who may send what to whom, each once, and safe before anybody is told so. */
@Injectable()
export class Intake {
  constructor(
    private readonly database: Database,
    private readonly keys: MessageKeys,
    private readonly sequencer: MessageSequencer,
    @Inject(SURROUNDINGS) private readonly surroundings: RunningSurroundings,
  ) {}

  /** One for each event, in their order. All that are not refused are written in one transaction. */
  async take(ask: Ask, events: readonly CloudEvent[]): Promise<readonly Taken[]> {
    const judged = events.map((event) => judge(ask, event));
    const accepted = judged.filter(({ refusal }) => refusal === null).map(({ event }) => event);
    const { owner } = ask.caller;
    const known = await this.database.transaction({ owner }, (tx) => this.write(tx, ask, accepted, judged));
    this.sequencer.wake();
    const fresh = new Set<string>();
    return judged.map((each) => {
      if (each.refusal) return each;
      const sender = known.get(of(each.event));
      if (sender === undefined) {
        const isNew = !fresh.has(of(each.event));
        fresh.add(of(each.event));
        return { ...each, isNew };
      }
      return sender === ask.caller.system ? each : { ...each, refusal: taken(), isNew: false };
    });
  }

  /** The systems that had sent those which were known before. */
  private async write(
    tx: Transaction,
    ask: Ask,
    events: readonly CloudEvent[],
    judged: readonly Taken[],
  ): Promise<ReadonlyMap<string, string>> {
    const log = [
      ...(events.length > 0 ? [this.logged(ask, events.length, true)] : []),
      ...(events.length < judged.length ? [this.logged(ask, judged.length - events.length, false)] : []),
    ];
    if (events.length === 0) {
      await tx.finish(log);
      return new Map();
    }
    const [written] = (await tx.batch([this.insertion(ask, events)])) as [Result];
    const fresh = new Set(written.rows.map((row) => of(row as never)));
    const known = events.filter((event) => !fresh.has(of(event)));
    const [before] = (await tx.finish([...(known.length > 0 ? [senders(ask, known)] : []), ...log])) as [
      Result,
    ];
    return known.length === 0
      ? new Map()
      : new Map(before.rows.map((row) => [of(row as never), row['system'] as string]));
  }

  /** In their order: the outbox numbers rise as the messages' do, and the sequencer follows them. */
  private insertion({ caller }: Ask, events: readonly CloudEvent[]): Statement {
    const rows = events.map((event) => ({ event, ...parted(event, this.keys.seal) }));
    const column = <T>(read: (row: (typeof rows)[number]) => T): T[] => rows.map(read);
    return {
      name: 'message-add',
      text: `
        with given as (
          select * from unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[])
            with ordinality as g (source, id, recipients, subject, envelope, data, place)
        ), written as (
          insert into message (owner, source, id, system, recipients, subject, envelope, data)
          select $1::int, source, id, $8::uuid, string_to_array(recipients, ',')::int[], subject, envelope,
                 decode(data, 'base64')
            from given order by place
          on conflict (owner, source, id) do nothing
          returning number, source, id
        ), waiting as (
          insert into message_outbox (owner, number) select $1::int, number from written order by number
        )
        select source, id from written`,
      values: [
        Number(caller.owner),
        column(({ event }) => event.source),
        column(({ event }) => event.id),
        column(({ event }) => namedReceivers(event)?.join(',') ?? null),
        // Those about nothing in particular are kept in no order.
        column(({ event }) => subjectKey(event.subject ?? of(event))),
        column(({ envelope }) => envelope),
        column(({ data }) => data?.toString('base64') ?? null),
        caller.system,
      ],
    };
  }

  private logged({ caller, transaction, purpose }: Ask, count: number, allowed: boolean): Statement {
    const rule = allowed ? null : 'serviceaftale';
    const entry = { caller, transaction, purpose, operation: 'send', type: 'Besked', count, allowed, rule };
    return auditRow(entry, this.surroundings.pseudonymKey);
  }
}

function judge({ caller }: Ask, event: CloudEvent): Taken {
  const no = (refusal: Refusal): Taken => ({ event, refusal, isNew: false, receivers: null });
  if (event.ansvarligmyndighed !== caller.owner)
    return no(
      refused(
        403,
        'ansvarligmyndighed',
        '/ansvarligmyndighed',
        'Beskeden kan kun sendes på vegne af den myndighed, som tokenet gælder.',
      ),
    );
  const receivers = permittedReceivers(caller, event);
  if (receivers === null)
    return no(
      refused(
        403,
        'dataafgraensning',
        '/beskedtype',
        'Aftalen giver ikke ret til at sende beskeder af den type til nogen af modtagerne.',
      ),
    );
  if (receivers === 'as said') return { event, refusal: null, isNew: false, receivers: null };
  return {
    event: { ...event, tilladtmodtager: receivers.join(',') },
    refusal: null,
    isNew: false,
    receivers,
  };
}

const taken = (): Refusal =>
  refused(409, 'optaget', '/id', 'Et andet it-system har allerede sendt en besked med den source og id.');

const senders = ({ caller }: Ask, events: readonly CloudEvent[]): Statement => ({
  name: 'message-senders',
  text: `select m.source, m.id, m.system from unnest($2::text[], $3::text[]) g (source, id)
    join message m on m.owner = $1::int and m.source = g.source and m.id = g.id`,
  values: [Number(caller.owner), events.map(({ source }) => source), events.map(({ id }) => id)],
});
