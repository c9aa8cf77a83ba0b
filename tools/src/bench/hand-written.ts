import { randomUUID } from 'node:crypto';
import type { ObjectInput } from '@stoettesystemer/engine';
import type { Pool, PoolClient } from 'pg';
import { KINDS } from './made-up-thing';

/**
 * The rows that the service wrote for one thing, `$1` to `$n` as JSON, in the order of the constraints. What is new
 * for each thing stands outside them: `$object` its UUID, `$fact` the number before its first fact.
 */
const INSERTS = {
  object: `insert into object (owner, id, type, number, lifecycle, created_at, recorded_at, scopes)
    select owner, $object::uuid, type, number, lifecycle, now(), now(), scopes from json_populate_recordset(null::object, $rows)`,
  registration: `insert into registration (owner, object_id, number, id, recorded_at, lifecycle, actor)
    select owner, $object::uuid, number, $registration::uuid, now(), lifecycle, actor
      from json_populate_recordset(null::registration, $rows)`,
  fact: `insert into fact (owner, id, object_id, section, facet, slot, value, about, valid, recorded, number)
    select owner, $fact::bigint + id, $object::uuid, section, facet, slot, value, about, valid, tstzrange(now(), null), number
      from json_populate_recordset(null::fact, $rows)`,
  term: `insert into term (owner, field, value, object_id, fact)
    select owner, field, value, $object::uuid, $fact::bigint + fact from json_populate_recordset(null::term, $rows)`,
  prose: `insert into prose (owner, type, object_id, fact, weight, body)
    select owner, type, $object::uuid, $fact::bigint + fact, weight, body from json_populate_recordset(null::prose, $rows)`,
  feed: `insert into outbox (owner, registration, type, object_id, number, action, recorded_at, changed, published)
    select owner, $registration::uuid, type, $object::uuid, number, action, now(), changed, published
      from json_populate_recordset(null::feed, $rows)`,
  audit: `insert into audit (owner, transaction, system, subject, agreement, operation, type, objects, count, allowed)
    select owner, $registration::uuid, system, subject, agreement, operation, type, array[$object::uuid], count, allowed
      from json_populate_recordset(null::audit, $rows)`,
} as const;
type Table = keyof typeof INSERTS;
const TABLES = Object.keys(INSERTS) as Table[];

/** Which rows of a table are a thing's. */
const OF_OBJECT: Readonly<Record<Table, string>> = {
  object: 'id = $1',
  registration: 'object_id = $1',
  fact: 'object_id = $1',
  term: 'object_id = $1',
  prose: 'object_id = $1',
  feed: 'object_id = $1',
  audit: '$1 = any(objects) and cardinality(objects) = 1',
};

interface Sample {
  readonly mark: string;
  readonly rows: Readonly<Record<Table, string>>;
  readonly facts: number;
}
interface Given {
  readonly object: string;
  readonly registration: string;
  readonly fact: number;
  readonly rows: Readonly<Record<Table, string>>;
}

const NAMES = ['object', 'registration', 'fact', 'rows'] as const;

/** Writes the placeholders as numbers: `rows` is the table's own, the others are shared where several inserts are one. */
function numbered(sql: string, rows: number): { text: string; uses: (typeof NAMES)[number][] } {
  const uses: (typeof NAMES)[number][] = [];
  const text = sql.replace(/\$(object|registration|fact|rows)/g, (_, name: (typeof NAMES)[number]) => {
    if (rows > 0) return name === 'rows' ? `$${rows}` : `$${NAMES.indexOf(name) + 1}`;
    if (!uses.includes(name)) uses.push(name);
    return `$${uses.indexOf(name) + 1}`;
  });
  return { text, uses };
}

const SEQUENCE = TABLES.map((table) => ({ table, name: `add-${table}`, ...numbered(INSERTS[table], 0) }));
const STATEMENT = `with ${TABLES.map(
  (table, at) => `"${table}_added" as (${numbered(INSERTS[table], NAMES.length + at).text})`,
).join(', ')} select 1`;

const BLOCK = 1000;

/**
 * The rows that the service writes for a new thing, by SQL that knows nothing else. It learns them from things that
 * the service made, one of each kind, and puts in what differs: the mark, the UUIDs, the numbers of the facts.
 */
export class HandWritten {
  private samples: Sample[] = [];
  private next = 0;
  private end = 0;

  constructor(private readonly pool: Pool) {}

  /** @param uuids of things that were made one by one, with marks that say their kind. */
  async learn(uuids: readonly string[]): Promise<void> {
    for (const uuid of uuids) {
      const rows = {} as Record<Table, string>;
      for (const table of TABLES) {
        const { rows: found } = await this.pool.query<{ rows: string | null }>(
          `select json_agg(t)::text as rows from ${table} t where ${OF_OBJECT[table]}`,
          [uuid],
        );
        rows[table] = found[0]?.rows ?? '[]';
      }
      const facts = JSON.parse(rows.fact) as {
        id: number;
        facet: string;
        value: { brugervendtNoegle?: string };
      }[];
      const base = Math.min(...facts.map(({ id }) => id));
      const relative = (text: string, member: string): string =>
        text.replace(
          new RegExp(`"${member}":(\\d+)`, 'g'),
          (_, id: string) => `"${member}":${Number(id) - base}`,
        );
      const mark = facts.find(({ facet }) => facet === 'egenskaber')?.value.brugervendtNoegle?.slice(2) ?? '';
      if (mark === '' || TABLES.some((table) => rows[table] === '[]'))
        throw new Error(`${uuid} lacks rows to learn from`);
      this.samples[Number(mark) % KINDS] = {
        mark,
        facts: facts.length,
        rows: {
          ...rows,
          fact: relative(rows.fact, 'id'),
          term: relative(rows.term, 'fact'),
          prose: relative(rows.prose, 'fact'),
        },
      };
    }
  }

  /** begin, an insert for each table, commit: as it is usually written. */
  async inSequence(body: string): Promise<string> {
    const given = await this.rowsOf(body);
    await this.withClient(async (client) => {
      await client.query('begin');
      for (const { table, name, text, uses } of SEQUENCE) {
        const values = uses.map((use) => (use === 'rows' ? given.rows[table] : given[use]));
        await client.query({ name, text, values });
      }
      await client.query('commit');
    });
    return given.object;
  }

  /** The same inserts as parts of one statement: one round trip. */
  async inOneStatement(body: string): Promise<string> {
    const { object, registration, fact, rows } = await this.rowsOf(body);
    const values = [object, registration, fact, ...TABLES.map((table) => rows[table])];
    await this.pool.query({ name: 'add', text: STATEMENT, values });
    return object;
  }

  private async rowsOf(body: string): Promise<Given> {
    const { attributter } = JSON.parse(body) as ObjectInput;
    const mark = String(attributter?.['egenskaber']?.[0]?.['brugervendtNoegle']).slice(2);
    const sample = this.samples[Number(mark) % KINDS];
    if (!sample) throw new Error('it has not learnt this kind of thing');
    const rows = {} as Record<Table, string>;
    for (const table of TABLES) rows[table] = sample.rows[table].replaceAll(sample.mark, mark);
    return {
      object: randomUUID(),
      registration: randomUUID(),
      fact: await this.factsFrom(sample.facts),
      rows,
    };
  }

  /** Numbers of facts in blocks of a thousand, as the service draws them. */
  private async factsFrom(count: number): Promise<number> {
    while (this.next + count > this.end) {
      const { rows } = await this.pool.query<{ block: string }>(`select nextval('fact_block') as block`);
      this.next = Number(rows[0]?.block) * BLOCK;
      this.end = this.next + BLOCK;
    }
    this.next += count;
    return this.next - count;
  }

  private async withClient(work: (client: PoolClient) => Promise<void>): Promise<void> {
    const client = await this.pool.connect();
    try {
      await work(client);
    } finally {
      client.release();
    }
  }
}
