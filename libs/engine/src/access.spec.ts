import { poolFor } from '@stoettesystemer/postgres';
import { Journal } from '@stoettesystemer/testing';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { callerWith, type Content, group, journal, LEVELS, made, SEED, UNITS } from './spec/journal';
import { naive } from './spec/naive-access';
import { asking, OTHER, testStore, type TestStore } from './spec/test-store';
import { ways } from './spec/ways';

let db: TestStore;
let owner: Pool;

beforeAll(async () => {
  db = await testStore({ size: 6 });
  owner = poolFor(db.url, { size: 2 });
});
afterAll(async () => {
  await owner.end();
  await db.drop();
});
describe('every way to an object', () => {
  const content: fc.Arbitrary<Content> = fc
    .record(
      {
        kle: fc.constantFrom(
          '27.18.02',
          '27.18.04',
          '27.36.00',
          '28.01.01',
          '32.30.04',
          '2.7',
          '270.1',
          '27',
          '27.',
          '',
        ),
        level: fc.constantFrom(...LEVELS),
        unit: fc.constantFrom(...UNITS),
      },
      { requiredKeys: [] },
    )
    .map((each) => (each.kle === '' ? { ...each, kle: undefined } : each));
  const constraints = fc.record(
    {
      kle: fc.uniqueArray(fc.constantFrom('*', '27.*', '27.18.*', '27.18.02', '28.01.01', '32.30.*'), {
        minLength: 1,
        maxLength: 3,
      }),
      foelsomhed: fc.constantFrom('*', ...LEVELS),
      orgenhed: fc.uniqueArray(fc.constantFrom('*', ...UNITS), { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: [] },
  );
  const groups = fc
    .tuple(fc.array(constraints, { minLength: 1, maxLength: 3 }), fc.array(constraints, { maxLength: 2 }))
    .map(([system, user]) => [
      ...system.map((each) => group(each)),
      ...user.map((each) => group(each, { kind: 'user' })),
    ]);

  it('leads to it or does not, as the rules say, and all agree', async () => {
    const contents = fc.sample(content, { numRuns: 60, ...SEED });
    const uuids: string[] = [];
    for (const each of contents) uuids.push(await made(db, each));
    await made(db, { kle: '27.18.02' }, OTHER);
    let pairs = 0;
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(groups, async (some) => {
        const caller = callerWith(...some);
        const expected = new Set(uuids.filter((_, n) => naive(caller, contents[n]!)));
        for (const [way, found] of Object.entries(await ways(db, caller, uuids)))
          expect([way, found]).toEqual([way, expected]);
        pairs += uuids.length;
        seen += expected.size;
      }),
      { numRuns: 40, ...SEED },
    );
    expect(pairs).toBeGreaterThanOrEqual(2_000);
    expect(seen).toBeGreaterThan(pairs / 10);
    expect(seen).toBeLessThan(pairs * 0.9);
  }, 60_000);

  it('lets what may not be seen be changed by none of the ways to change it', async () => {
    const contents = fc.sample(content, { numRuns: 25, ...SEED });
    await fc.assert(
      fc.asyncProperty(groups, async (some) => {
        const caller = callerWith(...some);
        const target = contents[0]!;
        const uuids = await Promise.all(Array.from({ length: 5 }, () => made(db, target)));
        contents.push(contents.shift()!);
        const same = journal(target, { titel: 'ændret' });
        const acts = [
          () => db.store.patch(asking(caller), Journal, uuids[0]!, { attributter: same.attributter! }, 1),
          () => db.store.put(asking(caller), Journal, uuids[1]!, same, 1),
          () => db.store.passivate(asking(caller), Journal, uuids[2]!, 1),
          () => db.store.remove(asking(caller), Journal, uuids[3]!, 1),
          async () => {
            const [result] = await db.store.bulk(asking(caller), [
              { line: 1, type: 'Journal', uuid: uuids[4]!, input: same },
            ]);
            if (result!.outcome === 'afvist') throw Object.assign(new Error(), { status: result!.status });
          },
        ];
        const may = naive(caller, target);
        for (const [n, act] of acts.entries()) {
          const status = await act().then(
            () => 200,
            (cause: { status: number }) => cause.status,
          );
          expect([n, status]).toEqual([n, may ? 200 : 404]);
        }
        const { rows } = await owner.query<{ number: number }>(
          'select distinct number from object where id = any($1)',
          [uuids],
        );
        expect(rows).toEqual([{ number: may ? 2 : 1 }]);
      }),
      { numRuns: 30, ...SEED },
    );
  }, 60_000);
});
