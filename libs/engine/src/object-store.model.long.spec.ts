import fc from 'fast-check';
import { revise } from './revisor';
import { game, play, TYPES } from './spec/play';
import { ownerOf, testStore } from './spec/test-store';

const SEEDS = process.env['SEED'] ? [Number(process.env['SEED'])] : [1, 20_261_123, 4_711];

it.each(SEEDS)(
  'answers as the model does in five thousand sequences of commands, from the seed %i',
  async (seed) => {
    const db = await testStore({ types: TYPES });
    const owner = await ownerOf(db);
    // No sequencer empties it here.
    await owner.query('create index outbox_by_object on outbox (object_id)');
    let sequences = 0;
    try {
      await fc.assert(
        fc.asyncProperty(game, async (each) => {
          await play(db, owner, each);
          sequences++;
        }),
        { numRuns: 5_000, seed },
      );
      expect(sequences).toBe(5_000);
      expect((await revise(db.url, { types: TYPES })).findings).toEqual([]);
    } finally {
      await owner.end();
      await db.drop();
    }
  },
  3_600_000,
);
