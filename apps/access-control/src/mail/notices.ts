import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type FacetItems, ObjectStore } from '@stoettesystemer/engine';
import { ItSystem, Serviceaftale } from '@stoettesystemer/model';
import { Refusal } from '@stoettesystemer/object';
import { Database, type Statement, type Transaction } from '@stoettesystemer/postgres';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import { AgreementTimeline } from '../agreement/agreement-timeline';
import { facetsOf } from '../agreement/command-desk';
import { Reader } from '../agreement/reader';
import { internalCaller } from '../internal-caller';
import { eventBetween, isForMunicipality, waits } from './agreement-event';
import { type Draft, MailLog } from './mail-log';
import { type Event, letterOf } from './mail-text';

/** Events that are looked through at a time, whatever they are about. */
const WINDOW = 1000;
/** An agreement that waits is told of again, until it is answered. */
const AGAIN = '3 days';

interface Place {
  readonly pos: number;
  readonly owner: string;
  readonly uuid: string;
  readonly number: number;
}
type Row = Readonly<Record<string, unknown>>;

const checkpoint: Statement = {
  name: 'mail-checkpoint',
  text: 'select position from mail_checkpoint for update',
};
const moveTo = (position: number): Statement => ({
  name: 'mail-checkpoint-move',
  text: 'update mail_checkpoint set position = $1::bigint where position < $1::bigint',
  values: [position],
});

/** Turns what happens to agreements into mails. */
@Injectable()
export class Notices {
  constructor(
    private readonly store: ObjectStore,
    private readonly database: Database,
    private readonly reader: Reader,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  /** Writes about everything that has happened since the last time. */
  async follow(): Promise<void> {
    for (;;) {
      const { reached, places } = await this.next();
      for (const place of places) await this.tell(place);
      if (reached === null) return;
      await this.database.run({ owner: null }, moveTo(reached));
    }
  }

  /** Writes again about what still waits. */
  async remind(owner: string): Promise<void> {
    const { rows } = await this.database.run(
      { owner },
      {
        name: 'mail-reminders',
        text: `select agreement, number, sent from mail_reminder
          where owner = $1::int and next_at <= clock_timestamp()`,
        values: [Number(owner)],
      },
    );
    for (const { agreement, number, sent } of rows)
      await this.remindOf(owner, agreement as string, Number(number), Number(sent));
  }

  private async next(): Promise<{ reached: number | null; places: Place[] }> {
    const { rows } = await this.database.run(
      { owner: null },
      {
        name: 'mail-events',
        text: `select e.* from mail_checkpoint c, agreement_events(c.position, ${WINDOW}) e`,
      },
    );
    const reached = rows[0]?.['reached'];
    return {
      reached: reached === null || reached === undefined ? null : Number(reached),
      places: rows.filter(({ pos }) => pos !== null).map(placeOf),
    };
  }

  /** One event, one transaction: the mail, the reminder, and that it has been told. */
  private async tell({ pos, owner, uuid, number }: Place): Promise<void> {
    const told = await this.draftFor(owner, uuid, number);
    await this.database.transaction({ owner }, async (tx) => {
      if (!(await isNext(tx, pos))) return;
      await tx.finish([
        ...(told ? [MailLog.write(owner, told.draft), ...reminders(owner, uuid, number, told.event)] : []),
        moveTo(pos),
      ]);
    });
  }

  private async draftFor(
    owner: string,
    uuid: string,
    number: number,
  ): Promise<{ event: Event; draft: Draft } | null> {
    const after = await this.asLeftBy(owner, uuid, number);
    const before = number > 1 ? await this.asLeftBy(owner, uuid, number - 1) : null;
    const event = after && eventBetween(before, after);
    if (!event) return null;
    return { event, draft: await this.draft(owner, uuid, event, after, `${event} ${uuid} ${number}`) };
  }

  private async draft(
    owner: string,
    uuid: string,
    event: Event,
    items: FacetItems,
    key: string,
  ): Promise<Draft> {
    const { system, vendors } = new AgreementTimeline(items);
    const [found] = await this.reader.many(owner, ItSystem, [system]);
    const properties = found?.attributter?.egenskaber?.[0];
    const { externalUrl } = this.surroundings.settings;
    const facts = {
      navn: String(items['egenskaber']?.at(-1)?.['navn'] ?? ''),
      system: properties?.navn ?? system,
      municipality: owner,
      vendor: vendors.at(-1) ?? '',
      address: `${externalUrl}/adgangsstyring/v1/serviceaftaler/${uuid}/oversigt`,
    };
    const recipient = isForMunicipality(event) ? null : (properties?.rollepostkasse ?? null);
    return { key, about: uuid, recipient, ...letterOf(event, facts) };
  }

  private async remindOf(owner: string, uuid: string, number: number, sent: number): Promise<void> {
    const items = await this.asLeftBy(owner, uuid, number);
    const draft =
      items && (await this.draft(owner, uuid, 'rykker', items, `rykker ${uuid} ${number} ${sent + 1}`));
    await this.database.batch({ owner }, [
      ...(draft ? [MailLog.write(owner, draft)] : []),
      {
        name: 'mail-reminded',
        text: `update mail_reminder set sent = sent + 1, next_at = next_at + interval '${AGAIN}'
          where owner = $1::int and agreement = $2::uuid and number = $3::int and sent = $4::int`,
        values: [Number(owner), uuid, number, sent],
      },
    ]);
  }

  private async asLeftBy(owner: string, uuid: string, number: number): Promise<FacetItems | null> {
    const ask = { caller: internalCaller(owner), transaction: randomUUID() };
    try {
      return facetsOf((await this.store.registration(ask, Serviceaftale, uuid, number)).body);
    } catch (cause) {
      // Gone since: nobody is to hear of it.
      if (cause instanceof Refusal && cause.status === 404) return null;
      throw cause;
    }
  }
}

const placeOf = ({ pos, owner, object_id: uuid, number }: Row): Place => ({
  pos: Number(pos),
  owner: String(owner).padStart(8, '0'),
  uuid: uuid as string,
  number: Number(number),
});

/** Whether no other process has told of it meanwhile; from now on none can. */
async function isNext(tx: Transaction, pos: number): Promise<boolean> {
  const { rows } = await tx.run(checkpoint);
  return Number(rows[0]?.['position']) < pos;
}

/** What waits is reminded of; what has been answered is not. */
function reminders(owner: string, uuid: string, number: number, event: Event): Statement[] {
  const values = [Number(owner), uuid];
  return [
    {
      name: 'mail-answered',
      text: 'delete from mail_reminder where owner = $1::int and agreement = $2::uuid',
      values,
    },
    ...(waits(event)
      ? [
          {
            name: 'mail-waiting',
            text: `insert into mail_reminder (owner, agreement, number, next_at)
              values ($1::int, $2::uuid, $3::int, clock_timestamp() + interval '${AGAIN}')`,
            values: [...values, number],
          },
        ]
      : []),
  ];
}
