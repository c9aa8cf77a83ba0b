import { Inject, Injectable } from '@nestjs/common';
import { allows, auditRow, type ScopeEntry, type Verb } from '@stoettesystemer/access';
import type { Ask } from '@stoettesystemer/engine';
import { Vaerdiliste } from '@stoettesystemer/model';
import { notFound } from '@stoettesystemer/object';
import { Database, type Result, type Statement } from '@stoettesystemer/postgres';
import { type RunningSurroundings, SURROUNDINGS } from '@stoettesystemer/server';

export interface Altered {
  readonly added: number;
  readonly removed: number;
}

export interface ListPage {
  /** Those that are not citizens: who are on a list is not told. */
  readonly values: readonly string[];
  readonly next: string | null;
}

export interface Counted {
  readonly count: number;
  readonly persons: number;
}

/** How citizens are written among the values, and the first text after all of them. */
const PERSONS = ['cpr-hmac:', 'cpr-hmac;'] as const;

/** The values of lists: no registrations, since there may be a million and nobody asks what they were. */
@Injectable()
export class ValueLists {
  constructor(
    private readonly database: Database,
    @Inject(SURROUNDINGS) private readonly surroundings: RunningSurroundings,
  ) {}

  /** Both in one transaction; what is in both is not in the list afterwards. @throws Refusal 404 */
  async alter(ask: Ask, uuid: string, add: readonly string[], remove: readonly string[]): Promise<Altered> {
    await this.open(ask, uuid, 'skriv');
    const owner = Number(ask.caller.owner);
    return this.database.transaction({ owner: ask.caller.owner }, async (tx) => {
      const [added, removed] = (await tx.finish([
        {
          name: 'list-add',
          text: `insert into list_value (owner, list, value) select $1::int, $2::uuid, value from unnest($3::text[]) v (value)
            on conflict do nothing`,
          values: [owner, uuid, add],
        },
        {
          name: 'list-remove',
          text: `delete from list_value where owner = $1::int and list = $2::uuid and value = any ($3::text[])`,
          values: [owner, uuid, remove],
        },
        this.logged(ask, uuid, 'ret', add.length + remove.length),
      ])) as [Result, Result];
      return { added: added.count, removed: removed.count };
    });
  }

  /** In the order of the values. `after` is the last of the page before. @throws Refusal 404 */
  async list(ask: Ask, uuid: string, after: string | null, limit: number): Promise<ListPage> {
    await this.open(ask, uuid, 'laes');
    const { rows } = await this.database.look(
      { owner: ask.caller.owner },
      {
        name: 'list-page',
        text: `select value from list_value where owner = $1::int and list = $2::uuid
            and value > coalesce($3::text, '') and (value < $5::text or value >= $6::text)
          order by value limit $4::int`,
        values: [Number(ask.caller.owner), uuid, after, limit + 1, ...PERSONS],
      },
    );
    const values = rows.slice(0, limit).map(({ value }) => value as string);
    return { values, next: rows.length > limit ? values.at(-1)! : null };
  }

  /** @throws Refusal 404 */
  async count(ask: Ask, uuid: string): Promise<Counted> {
    await this.open(ask, uuid, 'laes');
    const { rows } = await this.database.look(
      { owner: ask.caller.owner },
      {
        name: 'list-count',
        text: `select count(*)::int as count, count(*) filter (where value >= $3::text and value < $4::text)::int as persons
          from list_value where owner = $1::int and list = $2::uuid`,
        values: [Number(ask.caller.owner), uuid, ...PERSONS],
      },
    );
    return rows[0] as unknown as Counted;
  }

  private async open({ caller }: Ask, uuid: string, verb: Verb): Promise<void> {
    const { rows } = await this.database.look(
      { owner: caller.owner },
      {
        name: 'list-registered',
        text: `select scopes::text from object where owner = $1::int and id = $2::uuid and type = $3::text
          and lifecycle not in ('Passiveret', 'Slettet')`,
        values: [Number(caller.owner), uuid, Vaerdiliste.name],
      },
    );
    const scopes = rows[0] && (JSON.parse(rows[0]['scopes'] as string) as ScopeEntry[]);
    if (!scopes || !allows(caller, Vaerdiliste, verb, { owner: caller.owner, scopes })) throw notFound();
  }

  private logged(
    { caller, transaction, purpose }: Ask,
    uuid: string,
    operation: string,
    count: number,
  ): Statement {
    const entry = { caller, transaction, purpose, operation, type: Vaerdiliste.name, objects: [uuid], count };
    return auditRow({ ...entry, allowed: true }, this.surroundings.pseudonymKey);
  }
}
