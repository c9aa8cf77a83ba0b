import fc from 'fast-check';
import { revise } from './revisor';
import { game, play, TYPES } from './spec/play';
import { testStore } from './spec/test-store';

const SEEDS = process.env['SEED'] ? [Number(process.env['SEED'])] : [1, 20_261_123, 4_711];

it.each(SEEDS)(
  'answers as the model does in five thousand sequences of commands, from the seed %i',
  async (seed) => {
    const db = await testStore({ types: TYPES });
    await fc.assert(
      fc.asyncProperty(game, (game_) => play(db.store, ...game_)),
      { numRuns: 5_000, seed },
    );
    expect((await revise(db.url, { types: TYPES })).findings).toEqual([]);
    await db.drop();
  },
  3_600_000,
);
