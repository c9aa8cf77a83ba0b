import type { Client } from './client';

interface Page {
  readonly data: readonly { readonly uuid: string; readonly registrering: { readonly nummer: number } }[];
  readonly naeste: string | null;
}

/** The number of every facet there is, by its UUID. */
export async function facets(client: Client): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (let cursor: string | null = ''; cursor !== null;) {
    const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Page = await client.read<Page>(`facetter?limit=500${from}`);
    for (const { uuid, registrering } of page.data) found.set(uuid, registrering.nummer);
    cursor = page.naeste;
  }
  return found;
}

/**
 * Everything that was acknowledged is there, and the feed, once it has been caught up with, tells of all that is there:
 * densely, once, and each object's changes in order.
 */
export async function expectWhole(
  client: Client,
  acknowledged: ReadonlyMap<string, number>,
): Promise<{ objects: number; events: number }> {
  const found = await facets(client);
  expect([...acknowledged].filter(([uuid, number]) => (found.get(uuid) ?? 0) < number)).toEqual([]);
  const changes = [...found.values()].reduce((sum, number) => sum + number, 0);
  for (;;) {
    const { sidste } = await client.read<{ sidste: number }>('haendelser/tilstand');
    if (sidste >= changes) break;
    await client.read(`haendelser?efter=${sidste}&vent=1`);
  }
  const events = await client.events();
  expect(events.map(({ sequence }) => Number(sequence))).toEqual(events.map((_, at) => at + 1));
  expect(events).toHaveLength(changes);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  const told = new Map<string, number>();
  for (const { subject, data } of events) {
    expect(data.nummer).toBe((told.get(subject) ?? 0) + 1);
    told.set(subject, data.nummer);
  }
  expect(told).toEqual(found);
  return { objects: found.size, events: events.length };
}
