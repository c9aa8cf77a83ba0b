import fc from 'fast-check';
import type { Client } from 'pg';
import { revise } from './revisor';
import { game, play, TYPES } from './spec/play';
import { ownerOf, testStore, type TestStore } from './spec/test-store';

/**
 * The naive model: virkning is a row of days, each facet occurrence a value for each day, each registration a whole
 * copy. Slow, large and plainly right; the engine must answer the same at every (virkning, registrering) point.
 */
let db: TestStore;
let owner: Client;
beforeAll(async () => {
  db = await testStore({ types: TYPES });
  owner = await ownerOf(db);
});
afterAll(async () => {
  await owner.end();
  await db.drop();
});

it('answers as the model does after random commands, and leaves a database without a fault', async () => {
  const seed = process.env['SEED'] ? { seed: Number(process.env['SEED']) } : {};
  await fc.assert(
    fc.asyncProperty(game, (each) => play(db, owner, each)),
    { numRuns: 100, ...seed },
  );
  expect((await revise(db.url, { types: TYPES })).findings).toEqual([]);
}, 240_000);
