import { allows, conditionFor, type ScopeEntry, type Verb } from '@stoettesystemer/access';
import { now } from '@stoettesystemer/object';
import { poolFor } from '@stoettesystemer/postgres';
import { Journal } from '@stoettesystemer/testing';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { caller as anyCaller } from './spec/arbitrary-caller';
import { journal, made, SEED, search } from './spec/journal';
import { may, mayAtAll } from './spec/naive-access';
import { content, makeRow, origin, type Row } from './spec/row';
import { asking, COMMON, NOW, OTHER, OWN, testStore, type TestStore } from './spec/test-store';
import { toldEvents } from './spec/told-events';
import { histories, lists, readings } from './spec/ways';

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

const VERBS: readonly Verb[] = ['laes', 'skriv', 'slet', 'importer', 'historik'];
const isBarred = { status: 403, kode: 'ingen_rettighed' };
const ROWS = 100;
const CALLERS = 105;

describe('every way to an object', () => {
  it('leads to it or does not, as the rules say, and all agree', async () => {
    const rows: Row[] = [];
    for (const each of fc.sample(origin, { numRuns: ROWS, ...SEED })) rows.push(await makeRow(db, each));
    const uuids = rows.map(({ uuid }) => uuid);
    const numbers = new Map(rows.map(({ uuid, number }) => [uuid, number]));
    const events = await toldEvents(db);
    const { rows: stored } = await owner.query<{ id: string; scopes: ScopeEntry[] }>(
      'select id, scopes from object',
    );
    const scopes = new Map(stored.map((each) => [each.id, each.scopes]));
    const tally = { pairs: 0, oneByOne: 0, seen: 0, barred: 0 };

    const check = async (caller: Parameters<typeof may>[0]): Promise<void> => {
      const wanted = (verb: Verb, some: (row: Row) => boolean = () => true) =>
        new Set(rows.filter((row) => some(row) && may(caller, verb, row)).map(({ uuid }) => uuid));
      for (const verb of VERBS) {
        const bound: unknown[] = [];
        const bind = (value: unknown) => `$${bound.push(value)}`;
        const moment = () => bind(`${now()}`);
        const condition = conditionFor(caller, Journal, verb, { object: 'o', moment, bind });
        const sql = await owner.query<{ id: string }>(`select id from object o where ${condition}`, bound);
        const casl = rows.filter((row) =>
          allows(caller, Journal, verb, { owner: row.owner, scopes: scopes.get(row.uuid)! }),
        );
        expect([verb, 'SQL', new Set(sql.rows.map(({ id }) => id))]).toEqual([verb, 'SQL', wanted(verb)]);
        expect([verb, 'CASL', new Set(casl.map(({ uuid }) => uuid))]).toEqual([verb, 'CASL', wanted(verb)]);
      }
      tally.pairs += rows.length;

      const visible = wanted('laes', ({ isLive }) => isLive);
      // One at a time is slow: each caller asks for a third of the rows, another than the one before.
      const share = uuids.filter((_, n) => n % 3 === (tally.pairs / rows.length) % 3);
      tally.oneByOne += share.length;
      const inShare = (all: Set<string>) => new Set(share.filter((uuid) => all.has(uuid)));
      if (mayAtAll(caller, 'laes')) {
        for (const [way, found] of Object.entries(await lists(db, caller, uuids)))
          expect([way, found]).toEqual([way, visible]);
        for (const [way, found] of Object.entries(await readings(db, caller, share)))
          expect([way, found]).toEqual([way, inShare(visible)]);
        const counted = await db.store.search(asking(caller), Journal, search({ limit: 1 }), NOW);
        expect(counted.antal).toBe(visible.size);
        const told = await events(caller);
        const heard = rows.filter((row) => !row.isQuiet && may(caller, 'laes', row));
        expect(new Set(told.map(({ subject }) => subject))).toEqual(new Set(heard.map(({ uuid }) => uuid)));
        expect(told).toHaveLength(heard.reduce((sum, { number }) => sum + number, 0));
      } else {
        tally.barred++;
        await expect(lists(db, caller, uuids)).rejects.toMatchObject(isBarred);
        await expect(readings(db, caller, share)).rejects.toMatchObject(isBarred);
        await expect(db.store.readMany(asking(caller), Journal, uuids, NOW)).rejects.toMatchObject(isBarred);
        await expect(events(caller)).rejects.toMatchObject(isBarred);
      }
      if (mayAtAll(caller, 'historik')) {
        const found = await histories(db, caller, share, (uuid) => numbers.get(uuid)!);
        for (const [way, each] of Object.entries(found))
          expect([way, each]).toEqual([way, inShare(wanted('historik'))]);
      } else await expect(histories(db, caller, share)).rejects.toMatchObject(isBarred);
      // Each line says what the object already is, so only the right to change it can stand in its way.
      const lines = rows.map((row, line) => ({
        line,
        type: 'Journal',
        uuid: row.uuid,
        input: journal(row.content),
      }));
      const judged = await db.store.bulk(asking(caller), lines, { validateOnly: true });
      const overwritten = judged.filter(({ status }) => status === 200).map(({ uuid }) => uuid);
      expect(new Set(overwritten)).toEqual(wanted('importer'));
      tally.seen += visible.size;
    };

    await fc.assert(fc.asyncProperty(anyCaller, check), { numRuns: CALLERS, ...SEED });
    expect(tally.pairs).toBeGreaterThanOrEqual(10_000);
    expect(tally.oneByOne).toBeGreaterThanOrEqual(3_300);
    expect(tally.seen).toBeGreaterThan(tally.pairs / 20);
    expect(tally.seen).toBeLessThan(tally.pairs * 0.9);
    expect(tally.barred).toBeGreaterThan(0);
  }, 180_000);

  it('lets what may not be seen be changed by none of the ways to change it', async () => {
    const contents = fc.sample(content, { numRuns: 25, ...SEED });
    await fc.assert(
      fc.asyncProperty(anyCaller, async (caller) => {
        const target = contents[0]!;
        contents.push(contents.shift()!);
        const mine = caller.owner;
        const uuids: string[] = [];
        for (let n = 0; n < 5; n++) uuids.push(await made(db, target, mine));
        const same = journal(target, { titel: 'ændret' });
        const acts: [Verb, () => Promise<unknown>][] = [
          [
            'skriv',
            () => db.store.patch(asking(caller), Journal, uuids[0]!, { attributter: same.attributter! }, 1),
          ],
          ['importer', () => db.store.put(asking(caller), Journal, uuids[1]!, same, 1)],
          ['skriv', () => db.store.passivate(asking(caller), Journal, uuids[2]!, 1)],
          ['slet', () => db.store.remove(asking(caller), Journal, uuids[3]!, 1)],
          [
            'importer',
            async () => {
              const [result] = await db.store.bulk(asking(caller), [
                { line: 1, type: 'Journal', uuid: uuids[4]!, input: same },
              ]);
              if (result!.outcome === 'afvist') throw Object.assign(new Error(), { status: result!.status });
            },
          ],
        ];
        const row = { owner: mine, content: target };
        // What may be read and not be changed is 403; what may not even be read is not there. An import has no third.
        const refusal = (verb: Verb, n: number) =>
          !mayAtAll(caller, verb) || (n < 4 && may(caller, 'laes', row)) ? 403 : 404;
        for (const [n, [verb, act]] of acts.entries()) {
          const status = await act().then(
            () => 200,
            (cause: { status: number }) => cause.status,
          );
          const isAllowed = may(caller, verb, row);
          expect([n, status]).toEqual([n, isAllowed ? 200 : refusal(verb, n)]);
          const { rows } = await owner.query<{ number: number }>('select number from object where id = $1', [
            uuids[n],
          ]);
          expect(rows).toEqual([{ number: isAllowed ? 2 : 1 }]);
        }
      }),
      { numRuns: 40, ...SEED },
    );
  }, 60_000);

  it("T25: answers a line over another's object as it answers one over a UUID that nobody has", async () => {
    const theirs = await made(db, { kle: '27.18.02' }, OTHER);
    const nobodys = '99999999-9999-4999-8999-999999999999';
    await fc.assert(
      fc.asyncProperty(anyCaller, content, async (each, said) => {
        const caller = { ...each, owner: each.owner === OTHER ? OWN : each.owner };
        const results = await db.store.bulk(
          asking(caller),
          [theirs, nobodys].map((uuid) => ({ line: 1, type: 'Journal', uuid, input: journal(said) })),
          { validateOnly: true },
        );
        const [first, second] = results.map(({ uuid: _uuid, ...result }) => result);
        expect(first).toEqual(second);
      }),
      { numRuns: 40, ...SEED },
    );
    expect([OWN, COMMON]).not.toContain(OTHER);
  });
});
