import type { ScopeEntry } from '@stoettesystemer/access';
import { formatInstant, type Instant } from '@stoettesystemer/object';
import type { Database, Row, Statement } from '@stoettesystemer/postgres';
import type { Directory } from './directory';
import { directoryObject, type Intern, KEPT, type RawFact, type Restriction } from './directory-object';

/** Objects in one round trip. */
const TOGETHER = 4_000;

const FACTS = `select string_agg('["' || f.facet || '",' || f.value::text || ',' || micros(lower(f.valid)) || ','
    || coalesce(micros(upper(f.valid))::text, 'null') || ']', ',') as facts`;
const COLUMNS = 'o.id, o.scopes::text, v.facts';
const PRESENT = `select ${COLUMNS}, o.lifecycle not in ('Passiveret', 'Slettet') as live from object o
  cross join lateral (${FACTS} from fact f where f.owner = o.owner and f.object_id = o.id and upper_inf(f.recorded)
    and f.facet = any($3::text[])) v
  where o.owner = $1::int and o.type = $2::text`;

type Kept = (typeof KEPT)[number];

/**
 * Reads what a directory keeps, whoever asks: row-level security shows the municipality's rows, and what a caller may see
 * of them is decided when it is shown.
 */
export class DirectoryLoader {
  constructor(private readonly database: Database) {}

  /** Everything that is there now. */
  async all(directory: Directory): Promise<void> {
    for (const kept of KEPT)
      await this.each(directory, kept, (after) => ({
        name: 'directory-all',
        text: `${PRESENT} and o.id > $4::uuid order by o.id limit $5::int`,
        values: [directory.owner, kept.type.name, kept.facets, after, TOGETHER],
      }));
  }

  /** These objects, as they are now. */
  async some(directory: Directory, uuids: readonly string[]): Promise<void> {
    for (const kept of KEPT) {
      const { rows } = await this.database.look(
        { owner: directory.owner },
        {
          name: 'directory-some',
          text: `${PRESENT} and o.id = any($4::uuid[])`,
          values: [directory.owner, kept.type.name, kept.facets, uuids],
        },
      );
      put(directory, kept, rows);
    }
  }

  /**
   * Everything that has been registered since, as it was known then: whatever has not is now as it was. An object that
   * was not there, or not in use, is taken away.
   */
  async rewind(directory: Directory, known: Instant): Promise<void> {
    const moment = formatInstant(known);
    for (const kept of KEPT)
      await this.each(directory, kept, (after) => ({
        name: 'directory-rewind',
        text: `select ${COLUMNS}, coalesce(r.lifecycle not in ('Passiveret', 'Slettet'), false) as live from object o
          left join lateral (select h.lifecycle from registration h where h.owner = o.owner and h.object_id = o.id
            and h.recorded_at <= $6::timestamptz order by h.recorded_at desc limit 1) r on true
          left join lateral (${FACTS} from facts_at(o.owner, o.id, $6::timestamptz) f where f.facet = any($3::text[])) v on true
          where o.owner = $1::int and o.type = $2::text and o.recorded_at > $6::timestamptz
            and o.id > $4::uuid order by o.id limit $5::int`,
        values: [directory.owner, kept.type.name, kept.facets, after, TOGETHER, moment],
      }));
  }

  private async each(
    directory: Directory,
    kept: Kept,
    statement: (after: string) => Statement,
  ): Promise<void> {
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      const { rows } = await this.database.run({ owner: directory.owner }, statement(after));
      put(directory, kept, rows);
      if (rows.length < TOGETHER) return;
      after = rows.at(-1)!['id'] as string;
    }
  }
}

function put(directory: Directory, { kind }: Kept, rows: readonly Row[]): void {
  const { intern } = directory;
  for (const row of rows) {
    const uuid = row['id'] as string;
    if (row['live'] !== true) directory.delete(uuid);
    else {
      const facts = JSON.parse(`[${(row['facts'] as string | null) ?? ''}]`) as RawFact[];
      const restrictions = restrictionsOf(row['scopes'] as string, intern);
      directory.set(directoryObject(kind, { uuid, restrictions }, facts, intern));
    }
  }
}

const restrictionsOf = (scopes: string, intern: Intern): Restriction[] =>
  (JSON.parse(scopes) as ScopeEntry[]).map((entry) => {
    const { fra: _, til: __, ...dimensions } = entry;
    return { key: intern(JSON.stringify(dimensions)), entry };
  });
