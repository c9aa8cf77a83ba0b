import { randomUUID } from 'node:crypto';
import { type Period, parseInstant } from '@stoettesystemer/object';
import { Ting } from '@stoettesystemer/testing';
import type { Change, Rule } from './rule';
import { anyone, asking, COMMON, OTHER, testStore, type TestStore } from './spec/test-store';

/** What a rule is asked to look for, the next time that something is written. */
let look: (change: Change) => Promise<unknown>;
let seen: unknown;
const rule: Rule = {
  types: ['Ting'],
  facets: [],
  async check(change) {
    seen = await look(change);
  },
};

let db: TestStore;
beforeAll(async () => {
  look = () => Promise.resolve(null);
  db = await testStore({ rules: [rule] });
});
afterAll(() => db.drop());

const year = (from: number, to?: number) => ({
  fra: `${from}-01-01T00:00:00Z`,
  til: to === undefined ? null : `${to}-01-01T00:00:00Z`,
});
const period = (from: number, to: number): Period => ({
  from: parseInstant(year(from).fra)!,
  to: parseInstant(year(to).fra)!,
});
const egenskaber = [{ virkning: year(2000), brugervendtNoegle: 'n' }];
type Relations = Record<string, { virkning: object; reference: { uuid: string } }[]>;
const made = async (relationer: Relations = {}, owner?: string): Promise<string> => {
  const input = { attributter: { egenskaber }, relationer };
  return (await db.store.create(asking(anyone(owner)), Ting, input)).uuid;
};
const to = (uuid: string, virkning = year(2000)) => [{ virkning, reference: { uuid } }];

async function sees<T>(what: (change: Change) => Promise<T>, owner?: string): Promise<T> {
  look = what;
  await made({}, owner);
  look = () => Promise.resolve(null);
  return seen as T;
}
const pointers = async (at: string, how: Partial<Parameters<Change['pointing']>[1]> = {}, owner?: string) => {
  const by = [['Ting', 'naboer']] as const;
  const found = await sees(({ pointing }) => pointing(at, { by, ...how }), owner);
  return found.map(({ uuid }) => uuid).sort();
};

describe('pointing', () => {
  it('finds who points by the relations that are named', async () => {
    const at = randomUUID();
    const [near, below] = [await made({ naboer: to(at) }), await made({ overordnet: to(at) })];
    expect(await pointers(at)).toEqual([near]);
    const by = [
      ['Ting', 'naboer'],
      ['Ting', 'overordnet'],
    ] as const;
    expect(await pointers(at, { by })).toEqual([near, below].sort());
  });

  it('finds who does so in the period, to its edges', async () => {
    const at = randomUUID();
    const early = await made({ naboer: to(at, year(2010, 2012)) });
    const late = await made({ naboer: to(at, year(2012)) });
    expect(await pointers(at, { during: period(2011, 2012) })).toEqual([early]);
    expect(await pointers(at, { during: period(2012, 2013) })).toEqual([late]);
    expect(await pointers(at, { during: period(2011, 2013) })).toEqual([early, late].sort());
  });

  it('finds who at the same time says nothing in a facet', async () => {
    const [at, above] = [randomUUID(), randomUUID()];
    const bare = await made({ naboer: to(at) });
    const later = await made({ naboer: to(at), overordnet: to(above, year(2015)) });
    await made({ naboer: to(at, year(2015)), overordnet: to(above, year(2010)) });
    expect(await pointers(at, { lacking: 'overordnet' })).toEqual([bare, later].sort());
    expect(await pointers(at, { lacking: 'overordnet', during: period(2015, 2016) })).toEqual([bare]);
  });

  it('finds own and common ones that are live', async () => {
    const at = randomUUID();
    const common = await made({ naboer: to(at) }, COMMON);
    await made({ naboer: to(at) }, OTHER);
    const ended = await made({ naboer: to(at) });
    await db.store.passivate(asking(anyone()), Ting, ended, 1);
    expect(await pointers(at)).toEqual([common]);
  });
});

describe('isEnded', () => {
  it('is of what was there, and is passive or deleted', async () => {
    const [live, passive, deleted, theirs] = [
      await made(),
      await made(),
      await made(),
      await made({}, OTHER),
    ];
    await db.store.passivate(asking(anyone()), Ting, passive, 1);
    await db.store.remove(asking(anyone()), Ting, deleted, 1);
    await db.store.remove(asking(anyone(OTHER)), Ting, theirs, 1);
    const asked = [live, passive, deleted, theirs, randomUUID(), 'urn:oio:ting:1'];
    const ended: boolean[] = [];
    await sees(async ({ isEnded }) => {
      for (const uuid of asked) ended.push(await isEnded('Ting', uuid));
    });
    expect(ended).toEqual([false, true, true, false, false, false]);
  });
});
