import { Client } from './spec/client';
import { newDataDir, Platform } from './spec/platform';

test('two platforms side by side, each with its own port and data, know nothing of each other', async () => {
  const platforms = await Promise.all([Platform.start(newDataDir()), Platform.start(newDataDir())]);
  try {
    const clients = await Promise.all(platforms.map((platform) => Client.of(platform)));
    const [one, two] = clients as [Client, Client];
    expect((await one.createFacet('Emne')).status).toBe(201);
    expect((await two.read<{ data: unknown[] }>('facetter')).data).toEqual([]);
    expect((await two.createFacet('Emne')).status).toBe(201);
    // A token is signed with the key of the one platform, and is nothing to the other.
    expect((await one.at(platforms[1]!).send('GET', 'facetter')).status).toBe(401);
    expect(await platforms[0]!.end()).toBe(0);
    expect((await two.read<{ data: unknown[] }>('facetter')).data).toHaveLength(1);
  } finally {
    for (const platform of platforms) await platform.remove();
  }
});
