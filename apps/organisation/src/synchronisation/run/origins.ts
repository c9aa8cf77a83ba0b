import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '@stoettesystemer/postgres';

/** An object that came from a source. */
export interface Origin {
  readonly uuid: string;
  readonly type: string;
}

export interface Orphan extends Origin {
  /** As PostgreSQL writes it. */
  readonly since: string;
}

const originOf = (row: Readonly<Record<string, unknown>>): Origin => ({
  uuid: row['object_id'] as string,
  type: row['type'] as string,
});

/** What another source has is no orphan of this one, and what is deleted or passive needs no end. */
const STILL_THERE = `
  not exists (select from synchronised other where other.owner = s.owner and other.object_id = s.object_id
    and other.source <> s.source and other.orphan_since is null)
  and exists (select from object o where o.owner = s.owner and o.id = s.object_id
    and o.lifecycle not in ('Passiveret', 'Slettet'))`;

/** Which objects came from which source. */
@Injectable()
export class Origins {
  constructor(private readonly database: Database) {}

  /** The source has them; nothing is written where that was known. */
  async note(owner: string, source: string, origins: readonly Origin[]): Promise<void> {
    await this.run(owner, {
      name: 'origin-note',
      text: `insert into synchronised (owner, source, object_id, type)
        select $1::int, $2::uuid, each.id, each.type from unnest($3::uuid[], $4::text[]) as each (id, type)
        on conflict (owner, source, object_id) do update set orphan_since = null, ended_at = null
        where synchronised.orphan_since is not null or synchronised.ended_at is not null`,
      values: [Number(owner), source, origins.map(({ uuid }) => uuid), origins.map(({ type }) => type)],
    });
  }

  /** A page of what is known to have come from the source and has not been ended, by UUID. */
  async known(owner: string, source: string, after: string | null, limit: number): Promise<Origin[]> {
    const { rows } = await this.database.run(
      { owner },
      {
        name: 'origin-known',
        text: `select object_id, type from synchronised s where owner = $1::int and source = $2::uuid
          and ended_at is null and ($3::uuid is null or object_id > $3) and ${STILL_THERE}
          order by object_id limit $4::int`,
        values: [Number(owner), source, after, limit],
      },
    );
    return rows.map(originOf);
  }

  async orphaned(owner: string, source: string, uuids: readonly string[]): Promise<void> {
    await this.mark(owner, source, uuids, 'orphan_since');
  }

  async ended(owner: string, source: string, uuids: readonly string[]): Promise<void> {
    await this.mark(owner, source, uuids, 'ended_at');
  }

  /** What the source did not have when it was last run, by UUID. */
  async orphans(owner: string, source: string, after: string | null, limit: number): Promise<Orphan[]> {
    const { rows } = await this.database.run(
      { owner },
      {
        name: 'origin-orphans',
        text: `select object_id, type, orphan_since::text as since from synchronised s
          where owner = $1::int and source = $2::uuid and orphan_since is not null and ended_at is null
            and ($3::uuid is null or object_id > $3) and ${STILL_THERE}
          order by object_id limit $4::int`,
        values: [Number(owner), source, after, limit],
      },
    );
    return rows.map((row) => ({ ...originOf(row), since: row['since'] as string }));
  }

  private async mark(
    owner: string,
    source: string,
    uuids: readonly string[],
    column: 'orphan_since' | 'ended_at',
  ): Promise<void> {
    await this.run(owner, {
      name: `origin-${column}`,
      text: `update synchronised set ${column} = clock_timestamp()
        where owner = $1::int and source = $2::uuid and object_id = any($3::uuid[]) and ${column} is null`,
      values: [Number(owner), source, uuids],
    });
  }

  private async run(owner: string, statement: Statement): Promise<void> {
    await this.database.run({ owner }, statement);
  }
}
