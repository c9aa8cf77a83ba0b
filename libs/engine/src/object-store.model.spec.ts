import fc from 'fast-check';
import { revise } from './revisor';
import { game, play, TYPES } from './spec/play';
import { testStore, type TestStore } from './spec/test-store';

/**
 * The naive model: virkning is a row of days, each facet occurrence a value for each day, each registration a whole
 * copy. Slow, large and plainly right; the engine must answer the same at every (virkning, registrering) point.
 */
let db: TestStore;
beforeAll(async () => {
  db = await testStore({ types: TYPES });
});
afterAll(async () => db.drop());

it('answers as the model does after random commands, and leaves a database without a fault', async () => {
  const seed = process.env['SEED'] ? { seed: Number(process.env['SEED']) } : {};
  await fc.assert(
    fc.asyncProperty(game, (game_) => play(db.store, ...game_)),
    { numRuns: 80, ...seed },
  );
  expect((await revise(db.url, { types: TYPES })).findings).toEqual([]);
}, 240_000);
