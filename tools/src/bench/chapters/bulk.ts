import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { callerOf, Ting } from '@stoettesystemer/testing';
import { type BulkItem, ObjectStore } from '@stoettesystemer/engine';
import { Database, poolFor, ROLES } from '@stoettesystemer/postgres';
import { type Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { DatabaseCpu } from '../database-cpu';
import { shareOfCost, shareOfRate } from '../figure';
import { bodyOf, OWNER, SERVICE, uuidOf } from '../made-up-thing';
import { asOwner } from '../place';
import { ownUsage } from '../usage';
import type { Chapter } from './chapter';

/** Lines of one transaction, as the import has them. */
const BATCH = 400;
const OBJECTS = 4000;

/** In the order of the constraints, without what the tables fill in themselves; and which rows are an object's. */
const TABLES = [
  ['object', 'owner, id, type, number, lifecycle, created_at, recorded_at, source_time, scopes', 'id'],
  [
    'registration',
    'owner, object_id, number, id, recorded_at, lifecycle, actor, note, source_time',
    'object_id',
  ],
  ['fact', 'owner, id, object_id, section, facet, slot, value, about, valid, recorded, number', 'object_id'],
  ['term', 'owner, field, value, object_id, fact, believed', 'object_id'],
  ['prose', 'owner, type, object_id, fact, weight, body', 'object_id'],
  [
    'outbox',
    'owner, registration, type, object_id, number, action, recorded_at, changed, transaction, published',
    'object_id',
  ],
] as const;

interface Cost {
  readonly perSecond: number;
  /** Microseconds of processor time an object, ours and the database's. */
  readonly cpu: number;
}

async function costOf(database: DatabaseCpu, objects: number, work: () => Promise<unknown>): Promise<Cost> {
  const before = ownUsage().cpu + database.now();
  const begin = performance.now();
  await work();
  const seconds = (performance.now() - begin) / 1000;
  return { perSecond: objects / seconds, cpu: (ownUsage().cpu + database.now() - before) / objects };
}

async function copyOut(client: Client, uuids: readonly string[]): Promise<Buffer[]> {
  await client.query('create temporary table wanted (id uuid primary key)');
  await client.query('insert into wanted select unnest($1::uuid[])', [uuids]);
  const contents: Buffer[] = [];
  for (const [table, columns, key] of TABLES) {
    const chunks: Buffer[] = [];
    const rows = client.query(
      copyTo(`copy (select ${columns} from ${table} where ${key} in (select id from wanted)) to stdout`),
    );
    for await (const chunk of rows) chunks.push(chunk as Buffer);
    contents.push(Buffer.concat(chunks));
  }
  await client.query('drop table wanted');
  return contents;
}

async function copyIn(client: Client, contents: readonly Buffer[]): Promise<void> {
  await client.query('begin');
  for (const [at, [table, columns]] of TABLES.entries())
    await pipeline(
      Readable.from([contents[at]!]),
      client.query(copyFrom(`copy ${table} (${columns}) from stdin`)),
    );
  await client.query('commit');
}

/** Importer mange without HTTP, against COPY of the rows that it wrote into the same tables of another database. */
export const bulk: Chapter = {
  name: 'bulk',
  async run({ place, size, databaseCpu }) {
    const ours = await place.database('bulk');
    const theirs = await place.database('copy');
    const pool = poolFor(ours, { role: ROLES.app });
    const store = new ObjectStore(new Database(pool), {
      service: SERVICE,
      types: [Ting],
      secret: randomBytes(32),
      pseudonymKey: createSecretKey(randomBytes(32)),
    });
    const ask = {
      caller: callerOf({ service: SERVICE, owner: OWNER, types: [Ting] }),
      transaction: randomUUID(),
    };
    const writeBulk = async (items: readonly BulkItem[]): Promise<void> => {
      for (let at = 0; at < items.length; at += BATCH) {
        const bad = (await store.bulk(ask, items.slice(at, at + BATCH))).find(
          ({ outcome }) => outcome === 'afvist',
        );
        if (bad) throw new Error(JSON.stringify(bad));
      }
    };
    const costs: { bulk: Cost; copy: Cost }[] = [];
    try {
      await asOwner(ours, (from) =>
        asOwner(theirs, async (to) => {
          for (let round = 0; round <= size.rounds; round++) {
            const numbers = Array.from({ length: OBJECTS }, (_, at) => round * OBJECTS + at);
            const items = numbers.map((n, line): BulkItem => {
              return { line, type: Ting.name, uuid: uuidOf(n), input: bodyOf(n, size.facts) };
            });
            const bulked = await costOf(databaseCpu, OBJECTS, () => writeBulk(items));
            const contents = await copyOut(from, numbers.map(uuidOf));
            const copied = await costOf(databaseCpu, OBJECTS, () => copyIn(to, contents));
            for (const client of [from, to]) await client.query('vacuum analyze');
            // The first round is the compiler's, and of tables that are empty.
            if (round > 0) costs.push({ bulk: bulked, copy: copied });
          }
        }),
      );
    } finally {
      await pool.end();
    }
    const pair = (read: (cost: Cost) => number) => ({
      ours: costs.map((each) => read(each.bulk)),
      theirs: costs.map((each) => read(each.copy)),
    });
    const name = `bulk of ${OBJECTS} objects, against COPY into the same tables`;
    return [
      shareOfRate(
        { name: `${name}: objects`, unit: '/s', target: 0.5 },
        pair(({ perSecond }) => perSecond),
      ),
      shareOfCost(
        { name: `${name}: CPU of writer and database an object`, unit: 'µs' },
        pair(({ cpu }) => cpu),
      ),
    ];
  },
};
