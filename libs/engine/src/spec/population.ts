import type { Caller } from '@stoettesystemer/access';
import { parseInstant } from '@stoettesystemer/object';
import { Ting } from '@stoettesystemer/testing';
import fc from 'fast-check';
import type { AsOf } from '../ask';
import type { Page, Query } from '../query';
import { at, input, SEED } from './arbitrary-ting';
import { type Body, type Item, type Known, seen } from './naive-search';
import { anyone, asking, COMMON, NOW, OTHER, OWN, testStore, type TestStore } from './test-store';

export const caller = anyone();

export function bodyOf(text: string): Body {
  const { attributter, tilstande, relationer, ...rest } = JSON.parse(text) as Record<
    string,
    Record<string, Item[]>
  >;
  return { ...(rest as unknown as Body), facets: { ...attributter, ...tilstande, ...relationer } };
}

export const query = (parts: Partial<Query> = {}): Query => ({
  udtryk: null,
  sorter: [],
  vis: 'uuid',
  limit: 500,
  cursor: null,
  antal: false,
  ...parts,
});

/** Objects of three owners, changed, ended and deleted; with all that was ever recorded of them beside. */
export class Population {
  private constructor(
    readonly db: TestStore,
    readonly known: readonly Known[],
  ) {}

  static async make(): Promise<Population> {
    const db = await testStore({ types: [Ting] });
    const known: Known[] = [];
    const inputs = fc.sample(fc.tuple(input, input, fc.nat(9)), { numRuns: 160, ...SEED });
    for (const [n, [first, second, fate]] of inputs.entries()) {
      const who = n % 10 === 0 ? anyone(COMMON) : n % 10 === 1 ? anyone(OTHER) : caller;
      const { uuid } = await db.store.create(asking(who), Ting, first);
      if (fate < 5) await db.store.put(asking(who), Ting, uuid, second, 1);
      if (fate === 6) await db.store.passivate(asking(who), Ting, uuid, 1);
      if (fate === 7) await db.store.remove(asking(who), Ting, uuid, 1);
      known.push(await tell(db, who, uuid));
    }
    return new Population(db, known);
  }

  async find(
    parts: Partial<Query>,
    when: AsOf = NOW,
    who: Caller = caller,
  ): Promise<Page & { uuids: string[] }> {
    const page = await this.db.store.search(asking(who), Ting, query(parts), when);
    return { ...page, uuids: page.data.map((each) => JSON.parse(each) as string) };
  }

  /** What the caller sees of the objects at a time. */
  visible(when: AsOf): Body[] {
    return this.known
      .filter(({ owner }) => owner === OWN || owner === COMMON)
      .flatMap((each) => seen(each, when) ?? []);
  }

  bornAt(uuid: string): string {
    return this.known.find((each) => each.uuid === uuid)!.registrations[0]!.registrering.fra;
  }

  /** A moment before which a share of all the registrations were made. */
  recorded(share: number): bigint {
    const all = this.known.flatMap(({ registrations }) =>
      registrations.map(({ registrering: { fra } }) => parseInstant(fra)!),
    );
    return all.toSorted((a, b) => (a < b ? -1 : 1))[Math.floor(share * (all.length - 1))]!;
  }

  /** Any point of both times, on either side of whatever was recorded. */
  get time(): fc.Arbitrary<AsOf> {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    return fc.record({
      virkning: fc.oneof(
        fc.constant<AsOf['virkning']>('nu'),
        fc.constantFrom(1999, 2005, 2015, 2025, 2035).map((year) => ({ at: parseInstant(at(year))! })),
        fc.constant<AsOf['virkning']>('alle'),
        fc
          .constantFrom<[number, number | null]>([1990, 2001], [2012, 2020], [2020, 2021], [2029, null])
          .map(([fra, til]) => ({
            from: parseInstant(at(fra))!,
            to: til === null ? null : parseInstant(at(til)),
          })),
      ),
      registrering: fc.oneof(
        { weight: 2, arbitrary: fc.constant<AsOf['registrering']>('nu') },
        { weight: 1, arbitrary: share.map((each) => ({ at: this.recorded(each) })) },
        { weight: 1, arbitrary: share.map((each) => ({ from: 0n, to: this.recorded(each) })) },
      ),
    });
  }
}

async function tell({ store }: TestStore, who: Caller, uuid: string): Promise<Known> {
  const list = await store.history(asking(who), Ting, uuid, { limit: 100, before: null });
  const registrations: Body[] = [];
  for (const { number } of list.reverse())
    registrations.push(bodyOf((await store.registration(asking(who), Ting, uuid, number)).body));
  return { uuid, owner: who.owner, registrations };
}
