import { randomUUID } from 'node:crypto';
import { poolFor } from '@stoettesystemer/postgres';
import { Ting } from '@stoettesystemer/testing';
import type { BulkItem } from './ask';
import { always, anyone, asking, NOW, testStore } from './spec/test-store';

const thing = (n: number): BulkItem => ({
  line: n,
  type: 'Ting',
  uuid: randomUUID(),
  input: {
    attributter: {
      egenskaber: [{ virkning: always, brugervendtNoegle: `stor-${n}`, titel: 'Ansøgning om støtte' }],
    },
    tilstande: { gyldighed: [{ virkning: always, vaerdi: 'Aktiv' }] },
  },
});

it('brings in twenty thousand objects, five hundred at a time', async () => {
  const db = await testStore();
  const owner = poolFor(db.url, { size: 1 });
  const caller = anyone();
  const count = 20_000;
  const started = performance.now();
  for (let n = 0; n < count; n += 500) {
    const results = await db.store.bulk(
      asking(caller),
      Array.from({ length: 500 }, (_, at) => thing(n + at)),
    );
    expect(results.filter(({ status }) => status !== 201)).toEqual([]);
  }
  const seconds = (performance.now() - started) / 1000;
  console.log(`${count} objects in ${seconds.toFixed(1)} s: ${Math.round(count / seconds)} a second`);
  const { rows } = await owner.query<{ facts: number; events: number }>(
    `select (select count(*)::int from fact) as facts, (select count(*)::int from outbox) as events`,
  );
  expect(rows[0]).toEqual({ facts: 2 * count, events: count });
  const query = {
    udtryk: { felt: 'brugervendtNoegle', lig: 'stor-19999' },
    sorter: [],
    vis: 'uuid' as const,
    limit: 10,
    cursor: null,
    antal: true,
  };
  const page = await db.store.search(asking(caller), Ting, query, NOW);
  expect(page).toMatchObject({ data: [expect.any(String)], antal: 1 });
  await owner.end();
  await db.drop();
}, 300_000);
