import type { Caller } from '@stoettesystemer/access';
import { Journal } from '@stoettesystemer/testing';
import { search } from './journal';
import { asking, NOW, type TestStore } from './test-store';

/** Every way there is to learn of an object, and what each lets the caller know: the object is there, or it is not. */
export async function ways(
  { store }: TestStore,
  caller: Caller,
  uuids: readonly string[],
): Promise<Record<string, Set<string>>> {
  const ask = () => asking(caller);
  const known = async (look: (uuid: string) => Promise<unknown>): Promise<Set<string>> => {
    const found = await Promise.all(
      uuids.map((uuid) =>
        look(uuid).then(
          () => [uuid],
          (cause: { status: number }) => {
            if (cause.status === 404) return [];
            throw cause;
          },
        ),
      ),
    );
    return new Set(found.flat());
  };
  const page = await store.search(ask(), Journal, search(), NOW);
  const named = await store.search(ask(), Journal, search({ udtryk: { felt: 'uuid', iblandt: uuids } }), NOW);
  const several: string[] = [];
  for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
    const some: Awaited<ReturnType<typeof store.search>> = await store.search(
      ask(),
      Journal,
      search({ limit: 7, cursor, sorter: ['-titel'] }),
      NOW,
    );
    several.push(...some.data.map((each) => JSON.parse(each) as string));
    cursor = some.naeste;
  }
  expect(page.antal).toBe(page.data.length);
  const ours = (list: Iterable<string>) => new Set([...list].filter((uuid) => uuids.includes(uuid)));
  return {
    read: await known((uuid) => store.read(ask(), Journal, uuid, NOW)),
    readMany: new Set((await store.readMany(ask(), Journal, uuids, NOW)).map(({ uuid }) => uuid)),
    search: ours(page.data.map((each) => JSON.parse(each) as string)),
    searchByUuid: ours(named.data.map((each) => JSON.parse(each) as string)),
    pages: ours(several),
    history: await known((uuid) => store.history(ask(), Journal, uuid, { limit: 1, before: null })),
    registration: await known((uuid) => store.registration(ask(), Journal, uuid, 1)),
    outline: ours(
      (
        await store.outline(ask(), Journal, [{ facet: 'egenskaber', member: 'brugervendtNoegle' }], null, NOW)
      ).map(({ uuid }) => uuid),
    ),
  };
}
