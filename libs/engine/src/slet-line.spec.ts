import { randomUUID } from 'node:crypto';
import { invalid } from '@stoettesystemer/object';
import { Journal, Ting } from '@stoettesystemer/testing';
import type { BulkItem, ObjectInput } from './ask';
import type { Rule } from './rule';
import { always, anyone, asking, NOW, testStore, type TestStore } from './spec/test-store';

/** A made-up rule: what is over another may not be deleted. */
const noOrphans: Rule = {
  types: ['Ting'],
  facets: ['egenskaber'],
  async check({ action, uuid, find }) {
    if (action === 'slet' && (await find('Ting', 'overordnet', uuid)).length > 0)
      throw invalid('foraeldreloes', '', 'Der ligger noget under den.');
  },
};

let db: TestStore;
const caller = anyone();

beforeAll(async () => {
  db = await testStore({ rules: [noOrphans] });
});
afterAll(() => db.drop());

const thing = (over?: string): ObjectInput => ({
  attributter: { egenskaber: [{ virkning: always, brugervendtNoegle: 'n' }] },
  ...(over ? { relationer: { overordnet: [{ virkning: always, reference: { uuid: over } }] } } : {}),
});
const together = (items: readonly Omit<BulkItem, 'line' | 'type'>[], who = caller, type = 'Ting') =>
  db.store.bulk(
    asking(who),
    items.map((item, at) => ({ line: at + 1, type, ...item })),
    { atomic: true },
  );
const slet = (uuid: string, ifMatch?: number) => ({
  uuid,
  how: 'slet' as const,
  input: {},
  ...(ifMatch ? { ifMatch } : {}),
});
const isThere = (uuid: string) =>
  db.store.read(asking(caller), Ting, uuid, NOW).then(
    () => true,
    () => false,
  );

describe('a line that deletes', () => {
  it('is written with the other lines of its set, and the rules see it', async () => {
    const [root, child] = [randomUUID(), randomUUID()];
    await together([
      { uuid: root, input: thing() },
      { uuid: child, input: thing(root) },
    ]);
    expect((await together([slet(root, 1)]))[0]).toMatchObject({ outcome: 'afvist', status: 422 });
    expect(await isThere(root)).toBe(true);
    expect(await together([slet(child, 1), slet(root, 1)])).toMatchObject([
      { outcome: 'slettet', status: 200 },
      { outcome: 'slettet', status: 200 },
    ]);
    expect([await isThere(root), await isThere(child)]).toEqual([false, false]);
    const history = await db.store.history(asking(caller), Ting, root, { limit: 9, before: null });
    expect(history.map(({ lifecycle }) => lifecycle)).toEqual(['Slettet', 'Importeret']);
  });

  it('is written with none of them where one is refused', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    await together([
      { uuid: one, input: thing() },
      { uuid: other, input: thing() },
    ]);
    expect(await together([slet(one, 1), slet(other, 2)])).toMatchObject([
      { outcome: 'slettet' },
      { outcome: 'afvist', status: 412 },
    ]);
    expect(await isThere(one)).toBe(true);
  });

  it('is for an object that is there, as a line that makes one can be for none', async () => {
    const uuid = randomUUID();
    const anew = (ifMatch: number) => together([{ uuid, input: thing(), ifMatch }]);
    expect((await anew(1))[0]).toMatchObject({ status: 412 });
    expect((await anew(0))[0]).toMatchObject({ outcome: 'oprettet' });
    expect((await anew(0))[0]).toMatchObject({ status: 412 });
    expect((await anew(1))[0]).toMatchObject({ outcome: 'uaendret' });
    await together([slet(uuid, 1)]);
    expect((await anew(0))[0]).toMatchObject({ outcome: 'importeret' });
  });

  it('takes the right to delete, and a type that is deleted logically', async () => {
    const [uuid, gone] = [randomUUID(), randomUUID()];
    await together([{ uuid, input: thing() }]);
    const group = { kind: 'system', privileges: ['ting:laes', 'ting:skriv'], constraints: {} } as const;
    expect((await together([slet(uuid)], { ...caller, groups: [group] }))[0]).toMatchObject({ status: 403 });
    expect((await together([slet(gone)]))[0]).toMatchObject({ status: 404 });
    expect((await together([slet(gone)], caller, Journal.name))[0]).toMatchObject({ status: 422 });
  });
});
