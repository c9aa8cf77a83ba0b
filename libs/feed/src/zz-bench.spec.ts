import { Sequencer } from './sequencer';
import { feedDatabase, Logbook, makeThing, session, until, change, OWN } from './spec/feed-fixture';
import { Listener } from './listener';
import { FeedReader } from './reader';
import { callerOf, Ting, Journal } from '@stoettesystemer/testing';

it('bench', async () => {
  const db = await feedDatabase();
  const client = await session(db.url);
  const thing = await makeThing(db);
  const fill = (n: number) =>
    client.query(
      `insert into outbox (owner, registration, type, object_id, number, action, recorded_at, changed, published)
       select $1::int, gen_random_uuid(), 'Ting', $2, n, 'rettet', now(), '{egenskaber,titel}', true from generate_series(1, ${n}) n`,
      [OWN, thing.id],
    );
  const out = { push: (t: string) => require('node:fs').appendFileSync('/tmp/feed-bench.out', t + '\n') };
  for (const batch of [5000]) {
    await fill(200_000);
    await client.query('vacuum analyze outbox');
    await client.query('checkpoint');
    const s = new Sequencer({ url: db.url, log: new Logbook(), batch });
    const t = performance.now();
    const start = Number((await client.query('select last_pos from feed_state')).rows[0].last_pos);
    s.start();
    await until(() => s.position === start + 200_000, 'all');
    const ms = performance.now() - t;
    out.push(`batch ${batch}: ${Math.round((200_000 / ms) * 1000)} events/s`);
    await s.stop();
  }
  // long transaction: dead rows cannot be taken away
  const holder = await session(db.url);
  await holder.query('begin isolation level repeatable read');
  await holder.query('select 1 from object');
  const lb = new Logbook();
  const s = new Sequencer({ url: db.url, log: lb });
  s.start();
  await until(() => s.leading, 'x');
  for (let k = 0; k < 5; k++) {
    const start =
      s.position || Number((await client.query('select last_pos from feed_state')).rows[0].last_pos);
    await fill(200_000);
    const t = performance.now();
    s.wake();
    await until(() => s.position === start + 200_000, 'all').catch((e) => {
      out.push(JSON.stringify([lb.lines, s.position, start]));
      throw e;
    });
    const ms = performance.now() - t;
    const t2 = performance.now();
    await change(db, thing);
    s.wake();
    await until(() => s.position === start + 200_001, 'one');
    out.push(
      `held snapshot, ${k * 200_000} dead: ${Math.round((200_000 / ms) * 1000)} events/s, single ${Math.round(performance.now() - t2)} ms`,
    );
  }
  await holder.query('commit');
  // reader
  const listener = new Listener({ url: db.url, log: new Logbook() });
  const reader = new FeedReader(db.database, { service: 'proeve', types: [Ting, Journal], listener });
  const who = callerOf({ service: 'proeve', owner: OWN, types: [Ting, Journal] });
  await client.query('analyze');
  for (const limit of [100, 500]) {
    const t = performance.now();
    let n = 0;
    for (let after = 0, k = 0; k < 400; k++) {
      const p = await reader.read(who, { after, limit });
      n += p.events.length;
      after = p.position;
    }
    out.push(
      `reader pages of ${limit}: ${Math.round((n / (performance.now() - t)) * 1000)} events/s, ${((performance.now() - t) / 400).toFixed(2)} ms/page`,
    );
  }
  const end = s.position;
  const t3 = performance.now();
  for (let k = 0; k < 500; k++) await reader.read(who, { after: end });
  out.push(`read at end: ${((performance.now() - t3) / 500).toFixed(3)} ms`);
  const half = callerOf({
    service: 'proeve',
    owner: OWN,
    types: [Ting, Journal],
    groups: [{ kind: 'system', privileges: ['ting:laes', 'journal:laes'], constraints: { kle: ['27.*'] } }],
  });
  const t4 = performance.now();
  await reader.read(half, { after: 0 });
  out.push(`invisible scan over ${end}: ${Math.round((end / (performance.now() - t4)) * 1000)} events/s`);
  await s.stop();
  // latency of lone commits
  const s5 = new Sequencer({ url: db.url, log: new Logbook() });
  s5.start();
  listener.start();
  await until(() => s5.leading, 'x');
  for (const poked of [true, false]) {
    const lat: number[] = [];
    for (let k = 0; k < 50; k++) {
      const reading = reader.read(callerOf({ service: 'proeve', owner: OWN, types: [Ting, Journal] }), {
        after: s5.position || end,
        wait: 25,
      });
      await until(() => listener.waiting === 1, 'w');
      await new Promise((r) => setTimeout(r, Math.random() * 150));
      const t = performance.now();
      await change(db, thing);
      if (poked) s5.wake();
      await reading;
      lat.push(performance.now() - t);
    }
    lat.sort((a, b) => a - b);
    out.push(
      `change→long poll, ${poked ? 'poked' : 'other process'}: p50 ${lat[25]!.toFixed(1)} ms, max ${lat[49]!.toFixed(1)} ms`,
    );
  }
  await s5.stop();
  await listener.stop();

  await client.end();
  await holder.end();
  await db.drop();
}, 300_000);
