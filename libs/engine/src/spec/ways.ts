import type { Caller } from '@stoettesystemer/access';
import { Journal } from '@stoettesystemer/testing';
import { search } from './journal';
import { asking, NOW, type TestStore } from './test-store';

export type Found = Record<string, Set<string>>;

/** Those that a look finds: the object is there, or it is not. */
async function known(
  uuids: readonly string[],
  look: (uuid: string) => Promise<unknown>,
): Promise<Set<string>> {
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
}

/** What is read a list at a time. `uuids` are those that are of interest. */
export async function lists({ store }: TestStore, caller: Caller, uuids: readonly string[]): Promise<Found> {
  const ask = () => asking(caller);
  const ours = (list: Iterable<string>) => new Set([...list].filter((uuid) => uuids.includes(uuid)));
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
  const columns = [{ facet: 'egenskaber', member: 'brugervendtNoegle' }];
  const rows = await store.outline(ask(), Journal, columns, null, { ...NOW, virkning: 'alle' });
  return {
    readMany: new Set((await store.readMany(ask(), Journal, uuids, NOW)).map(({ uuid }) => uuid)),
    search: ours(page.data.map((each) => JSON.parse(each) as string)),
    searchByUuid: ours(named.data.map((each) => JSON.parse(each) as string)),
    pages: ours(several),
    outline: ours(rows.map(({ uuid }) => uuid)),
  };
}

export const readings = async (
  { store }: TestStore,
  caller: Caller,
  uuids: readonly string[],
): Promise<Found> => ({
  read: await known(uuids, (uuid) => store.read(asking(caller), Journal, uuid, NOW)),
});

/** `last` says the number of an object's present registration; the first where it is left out. */
export const histories = async (
  { store }: TestStore,
  caller: Caller,
  uuids: readonly string[],
  last: (uuid: string) => number = () => 1,
): Promise<Found> => ({
  history: await known(uuids, (uuid) =>
    store.history(asking(caller), Journal, uuid, { limit: 1, before: null }),
  ),
  registration: await known(uuids, (uuid) => store.registration(asking(caller), Journal, uuid, last(uuid))),
});

/** Every way there is to learn of an object, and those that each lets the caller know of. */
export const ways = async (db: TestStore, caller: Caller, uuids: readonly string[]): Promise<Found> => ({
  ...(await lists(db, caller, uuids)),
  ...(await readings(db, caller, uuids)),
  ...(await histories(db, caller, uuids)),
});
