import { randomStories } from './spec/random-stories';

describe('many reorganisations at random', () => {
  it('come to what they mean, and undone to what there would have been without them', async () => {
    const { applied, refused, undone, kept } = await randomStories(300);
    expect(Math.min(applied, refused, undone, kept)).toBeGreaterThan(10);
  }, 1_800_000);
});
