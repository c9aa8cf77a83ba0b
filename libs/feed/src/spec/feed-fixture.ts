import { randomUUID } from 'node:crypto';
import { migrate } from '@stoettesystemer/engine';
import { COMMON_OWNER } from '@stoettesystemer/access';
import type { Row, Statement, Transaction } from '@stoettesystemer/postgres';
import { testDatabase, type TestDatabase } from '@stoettesystemer/testing';
import { Client } from 'pg';
import type { Log } from '../direct-connection';
import { toOutbox } from '../outbox';

export const OWN = '12345678';
export const OTHER = '87654321';
export const COMMON = COMMON_OWNER;

export const feedDatabase = (size = 5): Promise<TestDatabase> =>
  testDatabase({ service: 'feed', migrate, size });

/** Keeps what was logged. */
export class Logbook implements Log {
  readonly lines: { level: string; message: string; fields: Record<string, unknown> }[] = [];
  info(fields: Record<string, unknown>, message: string): void {
    this.lines.push({ level: 'info', message, fields });
  }
  warn(fields: Record<string, unknown>, message: string): void {
    this.lines.push({ level: 'warn', message, fields });
  }
}

export interface Thing {
  readonly owner: string;
  readonly id: string;
  readonly type: string;
}

/** A session of the login's own, which owns the tables and sees every row. */
export async function session(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('set timezone = utc');
  return client;
}

interface Making {
  readonly owner?: string;
  readonly type?: string;
  readonly scopes?: readonly object[];
  readonly id?: string;
}

export async function makeThing(
  { database }: Pick<TestDatabase, 'database'>,
  { owner = OWN, type = 'Ting', scopes = [], id = randomUUID() as string }: Making = {},
): Promise<Thing> {
  const thing = { owner, id, type };
  await database.run(
    { owner },
    {
      name: 'make-thing',
      text: `insert into object (owner, id, type, number, lifecycle, created_at, recorded_at, scopes)
        values ($1::int, $2::uuid, $3, 0, 'Opstaaet', now(), now(), $4::jsonb)`,
      values: [Number(owner), thing.id, type, JSON.stringify(scopes)],
    },
  );
  return thing;
}

const lock = ({ owner, id }: Thing): Statement => ({
  name: 'lock-thing',
  text: 'select number from object where owner = $1::int and id = $2::uuid for update',
  values: [Number(owner), id],
});
const count = ({ owner, id }: Thing, number: number): Statement => ({
  name: 'count-thing',
  text: 'update object set number = $3::int where owner = $1::int and id = $2::uuid',
  values: [Number(owner), id, number],
});

export interface Details {
  readonly action?: string;
  readonly changed?: readonly string[];
  readonly recordedAt?: string;
  readonly kle?: string;
  readonly foelsomhed?: string;
  readonly traceparent?: string;
  readonly published?: boolean;
}

/** One registration inside a transaction, as the engine makes it: the object's lock first, the outbox row last. */
export async function register(tx: Transaction, thing: Thing, details: Details = {}): Promise<string> {
  const locked = await tx.run(lock(thing));
  const number = ((locked.rows[0] as Row)['number'] as number) + 1;
  const registration = randomUUID();
  await tx.batch([
    count(thing, number),
    toOutbox([
      {
        owner: thing.owner,
        registration,
        type: thing.type,
        object: thing.id,
        number,
        action: details.action ?? 'rettet',
        recordedAt: details.recordedAt ?? null,
        changed: details.changed ?? ['egenskaber'],
        kle: details.kle ?? null,
        foelsomhed: details.foelsomhed ?? null,
        transaction: null,
        traceparent: details.traceparent ?? null,
        published: details.published ?? true,
      },
    ]),
  ]);
  return registration;
}

/** One committed registration. Answers its UUID. */
export const change = (
  { database }: Pick<TestDatabase, 'database'>,
  thing: Thing,
  details?: Details,
): Promise<string> => database.transaction({ owner: thing.owner }, (tx) => register(tx, thing, details));

/** Lets a change of the feed through that the database refuses, as the owner of the table. */
export async function forced(client: Client, sql: string, values: unknown[] = []): Promise<void> {
  await client.query('alter table feed disable trigger user');
  await client.query(sql, values);
  await client.query('alter table feed enable trigger user');
}

/** Waits for something that is to come about by itself; the time is a backstop, not a demand. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + 30_000; !(await holds()); await new Promise((next) => setTimeout(next, 5)))
    if (Date.now() > end) throw new Error(`Never came about: ${what}`);
}

export interface Placed {
  readonly pos: number;
  readonly object: string;
  readonly number: number;
  readonly registration: string;
}

/** The whole feed, and what its state says of it. */
export async function feedOf(
  client: Client,
): Promise<{ events: Placed[]; first: number; last: number; waiting: number }> {
  const { rows } = await client.query<Placed>(
    'select pos::int, object_id as object, number, registration from feed order by pos',
  );
  const { rows: state } = await client.query<{ first: number; last: number; waiting: number }>(
    `select first_pos::int as first, last_pos::int as last, (select count(*)::int from outbox) as waiting from feed_state`,
  );
  return { events: rows, ...state[0]! };
}
