import { randomStories } from './spec/random-stories';

describe('reorganisations at random', () => {
  it('come to what they mean, and undone to what there would have been without them', async () => {
    const { applied, undone } = await randomStories(8);
    expect(Math.min(applied, undone)).toBeGreaterThan(0);
  });
});
