import { type Database, ROLES } from '@stoettesystemer/postgres';
import type { Client } from 'pg';
import { type Lane, REGISTRATIONS } from './lane';

/**
 * Signs that tell one life of a database from another, all of which any role may read unless an administrator has
 * taken that away: the cluster's identifier (another after initdb, so after a dump is restored elsewhere or an upgrade),
 * the timeline (the next one after every restore to a point in time and every promotion of a standby; from the name of
 * the present log file, since the control file learns of it only at the next checkpoint), the database's oid (a dump
 * restored beside the old one) and the table's (a dump restored over the old one).
 */
const signsOf = ({ state }: Lane) =>
  [
    ['pg_control_system()', '(select system_identifier from pg_control_system())::text'],
    ['pg_walfile_name(pg_lsn)', 'left(pg_walfile_name(pg_current_wal_lsn()), 8)'],
    ['current_database()', '(select oid from pg_database where datname = current_database())::text'],
    ['current_database()', `'${state}'::regclass::oid::text`],
  ] as const;

async function lifeOf(client: Client, lane: Lane): Promise<string> {
  const signs = signsOf(lane);
  const { rows } = await client.query<{ may: boolean[] }>(
    `select array_agg(has_function_privilege(f, 'execute') order by n) as may
       from unnest($1::text[]) with ordinality as s (f, n)`,
    [signs.map(([called]) => called)],
  );
  const readable = signs.map(([, sign], at) => (rows[0]?.may[at] ? sign : `'-'`));
  const { rows: lives } = await client.query<{ life: string }>(
    `select concat_ws('/', ${readable.join()}) as life`,
  );
  return lives[0]!.life;
}

/**
 * Announces a new epoch when the database is not the one that last gave out positions, or has given out fewer than
 * `reached`, the last position this process saw: then it was put back behind our back (a copy of its files, which shows
 * none of the signs). Only for the one that holds the sequencer's lock.
 */
export async function announceEpoch(
  client: Client,
  reached: number,
  lane: Lane = REGISTRATIONS,
): Promise<{ epoch: string; isNew: boolean }> {
  const life = await lifeOf(client, lane);
  const { rows } = await client.query<{ epoch: string; isNew: boolean }>(
    `with before as (select epoch from ${lane.state} for update)
     update ${lane.state} s set cluster = $1,
            epoch = case when (s.cluster is null or s.cluster = $1) and s.last_pos >= $2 then s.epoch else gen_random_uuid() end
       from before returning s.epoch, s.epoch <> before.epoch as "isNew"`,
    [life, reached],
  );
  return rows[0]!;
}

/**
 * For the operator who has put a database back in a way that leaves no sign (a snapshot of the disk, rows copied into
 * the old tables): from now on every reader that tells its epoch is told to start over.
 */
export async function newEpoch(database: Database): Promise<string> {
  const { rows } = await database.run(
    { owner: null, role: ROLES.feed },
    { name: 'feed-new-epoch', text: 'update feed_state set epoch = gen_random_uuid() returning epoch' },
  );
  return rows[0]!['epoch'] as string;
}
