import { testDatabase } from '@stoettesystemer/testing';
import { Client, Pool } from 'pg';
import type { Event } from '../event';
import { Inbox, inboxSchema } from '../inbox';

/** A consumer's own database: what it makes of the messages is in `effect`, in its order, and `state`. */
export async function consumerDatabase(size = 8) {
  const { url, drop } = await testDatabase({
    service: 'indbakke',
    migrate: async (address) => {
      const client = new Client({ connectionString: address });
      await client.connect();
      await client.query(`${inboxSchema()};
        create table effect (place bigint generated always as identity, subject text not null, id text not null, number int);
        create table state (subject text primary key, number int not null)`);
      await client.end();
    },
  });
  const pool = new Pool({ connectionString: url, max: size });
  return {
    pool,
    drop: async () => {
      await pool.end();
      await drop();
    },
  };
}

export const message = (subject: string, number: number, more: Partial<Event> = {}): Event => ({
  specversion: '1.0',
  id: `${subject}.${number}`,
  source: '/proeve/12345678',
  type: 'dk.proeve.v1',
  subject,
  data: { nummer: number },
  ...more,
});

type Session = Parameters<Parameters<Inbox['receive']>[2]>[0];

/** Writes blindly what the message says: that it comes out right is the inbox's doing. */
export async function effect(session: Session, { subject, id, data }: Event): Promise<void> {
  const { nummer } = data as { nummer: number };
  await session.query('insert into effect (subject, id, number) values ($1, $2, $3)', [subject, id, nummer]);
  await session.query(
    'insert into state values ($1, $2) on conflict (subject) do update set number = excluded.number',
    [subject, nummer],
  );
}

const shuffled = <T>(items: readonly T[], random: () => number): T[] =>
  items
    .map((item) => [random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);

/** Mulberry32: the same seed, the same storm. */
const randomOf = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};

/**
 * So many deliveries of messages that are doubled, in any order, with whole stretches played again, to several workers at
 * once, of whom one in fifty dies half-way; what had gone wrong comes again. Then holds what came out against what should have.
 */
export async function expectOneEffect(deliveries: number, seed = Date.now()): Promise<void> {
  const { pool, drop } = await consumerDatabase();
  try {
    const random = randomOf(seed);
    const [subjects, numbers] = [Math.ceil(deliveries / 20), 10];
    const messages = Array.from({ length: subjects * numbers }, (_, at) =>
      message(`s${at % subjects}`, Math.floor(at / subjects) + 1),
    );
    const doubled = shuffled([...messages, ...messages.slice(0, deliveries / 4)], random);
    const from = Math.floor(random() * (doubled.length / 2));
    const queue = [...doubled, ...doubled.slice(from, from + deliveries - doubled.length)];
    expect(queue.length).toBe(deliveries);

    const inbox = new Inbox({ consumer: 'storm' });
    const died = new Error('Died');
    const work = async (): Promise<void> => {
      for (let next = queue.pop(); next; next = queue.pop()) {
        const dies = random() < 0.02;
        const taken = inbox.receive(pool, next, async (session, event) => {
          await effect(session, event);
          if (dies) throw died;
        });
        const given = next;
        await taken.catch((cause: unknown) => {
          if (cause !== died) throw cause;
          queue.unshift(given);
        });
      }
    };
    await Promise.all(Array.from({ length: 8 }, work));

    const { rows: twice } = await pool.query('select id from effect group by id having count(*) > 1');
    expect([seed, twice]).toEqual([seed, []]);
    const { rows: backwards } = await pool.query(
      `select id from (select id, number, lag(number) over (partition by subject order by place) as before from effect) e
        where number < before`,
    );
    expect([seed, backwards]).toEqual([seed, []]);
    const { rows: state } = await pool.query(
      'select distinct number, count(*)::int from state group by number',
    );
    expect([seed, state]).toEqual([seed, [{ number: numbers, count: subjects }]]);
    const { rows: seen } = await pool.query('select count(*)::int as count from inbox');
    expect([seed, seen]).toEqual([seed, [{ count: messages.length }]]);
  } finally {
    await drop();
  }
}
