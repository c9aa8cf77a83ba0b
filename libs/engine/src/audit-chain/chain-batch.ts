import type { KeyObject } from 'node:crypto';
import { pseudonymise } from '@stoettesystemer/access';
import type { Client } from 'pg';
import { auditKeys, citizensSought } from './audit-key';
import { type AuditLine, chainedText, GENESIS, LINE, lineOf, linkHash } from './audit-line';

/**
 * Committed rows that are not yet in their chain. Goes through the owners one by one on the primary key, which the
 * writers keep anyway. A row that was committed late, under a lower number, is found as long as the floor is below it.
 * Asked of each row by itself: of a join PostgreSQL sometimes makes one that reads the owner's whole chain.
 */
const UNCHAINED = `
  with recursive owners as (
    (select owner from audit where owner >= $3::int order by owner limit 1)
    union all
    select (select a.owner from audit a where a.owner > o.owner order by a.owner limit 1)
      from owners o where o.owner is not null
  )
  select a.owner, ${LINE} as line
    from owners o cross join lateral (
      select a.* from audit a
       where a.owner = o.owner and a.id > case when o.owner = $3::int then $4::bigint else $1::bigint end
         and (select c.id from audit_chain c where c.owner = a.owner and c.id = a.id) is null
       order by a.id limit $2::int
    ) a
   where o.owner is not null limit $2::int`;

const HEADS = `
  select o.owner, c.place, c.hash from unnest($1::int[]) o(owner) cross join lateral (
    select place, hash from audit_chain c where c.owner = o.owner order by place desc limit 1) c`;

const CHAIN = `
  insert into audit_chain (owner, place, id, citizens, hash)
  select owner, place, id, string_to_array(citizens, ' '), decode(hash, 'hex')
    from unnest($1::int[], $2::bigint[], $3::bigint[], $4::text[], $5::text[]) n(owner, place, id, citizens, hash)`;

const KEYS = `
  insert into audit_key (owner, key, at, id, allowed)
  select * from unnest($1::int[], $2::uuid[], $3::timestamptz[], $4::bigint[], $5::boolean[])`;

const PERSONS = `select owner, object_id, urn from persons_in($1::int[], $2::uuid[])`;

export interface BatchOptions {
  readonly pseudonymKey: KeyObject;
  /** Object types that may name persons; the objects of others are not looked at. */
  readonly personal: ReadonlySet<string>;
  readonly size: number;
}

interface Unchained {
  readonly owner: number;
  readonly line: AuditLine;
}
interface Head {
  place: number;
  hash: Buffer;
}

const objectKey = (owner: number, id: string): string => `${owner} ${id}`;

/** The pseudonyms of the persons in the objects of the rows, by owner and object. */
async function personsIn(
  client: Client,
  rows: readonly Unchained[],
  { personal, pseudonymKey }: BatchOptions,
): Promise<Map<string, string[]>> {
  const objects = new Map<string, readonly [number, string]>();
  for (const { owner, line } of rows)
    if (line.type === null || personal.has(line.type))
      for (const id of line.objekter) objects.set(objectKey(owner, id), [owner, id]);
  const persons = new Map<string, string[]>();
  if (objects.size === 0) return persons;
  const asked = [...objects.values()];
  const { rows: found } = await client.query<{ owner: number; object_id: string; urn: string }>({
    name: 'audit-persons',
    text: PERSONS,
    values: [asked.map(([owner]) => owner), asked.map(([, id]) => id)],
  });
  for (const { owner, object_id: id, urn } of found) {
    const key = objectKey(owner, id);
    persons.set(key, [...(persons.get(key) ?? []), pseudonymise(urn, pseudonymKey) as string]);
  }
  return persons;
}

async function headsOf(client: Client, owners: readonly number[]): Promise<Map<number, Head>> {
  const { rows } = await client.query<{ owner: number; place: string; hash: Buffer }>({
    name: 'audit-heads',
    text: HEADS,
    values: [owners],
  });
  const heads = new Map(owners.map((owner): [number, Head] => [owner, { place: 0, hash: GENESIS }]));
  for (const { owner, place, hash } of rows) heads.set(owner, { place: Number(place), hash });
  return heads;
}

/** Where a sweep has come to: it goes through the owners, and through each one's rows. */
interface Reached {
  readonly owner: number;
  readonly id: number;
}

/**
 * Gives every row above `floor` that is to be seen, and has none, its place: batch after batch, each in a transaction of
 * its own and going on from where the last one stopped. Answers how many there were.
 */
export async function chainAll(
  client: Client,
  floor: number,
  options: BatchOptions,
  over?: AbortSignal,
): Promise<{ count: number; isComplete: boolean }> {
  let count = 0;
  for (let reached: Reached = { owner: 0, id: floor }; !over?.aborted;) {
    const rows = await chainBatch(client, floor, reached, options);
    count += rows.length;
    const last = rows.at(-1);
    if (!last || rows.length < options.size) return { count, isComplete: true };
    reached = { owner: last.owner, id: last.line.id };
  }
  return { count, isComplete: false };
}

/** The primary key on places is the last fence against two who do this at once. */
async function chainBatch(
  client: Client,
  floor: number,
  { owner: firstOwner, id }: Reached,
  options: BatchOptions,
): Promise<Unchained[]> {
  await client.query('begin');
  try {
    const { rows: raw } = await client.query<{ owner: number; line: string }>({
      name: 'audit-unchained',
      text: UNCHAINED,
      values: [floor, options.size, firstOwner, id],
    });
    const rows = raw.map(({ owner, line }): Unchained => ({ owner, line: lineOf(line) }));
    if (rows.length > 0) await write(client, rows, options);
    await client.query('commit');
    return rows;
  } catch (cause) {
    await client.query('rollback').catch(() => undefined);
    throw cause;
  }
}

async function write(client: Client, rows: readonly Unchained[], options: BatchOptions): Promise<void> {
  const heads = await headsOf(client, [...new Set(rows.map(({ owner }) => owner))]);
  const persons = await personsIn(client, rows, options);
  const links: [owner: number, place: number, id: number, citizens: string, hash: string][] = [];
  const keys: [owner: number, key: string, at: string, id: number, allowed: boolean][] = [];
  for (const { owner, line } of rows) {
    const inObjects = line.objekter.flatMap((id) => persons.get(objectKey(owner, id)) ?? []);
    const citizens = [...new Set([...citizensSought(line), ...inObjects])].sort();
    const head = heads.get(owner)!;
    head.place++;
    head.hash = linkHash(head.hash, chainedText(line, citizens));
    links.push([owner, head.place, line.id, citizens.join(' '), head.hash.toString('hex')]);
    for (const key of auditKeys(line, citizens)) keys.push([owner, key, line.tid, line.id, line.tilladt]);
  }
  await client.query({ name: 'audit-chain', text: CHAIN, values: columnsOf(links, 5) });
  await client.query({ name: 'audit-keys', text: KEYS, values: columnsOf(keys, 5) });
}

const columnsOf = (rows: readonly (readonly unknown[])[], count: number): unknown[][] =>
  Array.from({ length: count }, (_, at) => rows.map((row) => row[at]));
