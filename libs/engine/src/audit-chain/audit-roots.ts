import { createHash, type KeyObject, randomUUID } from 'node:crypto';
import { link, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import { signRoot } from './root-key';

export interface RootOptions {
  readonly service: string;
  readonly key: KeyObject;
  /** Where roots are kept outside the database, a file each. */
  readonly folder: string;
}

const TODAY = `select (clock_timestamp() at time zone 'Europe/Copenhagen')::date::text as day`;

/** Of each chain: where it has come to, the day it began, and its last root. */
const CHAINS = `
  with recursive owners as (
    (select owner from audit_chain order by owner limit 1)
    union all
    select (select c.owner from audit_chain c where c.owner > o.owner order by c.owner limit 1)
      from owners o where o.owner is not null
  )
  select o.owner, h.place, encode(h.hash, 'hex') as hash, r.jws, instant(clock_timestamp()) as made,
         (coalesce(r.day + 1, (select (a.at at time zone 'Europe/Copenhagen')::date from audit_chain c
            join audit a on a.owner = c.owner and a.id = c.id where c.owner = o.owner and c.place = 1), $1::date - 1))::text as next
    from owners o
    cross join lateral (select place, hash from audit_chain c where c.owner = o.owner order by place desc limit 1) h
    left join lateral (select day, jws from audit_root r where r.owner = o.owner order by day desc limit 1) r on true
   where o.owner is not null`;

interface Chain {
  readonly owner: number;
  readonly place: string;
  readonly hash: string;
  readonly jws: string | null;
  readonly made: string;
  readonly next: string;
}

export const digestOf = (jws: string): string => createHash('sha256').update(jws).digest('hex');
export const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** The day it is in Denmark, by the database's clock. */
export async function today(client: Client): Promise<string> {
  const { rows } = await client.query<{ day: string }>(TODAY);
  return rows[0]!.day;
}

/**
 * Signs, for every chain, each day before `day` that has no root. A root says where its chain had come to when it was
 * made: for a day that was missed that is more than the day's own rows, never less. Answers how many were made.
 */
export async function makeRoots(client: Client, day: string, { service, key }: RootOptions): Promise<number> {
  const { rows } = await client.query<Chain>(CHAINS, [day]);
  let made = 0;
  for (const { owner, place, hash, made: lavet, ...chain } of rows) {
    let former = chain.jws;
    for (let dag = chain.next; dag < day; dag = dayAfter(dag)) {
      const forrige = former === null ? null : digestOf(former);
      const claims = {
        tjeneste: service,
        cvr: String(owner),
        dag,
        plads: Number(place),
        hash,
        forrige,
        lavet,
      };
      former = await signRoot(claims, key);
      await client.query(
        `insert into audit_root (owner, day, place, hash, jws) values ($1, $2, $3, decode($4, 'hex'), $5)`,
        [owner, dag, place, hash, former],
      );
      made++;
    }
  }
  return made;
}

export const rootFile = (cvr: string | number, day: string): string => `${cvr}-${day}.jws`;
export const rootFolder = (folder: string, service: string): string => join(folder, service);

/** Writes the roots that are not yet files of the folder; those that are stay as they are. */
export async function exportRoots(client: Client, { service, folder }: RootOptions): Promise<void> {
  const place = rootFolder(folder, service);
  await mkdir(place, { recursive: true });
  const there = new Set(await readdir(place));
  const { rows } = await client.query<{ owner: number; day: string }>(
    'select owner, day::text from audit_root order by owner, day',
  );
  for (const { owner, day } of rows) {
    if (there.has(rootFile(owner, day))) continue;
    const { rows: found } = await client.query<{ jws: string }>(
      'select jws from audit_root where owner = $1 and day = $2',
      [owner, day],
    );
    const draft = join(place, `.${randomUUID()}`);
    await writeFile(draft, `${found[0]!.jws}\n`, { flag: 'wx' });
    // Never seen half written; and unlike a rename, a link takes no file's place.
    await link(draft, join(place, rootFile(owner, day))).finally(() => rm(draft));
  }
}
