import { randomStories } from './spec/random-stories';

const STORIES = Number(process.env['STORIES'] ?? 400);

describe('many reorganisations at random', () => {
  it('come to what they mean, and undone to what there would have been without them', async () => {
    const { applied, refused, undone, kept } = await randomStories(STORIES);
    expect(Math.min(applied, refused, undone, kept)).toBeGreaterThan(10);
  }, 1_800_000);
});
