import { setTimeout as pause } from 'node:timers/promises';
import { Sequencer } from '@stoettesystemer/feed';
import { ROLES } from '@stoettesystemer/postgres';
import { openLog } from '@stoettesystemer/server';
import type { Client } from 'pg';
import { alone, shareOfRate } from '../figure';
import { OWNER } from '../made-up-thing';
import { asOwner } from '../place';
import type { Chapter } from './chapter';

const EVENTS = 100_000;
const BATCH = 5_000;

const FILL = `insert into outbox (owner, registration, type, object_id, number, action, recorded_at, changed, transaction,
    published)
  select $1::int, gen_random_uuid(), 'Ting', gen_random_uuid(), 1, 'opstaaet', now(),
    '{egenskaber,gyldighed,overordnet}', gen_random_uuid(), true from generate_series(1, $2::int)`;

const COLUMNS = `owner, registration, type, object_id, number, action, recorded_at, changed, kle, foelsomhed, transaction,
  traceparent, published`;
/** What moving a batch comes to where nothing can go wrong. */
const MOVE = `with moved as (delete from outbox where id in (select id from outbox order by id limit ${BATCH}) returning *)
  insert into feed (pos, ${COLUMNS}) select $1::bigint + row_number() over (order by id), ${COLUMNS} from moved`;

async function fill(client: Client): Promise<void> {
  await client.query(FILL, [Number(OWNER), EVENTS]);
  await client.query('vacuum analyze outbox');
  await client.query('checkpoint');
}

async function byHand(client: Client, position: number): Promise<number> {
  await client.query(`set role ${ROLES.feed}`);
  const begin = performance.now();
  for (let moved = 0; moved < EVENTS; moved += BATCH) await client.query(MOVE, [position + moved]);
  const rate = (EVENTS / (performance.now() - begin)) * 1000;
  await client.query('reset role');
  return rate;
}

async function bySequencer(url: string, position: number): Promise<number> {
  const sequencer = new Sequencer({ url, log: openLog('silent') });
  const begin = performance.now();
  sequencer.start();
  try {
    while (sequencer.position < position + EVENTS) await pause(1);
    return (EVENTS / (performance.now() - begin)) * 1000;
  } finally {
    await sequencer.stop();
  }
}

/** How many committed events a second get their position in the feed. */
export const sequencing: Chapter = {
  name: 'sequencer',
  async run({ place, size }) {
    const url = await place.database('sequencer');
    const hand = await place.database('sequencer_by_hand');
    const ours: number[] = [];
    const theirs: number[] = [];
    await asOwner(url, (client) =>
      asOwner(hand, async (other) => {
        for (let round = 0; round < size.rounds; round++) {
          await fill(client);
          ours.push(await bySequencer(url, round * EVENTS));
          await fill(other);
          theirs.push(await byHand(other, round * EVENTS));
        }
      }),
    );
    return [
      alone({ name: `sequencer, ${EVENTS} events waiting`, unit: '/s', target: 20_000, atLeast: true }, ours),
      shareOfRate(
        { name: `sequencer, against delete and insert of ${BATCH} rows in one statement`, unit: '/s' },
        { ours, theirs },
      ),
    ];
  },
};
