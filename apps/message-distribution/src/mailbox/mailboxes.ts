import { Injectable } from '@nestjs/common';
import { allows, type Caller, hasUser, type ScopeEntry } from '@stoettesystemer/access';
import { Dueslag } from '@stoettesystemer/model';
import { notFound, Refusal } from '@stoettesystemer/object';
import { Database } from '@stoettesystemer/postgres';
import { type Holding, type Mailbox, mailboxOf } from '../matching/registered-objects';

/** What somebody does with a dueslag: takes its messages, looks at how it is, or changes what becomes of its messages. */
export type Doing = 'modtag' | 'laes' | 'skriv';

/** Finds the dueslag that a caller may do something with, as registered at this moment. */
@Injectable()
export class Mailboxes {
  constructor(private readonly database: Database) {}

  /** @throws Refusal 404 when it is not there, or not the caller's to know. */
  async open(caller: Caller, uuid: string, doing: Doing): Promise<Mailbox> {
    const { rows } = await this.database.look(
      { owner: caller.owner },
      {
        name: 'mailbox-registered',
        text: `select o.number, o.scopes::text, json_object_agg(f.facet, f.value::text) filter (where f.facet is not null)::text as facets
            from object o
            left join fact f on f.owner = o.owner and f.object_id = o.id and upper_inf(f.recorded)
             and f.valid @> now()
           where o.owner = $1::int and o.id = $2::uuid and o.type = $3::text
             and o.lifecycle not in ('Passiveret', 'Slettet')
           group by o.number, o.scopes`,
        values: [Number(caller.owner), uuid, Dueslag.name],
      },
    );
    const row = rows[0];
    if (!row) throw notFound();
    const holding = JSON.parse((row['facets'] as string | null) ?? '{}') as Holding;
    const mailbox = mailboxOf(caller.owner, uuid, Number(row['number']), holding);
    const scopes = JSON.parse(row['scopes'] as string) as ScopeEntry[];
    if (!mailbox || !mayDo(caller, doing, mailbox, scopes)) throw notFound();
    if (doing === 'modtag') mustBeSystem(caller);
    return mailbox;
  }
}

/** Messages are taken out by the system that the dueslag belongs to, and by nobody for it. */
const mayDo = (caller: Caller, doing: Doing, { system }: Mailbox, scopes: readonly ScopeEntry[]): boolean =>
  doing === 'modtag'
    ? system === caller.system
    : allows(caller, Dueslag, doing, { owner: caller.owner, scopes });

/** A person may have less than the system; what is not for that person would be lost to the system too. */
function mustBeSystem(caller: Caller): void {
  if (hasUser(caller))
    throw new Refusal(403, 'kun_systemer', 'Beskeder tages ud af systemet selv, ikke på en brugers vegne.');
}
